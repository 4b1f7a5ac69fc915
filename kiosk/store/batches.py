"""Many items of the queue at once, in one statement where they are uses: a backlog is read by the hundred."""

from __future__ import annotations

from collections.abc import Sequence

import sqlite_utils

from kiosk.cards.chain import Link
from kiosk.cards.exchange import ItemKind, Parcel
from kiosk.store.chain import find_link
from kiosk.store.parcels import parcel_of
from kiosk.store.rows import USE_COLUMNS, Row, at_true_time, columns, to_json, use_of

# CROSS JOIN: in the order given, so that nothing but the wanted rows is read (sqlite.org/optoverview.html#crossjoin).
_USES = f"""
SELECT outbox.sequence, attempts, corrected_at_ms, chains.id, position, hash, {columns(USE_COLUMNS, of="uses")}
FROM json_each(?) AS wanted CROSS JOIN outbox ON outbox.sequence = wanted.value
    CROSS JOIN uses ON uses.id = outbox.item_id
    LEFT JOIN corrections ON corrections.item_id = outbox.item_id
    LEFT JOIN links ON links.sequence = outbox.sequence LEFT JOIN chains ON number = chain
"""


def parcels_at(db: sqlite_utils.Database, places: Sequence[Row]) -> tuple[Parcel, ...]:
    """The parcels at `places` (sequence, kind, item id, attempts), in their order."""
    sequences = sorted(sequence for sequence, kind, *_ in places if kind == ItemKind.USE)
    found: dict[int, Parcel] = {}
    before: Parcel | None = None
    for row in db.execute(_USES, (to_json(sequences),)).fetchall():
        before = _parcel(db, row, before)
        found[before.sequence] = before
    return tuple(found.get(place[0]) or parcel_of(db, *place) for place in places)


def _parcel(db: sqlite_utils.Database, row: Row, before: Parcel | None) -> Parcel:
    sequence, attempts, true_ms, chain, position, its_hash, *its_use = row
    use = at_true_time(use_of(its_use, None), true_ms)
    if chain is None:
        return Parcel(sequence, use, attempts)
    last = None if before is None else before.link
    if last is not None and (last.chain, last.position) == (chain, position - 1):
        return Parcel(sequence, use, attempts, Link(chain, position, last.hash, its_hash))
    return Parcel(sequence, use, attempts, find_link(db, sequence))
