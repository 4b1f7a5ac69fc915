"""Reasons against uses that no longer stand, or stand again; what was found at first is never changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

import msgspec
import sqlite_utils

from register.clock import from_ms, to_ms
from register.model import Kiosk
from register.store.later_times import best_time
from register.store.uses import Seats


@dataclass(frozen=True, slots=True)
class Judged:
    """A recorded use as the rules want to know it."""

    id: str
    kiosk: Kiosk
    lookup_key: bytes | None
    event_id: str | None
    kind: str
    seats: Seats
    decided_at: dt.datetime
    """By its best known time."""
    stands: bool


def find_judged(db: sqlite_utils.Database, use_id: str) -> Judged:
    """The recorded use."""
    row = db.execute(
        f"""
        SELECT kiosk_id, uses.venue_id, kiosks.name, lookup_key, event_id, kind, own_ticket, children, assistants,
            clients, {best_time("decided_at_ms", "uses.id")}, uses.id IN (SELECT id FROM standing_uses WHERE id = :use)
        FROM uses JOIN kiosks ON kiosks.id = kiosk_id WHERE uses.id = :use
        """,
        {"use": use_id},
    ).fetchone()
    kiosk_id, venue_id, door, key, event_id, kind, own, children, assistants, clients, decided_at_ms, stands = row
    return Judged(
        id=use_id,
        kiosk=Kiosk(kiosk_id, venue_id, door),
        lookup_key=key,
        event_id=event_id,
        kind=kind,
        seats=Seats(own, children, assistants, clients),
        decided_at=from_ms(decided_at_ms),
        stands=bool(stands),
    )


def flagged_beside(db: sqlite_utils.Database, use_ids: Collection[str]) -> list[str]:
    """Ids of flagged uses that count together with these: of the same events, or anywhere of the same cards."""
    rows = db.execute(
        """
        WITH these AS (SELECT * FROM uses WHERE id IN (SELECT value FROM json_each(:uses))),
        beside AS (
            SELECT uses.id, uses.reasons FROM (SELECT DISTINCT venue_id, event_id FROM these) AS places
                JOIN uses ON uses.venue_id = places.venue_id AND uses.event_id = places.event_id
            UNION SELECT uses.id, uses.reasons FROM (SELECT DISTINCT lookup_key FROM these) AS cards
                JOIN uses ON uses.lookup_key = cards.lookup_key
        )
        SELECT id FROM beside
            WHERE reasons != '[]' OR EXISTS (SELECT 1 FROM later_reasons WHERE use_id = beside.id) ORDER BY id
        """,
        {"uses": msgspec.json.encode(list(use_ids)).decode()},
    )
    return [each for (each,) in rows]


def turn_reasons(
    db: sqlite_utils.Database, use_id: str, reasons: Iterable[str], *, stand: bool, at: dt.datetime
) -> None:
    """Note that `reasons` against the use no longer stand since `at`, or stand again."""
    db.conn.executemany(
        "INSERT INTO reason_turns (use_id, reason, stands, found_at_ms) VALUES (?, ?, ?, ?)",
        [(use_id, reason, stand, to_ms(at)) for reason in reasons],
    )


def ended_reasons(db: sqlite_utils.Database, use_id: str) -> frozenset[str]:
    """The reasons against the use that no longer stand."""
    rows = db.execute(
        """
        SELECT reason FROM reason_turns AS turn WHERE use_id = ? AND NOT stands AND NOT EXISTS (
            SELECT 1 FROM reason_turns AS later
            WHERE later.use_id = turn.use_id AND later.reason = turn.reason AND later.number > turn.number
        )
        """,
        (use_id,),
    )
    return frozenset(reason for (reason,) in rows)
