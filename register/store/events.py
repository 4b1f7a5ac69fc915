"""Events of the venues."""

from __future__ import annotations

import datetime as dt

import msgspec
import sqlite_utils

from contract.messages import EventListed, EventRemoved, Texts
from register.clock import from_ms, to_ms
from register.store.feed import tell

_COLUMNS = "id, name, kind, category, starts_at_ms, ends_at_ms, places, sold_out"


def put_event(db: sqlite_utils.Database, at: dt.datetime, venue_id: str, event: EventListed) -> None:
    """Add an event of a venue, or replace what was known of it, and tell the venue's kiosks."""
    db.execute(
        f"""
        INSERT INTO events ({_COLUMNS}, venue_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET name = excluded.name, kind = excluded.kind, category = excluded.category,
            starts_at_ms = excluded.starts_at_ms, ends_at_ms = excluded.ends_at_ms, places = excluded.places,
            sold_out = excluded.sold_out, removed = 0
        WHERE venue_id = excluded.venue_id
        """,
        (
            event.id,
            msgspec.json.encode(event.name).decode(),
            event.kind,
            event.category,
            to_ms(event.starts_at),
            to_ms(event.ends_at),
            event.places,
            event.sold_out,
            venue_id,
        ),
    )
    tell(db, at, event, venue_id=venue_id)


def remove_event(db: sqlite_utils.Database, at: dt.datetime, venue_id: str, event_id: str) -> None:
    """Take an event off the venue's programme and tell the venue's kiosks; its uses stay."""
    db.execute("UPDATE events SET removed = 1 WHERE id = ? AND venue_id = ?", (event_id, venue_id))
    tell(db, at, EventRemoved(id=event_id), venue_id=venue_id)


def find_event(db: sqlite_utils.Database, venue_id: str, event_id: str) -> EventListed | None:
    """The event of this venue; None also for another venue's and for one that was removed."""
    row = db.execute(
        f"SELECT {_COLUMNS} FROM events WHERE id = ? AND venue_id = ? AND removed = 0", (event_id, venue_id)
    ).fetchone()
    return None if row is None else _event(row)


def list_events(db: sqlite_utils.Database, venue_id: str, *, ending_after: dt.datetime) -> list[EventListed]:
    """The venue's events that end after that instant, by start."""
    rows = db.execute(
        f"""
        SELECT {_COLUMNS} FROM events WHERE venue_id = ? AND ends_at_ms > ? AND removed = 0
        ORDER BY starts_at_ms, id
        """,
        (venue_id, to_ms(ending_after)),
    )
    return [_event(row) for row in rows]


def _event(row: tuple[str, str, str, str, int, int, int | None, int]) -> EventListed:
    event_id, name, kind, category, starts_at_ms, ends_at_ms, places, sold_out = row
    return msgspec.convert(
        {
            "type": "event",
            "id": event_id,
            "name": msgspec.json.decode(name, type=Texts),
            "kind": kind,
            "category": category,
            "starts_at": from_ms(starts_at_ms),
            "ends_at": from_ms(ends_at_ms),
            "places": places,
            "sold_out": bool(sold_out),
        },
        type=EventListed,
    )
