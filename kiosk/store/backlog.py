"""How long the queue is, told without a look at all of it."""

from __future__ import annotations

from collections.abc import Iterable

import sqlite_utils

from kiosk.cards.exchange import Fate, ItemKind, QueueDepth
from kiosk.store.culprits import count_blamed
from kiosk.store.looks import count_seen
from kiosk.store.rows import optional_from_ms

MOST_LOOKED_AT = 1000
"""Of a long evening whose clock was put right; by then a limit of so many unsent uses speaks anyway."""
_OLDEST = f"""
SELECT decided_at_ms, corrected_at_ms FROM outbox LEFT JOIN corrections ON corrections.item_id = outbox.item_id
WHERE fate = 'waiting' AND kind = ? AND (blamed_since_ms IS NULL OR ?) ORDER BY decided_at_ms LIMIT {MOST_LOOKED_AT}
"""


def find_depth(db: sqlite_utils.Database) -> QueueDepth:
    """How many items have which fate."""
    count = dict(db.execute("SELECT fate, sum(items) FROM outbox_counts GROUP BY fate").fetchall())
    return QueueDepth(
        waiting=count.get(Fate.WAITING, 0),
        parked=count.get(Fate.PARKED, 0),
        flagged=count.get(Fate.FLAGGED, 0),
        delivered=count.get(Fate.DELIVERED, 0),
        seen=count_seen(db),
        oldest_waiting_at=optional_from_ms(_oldest_ms(db, ItemKind)),
        blamed=sum(count_blamed(db).values()),
    )


def find_unsent_uses(db: sqlite_utils.Database) -> tuple[int, int | None]:
    """How many uses wait, and when the oldest of them was decided by its best known time, in milliseconds.

    Without those that fail alone while others get through: they say nothing of how long the kiosk was without the
    register.
    """
    row = db.execute("SELECT items FROM outbox_counts WHERE kind = 'use' AND fate = 'waiting'").fetchone()
    waiting = 0 if row is None else int(row[0])
    return waiting - count_blamed(db).get(ItemKind.USE, 0), _oldest_ms(db, (ItemKind.USE,), blamed=False)


def _oldest_ms(db: sqlite_utils.Database, kinds: Iterable[ItemKind], *, blamed: bool = True) -> int | None:
    each = (_oldest_of_kind_ms(db, kind, blamed=blamed) for kind in kinds)
    return min((ms for ms in each if ms is not None), default=None)


def _oldest_of_kind_ms(db: sqlite_utils.Database, kind: ItemKind, *, blamed: bool) -> int | None:
    """By their best known times: what a clock in 1970 said makes nothing half a century old once it was put right.

    Rows come as the clock first told them, so the first without a correction ends the search.
    """
    oldest_ms: int | None = None
    for decided_at_ms, corrected_at_ms in db.execute(_OLDEST, (kind, blamed)):
        known_ms = decided_at_ms if corrected_at_ms is None else corrected_at_ms
        oldest_ms = known_ms if oldest_ms is None else min(oldest_ms, known_ms)
        if corrected_at_ms is None:
            break
    return oldest_ms
