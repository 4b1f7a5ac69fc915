"""What stands against uses by now: what they were answered with, and what was found out later."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import msgspec
import sqlite_utils

from register.clock import from_ms, to_ms
from register.model import Kiosk
from register.store.devices import same_device
from register.store.later_times import best_time
from register.store.turns import ended_reasons


def reasons_against_use(db: sqlite_utils.Database, use_id: str) -> tuple[str, ...]:
    """Every reason that stands against a recorded use by now, those of its first answer first."""
    (answered,) = db.execute("SELECT reasons FROM uses WHERE id = ?", (use_id,)).fetchone()
    later = db.execute("SELECT reason FROM later_reasons WHERE use_id = ? ORDER BY found_at_ms, reason", (use_id,))
    found = (*msgspec.json.decode(answered, type=tuple[str, ...]), *(reason for (reason,) in later))
    ended = ended_reasons(db, use_id)
    return tuple(reason for reason in found if reason not in ended)


@dataclass(frozen=True, slots=True)
class Place:
    """Where and when a card that is known was used."""

    venue_id: str
    event_id: str | None
    lookup_key: bytes
    decided_at: dt.datetime


def place_of_use(db: sqlite_utils.Database, use_id: str) -> Place | None:
    """Where the recorded use was; None where its card could not be read."""
    venue_id, event_id, lookup_key, decided_at_ms = db.execute(
        f"SELECT venue_id, event_id, lookup_key, {best_time('decided_at_ms', 'uses.id')} FROM uses WHERE id = ?",
        (use_id,),
    ).fetchone()
    return None if lookup_key is None else Place(venue_id, event_id, lookup_key, from_ms(decided_at_ms))


def uses_judged_since(db: sqlite_utils.Database, kiosk: Kiosk, since: dt.datetime) -> list[str]:
    """Ids of the device's uses of which more, or less, was found at `since` or later than they were answered with."""
    rows = db.execute(
        f"""
        SELECT use_id FROM later_reasons JOIN uses ON uses.id = use_id JOIN uses AS cause ON cause.id = because_of
        WHERE {same_device("uses.kiosk_id", "?1")} AND cause.kiosk_id != uses.kiosk_id AND found_at_ms >= ?2
        UNION SELECT use_id FROM reason_turns JOIN uses ON uses.id = use_id
        WHERE {same_device("uses.kiosk_id", "?1")} AND found_at_ms >= ?2 ORDER BY use_id
        """,
        (kiosk.id, to_ms(since)),
    )
    return [use_id for (use_id,) in rows]
