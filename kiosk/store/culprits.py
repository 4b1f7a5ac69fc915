"""Records that fail alone while others get through: no reason to close the desk, and in the end put aside (ADR 24)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

import sqlite_utils

from kiosk.store.rows import to_ms

TIMES_TO_PARK = 10
"""So often seen to fail alone while another got through, and for at least …"""
TIME_TO_PARK = dt.timedelta(days=1)
"""… so long: whoever keeps the register has had a working day to mend it."""

# Named: SQLite knows nothing of how few they are, and would read through all that waits.
_BLAMED = "outbox INDEXED BY outbox_blamed"
_IS_BLAMED = "fate = 'waiting' AND blamed_since_ms IS NOT NULL"


def blame(db: sqlite_utils.Database, *, item_ids: Collection[str], now: dt.datetime) -> None:
    """These failed alone, and another got through after that; parked with its last error is who did so long enough.

    What the register said of it before it was sent again speaks of it no more.
    """
    db.conn.executemany(
        """
        UPDATE outbox SET blamed_since_ms = coalesce(blamed_since_ms, ?), times_blamed = times_blamed + 1
        WHERE item_id = ? AND fate = 'waiting'
        """,
        [(to_ms(now), item_id) for item_id in item_ids],
    )
    db.execute(
        f"""
        UPDATE {_BLAMED} SET fate = 'parked', reasons = '[]', message = NULL
        WHERE {_IS_BLAMED} AND blamed_since_ms <= ? AND times_blamed >= ?
        """,
        (to_ms(now - TIME_TO_PARK), TIMES_TO_PARK),
    )


def set_on(db: sqlite_utils.Database, *, step_ms: int) -> None:
    """Let each be blamed as long as it was, though the clock was set by `step_ms`."""
    db.execute(f"UPDATE {_BLAMED} SET blamed_since_ms = max(blamed_since_ms + ?, 0) WHERE {_IS_BLAMED}", (step_ms,))


def count_blamed(db: sqlite_utils.Database) -> dict[str, int]:
    """How many of each kind that wait are blamed."""
    return dict(db.execute(f"SELECT kind, count(*) FROM {_BLAMED} WHERE {_IS_BLAMED} GROUP BY kind").fetchall())
