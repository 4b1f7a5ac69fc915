"""The card list, taken whole beside the one in use and exchanged in one commit."""

from __future__ import annotations

from collections.abc import Iterable

import sqlite_utils

from kiosk.cards.exchange import Draft
from kiosk.cards.news import ListedCard
from kiosk.store.rows import CARD_COLUMNS, card_row, insert

SWEPT_AT_ONCE = 2000
"""Old cards that one commit deletes: the longest that a use recorded meanwhile has to wait."""

_PUT_CARD = insert("cards", ("list_id", "lookup_key", *CARD_COLUMNS), otherwise="OR REPLACE")


def list_id_of(db: sqlite_utils.Database, state: str) -> int | None:
    """The list in `state` (`draft` or `current`), where there is one."""
    row = db.execute("SELECT id FROM card_lists WHERE state = ?", (state,)).fetchone()
    return None if row is None else int(row[0])


def retire(db: sqlite_utils.Database, state: str) -> None:
    """Let nobody see the list in `state` any more; its cards are swept later."""
    db.execute("UPDATE card_lists SET state = 'old' WHERE state = ?", (state,))


def start_draft(db: sqlite_utils.Database, cursor: str) -> Draft:
    """Begin a list anew; one that was not finished is given up."""
    retire(db, "draft")
    db.execute("INSERT INTO card_lists (state, cursor) VALUES ('draft', ?)", (cursor,))
    return Draft(cursor=cursor, last_key=None)


def find_draft(db: sqlite_utils.Database) -> Draft | None:
    """The list being taken, where there is one."""
    row = db.execute("SELECT id, cursor FROM card_lists WHERE state = 'draft'").fetchone()
    if row is None:
        return None
    list_id, cursor = row
    (last_key,) = db.execute("SELECT max(lookup_key) FROM cards WHERE list_id = ?", (list_id,)).fetchone()
    return Draft(cursor=cursor, last_key=None if last_key is None else last_key.hex())


def put_cards(db: sqlite_utils.Database, list_id: int, cards: Iterable[ListedCard]) -> None:
    """Put many cards, in their order: a million of them are half as much work in one statement for each thousand."""
    db.conn.executemany(_PUT_CARD, ((list_id, bytes.fromhex(each.lookup_key), *card_row(each.card)) for each in cards))


def remove_card(db: sqlite_utils.Database, list_id: int, lookup_key: str) -> None:
    """Take the card off the list, where it is on it."""
    db.execute("DELETE FROM cards WHERE list_id = ? AND lookup_key = ?", (list_id, bytes.fromhex(lookup_key)))


def exchange(db: sqlite_utils.Database, draft_id: int) -> None:
    """Put the draft in the place of the current list, and forget the events that came with neither."""
    retire(db, "current")
    db.execute("UPDATE card_lists SET state = 'current' WHERE id = ?", (draft_id,))
    db.execute("DELETE FROM events WHERE list_id < ?", (draft_id,))


def sweep(db: sqlite_utils.Database) -> bool:
    """Delete some cards of lists that nobody uses; returns whether there may be more."""
    row = db.execute("SELECT id FROM card_lists WHERE state = 'old' LIMIT 1").fetchone()
    if row is None:
        return False
    swept = db.execute(
        """
        DELETE FROM cards WHERE list_id = :list AND lookup_key IN
        (SELECT lookup_key FROM cards WHERE list_id = :list ORDER BY lookup_key LIMIT :some)
        """,
        {"list": row[0], "some": SWEPT_AT_ONCE},
    ).rowcount
    if swept < SWEPT_AT_ONCE:
        db.execute("DELETE FROM card_lists WHERE id = ?", row)
    return True
