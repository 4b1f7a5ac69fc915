"""What needs a look, what staff have seen of it, and what the register took back."""

from __future__ import annotations

import datetime as dt

import sqlite_utils

from kiosk.cards.exchange import EndedFlag, Fate
from kiosk.cards.model import Texts
from kiosk.cards.news import Verdict
from kiosk.store.rows import from_json, optional_from_ms, to_json, to_ms

_ENDS = "(SELECT count(*) FROM ended_flags WHERE ended_flags.item_id = outbox.item_id)"
_AS_IT_IS = f"""looks.item_id = outbox.item_id AND looks.fate = outbox.fate AND looks.reasons = outbox.reasons
    AND looks.attempts = outbox.attempts AND looks.ends = {_ENDS}"""
SEEN_AT = f"(SELECT seen_at_ms FROM looks WHERE {_AS_IT_IS})"
"""SQL for when staff saw an item of `outbox` as it is now; NULL: they have not."""
OPEN = f"outbox.fate IN ('parked', 'flagged') AND {SEEN_AT} IS NULL"
"""SQL for whether an item of `outbox` needs a look."""
PUT_AWAY = f"""(outbox.fate IN ('parked', 'flagged') AND {SEEN_AT} IS NOT NULL)
    OR (outbox.fate = 'delivered' AND outbox.item_id IN (SELECT item_id FROM ended_flags))"""
"""SQL for whether it needed one once: staff have seen it, or the register took its flag back."""


def mark_seen(db: sqlite_utils.Database, *, item_id: str, at: dt.datetime) -> None:
    """Staff have seen the parked or flagged item as it is; others, and what was seen before, stay as they are."""
    db.execute(
        f"""
        INSERT OR IGNORE INTO looks (item_id, fate, reasons, attempts, ends, seen_at_ms)
        SELECT item_id, fate, reasons, attempts, {_ENDS}, ? FROM outbox
        WHERE item_id = ? AND fate IN ('parked', 'flagged')
        """,
        (to_ms(at), item_id),
    )


def count_seen(db: sqlite_utils.Database) -> int:
    """How many of the parked and flagged items staff have seen as they are."""
    (count,) = db.execute(
        f"SELECT count(*) FROM looks CROSS JOIN outbox ON {_AS_IT_IS} WHERE outbox.fate IN ('parked', 'flagged')"
    ).fetchone()
    return int(count)


def put_verdict(db: sqlite_utils.Database, verdict: Verdict) -> None:
    """The register's word by now takes the place of the one before; a flag that it takes back is kept aside."""
    if not verdict.reasons:
        db.execute(
            """
            INSERT INTO ended_flags (item_id, reasons, message, ended_at_ms)
            SELECT item_id, reasons, message, (SELECT newest_register_time_ms FROM feed) FROM outbox
            WHERE item_id = ? AND fate = 'flagged'
            """,
            (verdict.use_id,),
        )
    # The register can only judge a use that it has: a verdict is also the word that it was delivered.
    fate = Fate.FLAGGED if verdict.reasons else Fate.DELIVERED
    db.execute(
        "UPDATE outbox SET fate = ?, reasons = ?, message = ? WHERE item_id = ? AND fate != 'parked'",
        (fate, to_json(verdict.reasons), to_json(verdict.message), verdict.use_id),
    )


def find_ended(db: sqlite_utils.Database, item_id: str) -> tuple[EndedFlag, ...]:
    """What stood against the item and was taken back, oldest first."""
    rows = db.execute(
        "SELECT reasons, message, ended_at_ms FROM ended_flags WHERE item_id = ? ORDER BY number", (item_id,)
    )
    return tuple(
        EndedFlag(
            reasons=from_json(reasons, tuple[str, ...]),
            message=None if message is None else from_json(message, Texts),
            at=optional_from_ms(at_ms),
        )
        for reasons, message, at_ms in rows
    )
