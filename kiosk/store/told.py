"""Putting down what the register told, one piece of news after the other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from itertools import groupby

import sqlite_utils

from kiosk.cards.exchange import FeedState
from kiosk.cards.model import Event
from kiosk.cards.news import (
    AnnulmentElsewhere,
    ListedCard,
    News,
    Profile,
    RemovedCard,
    RemovedEvent,
    UseElsewhere,
    Verdict,
)
from kiosk.store.card_list import put_cards, remove_card, retire
from kiosk.store.facts import find_profile
from kiosk.store.looks import put_verdict
from kiosk.store.rows import (
    EVENT_COLUMNS,
    TICKET_COLUMNS,
    event_row,
    insert,
    optional_from_ms,
    ticket_row,
    to_json,
    to_ms,
)

_PUT_EVENT = insert("events", (*EVENT_COLUMNS, "list_id"), otherwise="OR REPLACE")
_PUT_USE = insert(
    "uses_elsewhere",
    ("use_id", "lookup_key", "event_id", "door", "decided_at_ms", *TICKET_COLUMNS),
    otherwise="OR REPLACE",
)
KNOWN_WELL_ENOUGH_MS = 5 * 60 * 1000
"""The register says each half minute that there is nothing new, and each time that were put down the card would be
flushed for. The list's age counts in hours; a time that was wrong is heard of again within `earlier_times.TAKES`."""
_THERE_IS_A_LIST = "EXISTS (SELECT 1 FROM card_lists WHERE state = 'current')"


def put_news(db: sqlite_utils.Database, news: Sequence[News], list_id: int | None) -> None:
    """Put down `news` in its order, cards on the list `list_id` (None: cards are passed over)."""
    for are_cards, pieces in groupby(news, key=lambda piece: isinstance(piece, ListedCard)):
        if not are_cards:
            _put_others(db, pieces, list_id)
        elif list_id is not None:
            put_cards(db, list_id, (piece for piece in pieces if isinstance(piece, ListedCard)))


def _put_others(db: sqlite_utils.Database, news: Iterable[News], list_id: int | None) -> None:
    for piece in news:
        match piece:
            case ListedCard():
                raise TypeError("cards are put many at a time")
            case RemovedCard(lookup_key=lookup_key):
                if list_id is not None:
                    remove_card(db, list_id, lookup_key)
            case Profile():
                if put_profile(db, piece):
                    give_up_lists(db)
            case Event():
                db.execute(_PUT_EVENT, (*event_row(piece), list_id or 0))
            case RemovedEvent(event_id=event_id):
                db.execute("DELETE FROM events WHERE id = ?", (event_id,))
            case _:
                _put_about_a_use(db, piece)


def put_profile(db: sqlite_utils.Database, profile: Profile) -> bool:
    """Put down the venue's profile; returns whether lookup keys are now made in another way than before."""
    known = find_profile(db)
    db.execute(insert("profile", ("only", "told"), otherwise="OR REPLACE"), (1, to_json(profile)))
    return known is not None and known.lookup != profile.lookup


def give_up_lists(db: sqlite_utils.Database) -> None:
    """Use no card list any more: keys made in a new way find nothing, and that must not read as «unknown»."""
    retire(db, "current")
    retire(db, "draft")
    db.execute("UPDATE feed SET cursor = NULL, list_synced_at_ms = NULL")


def put_feed(db: sqlite_utils.Database, cursor: str, server_time: dt.datetime | None) -> None:
    """The news was read up to `cursor`, which confirms the list as of `server_time` (None: not yet); needs a list."""
    db.execute(f"UPDATE feed SET cursor = ? WHERE {_THERE_IS_A_LIST}", (cursor,))
    if server_time is not None:
        confirm_list(db, server_time)


def confirm_list(db: sqlite_utils.Database, server_time: dt.datetime) -> None:
    """The list in use is what the register had at `server_time`."""
    put_time(db, server_time)
    db.execute(f"UPDATE feed SET list_synced_at_ms = ? WHERE {_THERE_IS_A_LIST}", (to_ms(server_time),))


def note_list(db: sqlite_utils.Database, server_time: dt.datetime) -> None:
    """Nothing is new: `confirm_list`, but for what the list's age is known well enough without."""
    note_time(db, server_time)
    db.execute(
        f"""
        UPDATE feed SET list_synced_at_ms = :ms WHERE {_THERE_IS_A_LIST} AND
            (coalesce(list_synced_at_ms, 0) + :enough_ms <= :ms OR list_synced_at_ms > :ms)
        """,
        {"ms": to_ms(server_time), "enough_ms": KNOWN_WELL_ENOUGH_MS},
    )


def note_time(db: sqlite_utils.Database, server_time: dt.datetime) -> None:
    """`put_time`, but for what the time is known well enough without."""
    db.execute(
        "UPDATE feed SET newest_register_time_ms = :ms WHERE coalesce(newest_register_time_ms, 0) + :enough_ms <= :ms",
        {"ms": to_ms(server_time), "enough_ms": KNOWN_WELL_ENOUGH_MS},
    )


def put_time(db: sqlite_utils.Database, server_time: dt.datetime) -> None:
    """The register says it is `server_time`; an earlier one than before is not believed."""
    db.execute(
        "UPDATE feed SET newest_register_time_ms = max(coalesce(newest_register_time_ms, :ms), :ms)",
        {"ms": to_ms(server_time)},
    )


def believe_time(db: sqlite_utils.Database, server_time: dt.datetime, instead_of: dt.datetime) -> None:
    """The newest time, `instead_of`, was wrong, and so was any age of the list after `server_time`."""
    db.execute(
        """
        UPDATE feed SET newest_register_time_ms = :ms, list_synced_at_ms = min(list_synced_at_ms, :ms)
        WHERE newest_register_time_ms = :wrong_ms
        """,
        {"ms": to_ms(server_time), "wrong_ms": to_ms(instead_of)},
    )


def find_feed(db: sqlite_utils.Database) -> FeedState:
    """How far the news was read."""
    cursor, list_synced_at_ms, newest_ms = db.execute(
        "SELECT cursor, list_synced_at_ms, newest_register_time_ms FROM feed"
    ).fetchone()
    return FeedState(cursor, optional_from_ms(list_synced_at_ms), optional_from_ms(newest_ms))


def _put_about_a_use(db: sqlite_utils.Database, piece: UseElsewhere | AnnulmentElsewhere | Verdict) -> None:
    match piece:
        case UseElsewhere():
            key = bytes.fromhex(piece.lookup_key)
            when = to_ms(piece.decided_at)
            row = (piece.use_id, key, piece.event_id, piece.door, when, *ticket_row(piece.tickets))
            db.execute(_PUT_USE, row)
        case AnnulmentElsewhere():
            row = (piece.use_id, to_ms(piece.annulled_at))
            db.execute("INSERT OR REPLACE INTO annulments_elsewhere VALUES (?, ?)", row)
        case Verdict():
            put_verdict(db, piece)
