"""How long the queue is, told without a look at all of it."""

from __future__ import annotations

from collections.abc import Iterable

import sqlite_utils

from kiosk.cards.exchange import Fate, ItemKind, QueueDepth
from kiosk.store.rows import optional_from_ms

_OLDEST = "SELECT min(decided_at_ms) FROM outbox WHERE fate = 'waiting' AND kind = ?"


def find_depth(db: sqlite_utils.Database) -> QueueDepth:
    """How many items have which fate."""
    count = dict(db.execute("SELECT fate, sum(items) FROM outbox_counts GROUP BY fate").fetchall())
    return QueueDepth(
        waiting=count.get(Fate.WAITING, 0),
        parked=count.get(Fate.PARKED, 0),
        flagged=count.get(Fate.FLAGGED, 0),
        delivered=count.get(Fate.DELIVERED, 0),
        oldest_waiting_at=optional_from_ms(_oldest_ms(db, ItemKind)),
    )


def find_unsent_uses(db: sqlite_utils.Database) -> tuple[int, int | None]:
    """How many uses wait, and when the oldest of them was decided, in milliseconds."""
    row = db.execute("SELECT items FROM outbox_counts WHERE kind = 'use' AND fate = 'waiting'").fetchone()
    return (0 if row is None else int(row[0])), _oldest_ms(db, (ItemKind.USE,))


def _oldest_ms(db: sqlite_utils.Database, kinds: Iterable[ItemKind]) -> int | None:
    each = (db.execute(_OLDEST, (kind,)).fetchone()[0] for kind in kinds)
    return min((int(ms) for ms in each if ms is not None), default=None)
