"""The nation's cards, by lookup key; numbers are sealed, never in clear."""

from __future__ import annotations

import datetime as dt
import secrets

import sqlite_utils

from contract.messages import CardListed, CardRemoved
from register.clock import from_ms, to_ms
from register.model import KnownCard
from register.store.feed import start_anew, tell
from register.store.numbers import LOOKUP_KEY_BYTES

_COLUMNS = "lookup_key, kind, status, area_id, first_valid_day, last_valid_day, children"


def put_card(db: sqlite_utils.Database, at: dt.datetime, card: CardListed, *, sealed_number: bytes | None) -> None:
    """Add `card`, or replace what was known under its key, and tell every kiosk.

    Make its key with `register.store.numbers.lookup_key_of` before the transaction: that takes its time.
    """
    db.execute(
        f"""
        INSERT INTO cards ({_COLUMNS}, sealed_number, status_since_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (lookup_key) DO UPDATE SET kind = excluded.kind, area_id = excluded.area_id,
            first_valid_day = excluded.first_valid_day, last_valid_day = excluded.last_valid_day,
            children = excluded.children, sealed_number = coalesce(excluded.sealed_number, sealed_number),
            status_since_ms = iif(status = excluded.status, status_since_ms, excluded.status_since_ms),
            status = excluded.status
        """,
        (*_row_of(card), sealed_number, to_ms(at)),
    )
    tell(db, at, card)


def remove_card(db: sqlite_utils.Database, at: dt.datetime, lookup_key: bytes) -> None:
    """Take a card off the list and tell every kiosk."""
    db.execute("DELETE FROM cards WHERE lookup_key = ?", (lookup_key,))
    tell(db, at, CardRemoved(lookup_key=lookup_key.hex()))


def add_random_cards(db: sqlite_utils.Database, at: dt.datetime, count: int, like: CardListed) -> None:
    """Add `count` cards that nobody holds, under random keys; kiosks are sent for a new snapshot."""
    keys = sorted(secrets.token_bytes(LOOKUP_KEY_BYTES) for _ in range(count))  # in order: the tree grows at its end
    row, since = _row_of(like)[1:], to_ms(at)
    db.conn.executemany(
        f"INSERT OR IGNORE INTO cards ({_COLUMNS}, status_since_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        ((key, *row, since) for key in keys),
    )
    start_anew(db)


def find_card(db: sqlite_utils.Database, lookup_key: bytes) -> KnownCard | None:
    """The card under `lookup_key`."""
    row = db.execute(
        """
        SELECT kind, status, status_since_ms, area_id, closed, first_valid_day, last_valid_day
        FROM cards JOIN areas ON areas.id = area_id WHERE lookup_key = ?
        """,
        (lookup_key,),
    ).fetchone()
    if row is None:
        return None
    kind, status, since_ms, area_id, closed, first, last = row
    return KnownCard(kind, status, from_ms(since_ms), area_id, bool(closed), _day(first), _day(last))


def count_cards(db: sqlite_utils.Database, *, after: bytes) -> int:
    """How many cards have a key greater than `after`."""
    (count,) = db.execute("SELECT count(*) FROM cards WHERE lookup_key > ?", (after,)).fetchone()
    return int(count)


def list_cards(db: sqlite_utils.Database, *, after: bytes, limit: int) -> list[CardListed]:
    """At most `limit` cards with keys greater than `after`, by ascending key."""
    rows = db.execute(f"SELECT {_COLUMNS} FROM cards WHERE lookup_key > ? ORDER BY lookup_key LIMIT ?", (after, limit))
    return [
        CardListed(
            lookup_key=key.hex(),
            kind=kind,
            status=status,
            area_id=area_id,
            first_valid_day=_day(first),
            last_valid_day=_day(last),
            children=children,
        )
        for key, kind, status, area_id, first, last, children in rows
    ]


def _row_of(card: CardListed) -> tuple[bytes, str, str, str, str | None, str | None, int]:
    first, last = card.first_valid_day, card.last_valid_day
    return (
        bytes.fromhex(card.lookup_key),
        card.kind,
        card.status,
        card.area_id,
        None if first is None else first.isoformat(),
        None if last is None else last.isoformat(),
        card.children,
    )


def _day(text: str | None) -> dt.date | None:
    return None if text is None else dt.date.fromisoformat(text)
