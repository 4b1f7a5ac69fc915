"""Items of the queue with all that is sent of them, read by their place."""

from __future__ import annotations

from dataclasses import replace

import sqlite_utils

from kiosk.cards.exchange import Item, ItemKind, Parcel
from kiosk.cards.model import Annulment, Refusal, Stamp, Use
from kiosk.store.chain import find_link
from kiosk.store.corrections import find_correction
from kiosk.store.rows import (
    ANNULMENT_COLUMNS,
    REFUSAL_COLUMNS,
    STAMP_COLUMNS,
    USE_COLUMNS,
    Row,
    annulment_of,
    columns,
    from_ms,
    refusal_of,
    use_of,
)


def parcel_of(db: sqlite_utils.Database, sequence: int, kind: str, item_id: str, attempts: int) -> Parcel:
    """The parcel of the item at `sequence`."""
    link = find_link(db, sequence) if kind == ItemKind.USE else None
    return Parcel(sequence, with_true_time(db, find_item(db, kind, item_id)), attempts, link)


def find_item(db: sqlite_utils.Database, kind: str, item_id: str) -> Item:
    """The item, without the tail of a card's number."""
    match ItemKind(kind):
        case ItemKind.USE:
            return use_of(_use_row(db, item_id), tail=None)
        case ItemKind.ANNULMENT:
            return annulment_of(_row(db, "annulments", ANNULMENT_COLUMNS, item_id))
        case ItemKind.REFUSAL:
            return refusal_of(_row(db, "refusals", REFUSAL_COLUMNS, item_id))


def find_refusal_without_stamp(db: sqlite_utils.Database, item_id: str) -> Refusal:
    """The refusal, in a file of before version 0012; its time counts as it is."""
    names = tuple(name for name in REFUSAL_COLUMNS if name not in STAMP_COLUMNS)
    return refusal_of((*_row(db, "refusals", names, item_id), 1, "", 0))


def with_true_time(db: sqlite_utils.Database, item: Item) -> Item:
    """`item` with the time that was put right later, and the first one beside it, where there is such a time."""
    match item:
        case Use(decided=stamp):
            return replace(item, decided=_corrected(db, item.id, stamp))
        case Annulment(annulled=stamp):
            return replace(item, annulled=_corrected(db, item.id, stamp))
        case Refusal(refused=stamp):
            return replace(item, refused=_corrected(db, item.id, stamp))


def _corrected(db: sqlite_utils.Database, item_id: str, stamp: Stamp) -> Stamp:
    if stamp.clock_trusted or (true_ms := find_correction(db, item_id)) is None:
        return stamp
    return replace(stamp, at=from_ms(true_ms), uncorrected_at=stamp.at)


def _row(db: sqlite_utils.Database, table: str, names: tuple[str, ...], item_id: str) -> Row:
    row: Row = db.execute(f"SELECT {columns(names)} FROM {table} WHERE id = ?", (item_id,)).fetchone()
    return row


def _use_row(db: sqlite_utils.Database, item_id: str) -> Row:
    """Also out of a file of before the last column, which may be read as it is."""
    known = {name for _, name, *_ in db.execute("PRAGMA table_info(uses)")}
    return (*_row(db, "uses", tuple(name for name in USE_COLUMNS if name in known), item_id), None)
