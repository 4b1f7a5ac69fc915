"""Items of the queue with all that is sent of them, read by their place."""

from __future__ import annotations

import sqlite_utils

from kiosk.cards.exchange import Item, ItemKind, Parcel
from kiosk.store.chain import find_link
from kiosk.store.rows import (
    ANNULMENT_COLUMNS,
    REFUSAL_COLUMNS,
    USE_COLUMNS,
    Row,
    annulment_of,
    columns,
    refusal_of,
    use_of,
)


def parcel_of(db: sqlite_utils.Database, sequence: int, kind: str, item_id: str, attempts: int) -> Parcel:
    """The parcel of the item at `sequence`."""
    link = find_link(db, sequence) if kind == ItemKind.USE else None
    return Parcel(sequence, find_item(db, kind, item_id), attempts, link)


def find_item(db: sqlite_utils.Database, kind: str, item_id: str) -> Item:
    """The item, without the tail of a card's number."""
    match ItemKind(kind):
        case ItemKind.USE:
            return use_of(_row(db, "uses", USE_COLUMNS, item_id), tail=None)
        case ItemKind.ANNULMENT:
            return annulment_of(_row(db, "annulments", ANNULMENT_COLUMNS, item_id))
        case ItemKind.REFUSAL:
            return refusal_of(_row(db, "refusals", REFUSAL_COLUMNS, item_id))


def _row(db: sqlite_utils.Database, table: str, names: tuple[str, ...], item_id: str) -> Row:
    row: Row = db.execute(f"SELECT {columns(names)} FROM {table} WHERE id = ?", (item_id,)).fetchone()
    return row
