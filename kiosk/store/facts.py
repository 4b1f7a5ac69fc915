"""Facts for one decision, found in one consistent view of the database."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlite_utils

from kiosk.cards.model import Card, EarlierUse, Event, Facts, Policy, Tickets
from kiosk.cards.news import Profile
from kiosk.cards.quota import places_taken
from kiosk.clock import SameBoot
from kiosk.store.backlog import find_unsent_uses
from kiosk.store.by_hand import find_by_hand
from kiosk.store.corrections import corrected
from kiosk.store.rows import (
    CARD_COLUMNS,
    EVENT_COLUMNS,
    TICKET_COLUMNS,
    card_of,
    columns,
    event_of,
    from_json,
    from_ms,
    optional_from_ms,
    to_ms,
)


def not_taken_back(use_id: str) -> str:
    """SQL for whether a use stands: neither the kiosk that recorded it nor its venue has annulled it."""
    return f"""
        NOT EXISTS (SELECT 1 FROM annulments WHERE annulments.use_id = {use_id})
        AND NOT EXISTS (SELECT 1 FROM annulments_elsewhere WHERE annulments_elsewhere.use_id = {use_id})
    """


_HERE = f"FROM uses WHERE {not_taken_back('uses.id')}"
# A register that tells a kiosk of its own use does not make it two.
_ELSEWHERE = f"""
    FROM uses_elsewhere WHERE {not_taken_back("uses_elsewhere.use_id")}
    AND NOT EXISTS (SELECT 1 FROM uses WHERE uses.id = uses_elsewhere.use_id)
"""


@dataclass(frozen=True, slots=True)
class Question:
    """What the facts are wanted for."""

    lookup_key: str | None
    """None: no card lies on the desk."""
    event_id: str | None
    """None: general admission, for which only the uses of `day` count as earlier."""
    day: tuple[dt.datetime, dt.datetime]
    """Start of the local day and of the next one."""
    online: bool
    clock_trusted: bool
    course_uses: int | None
    day_here: SameBoot | None = None
    """The start of `day` by the clock that never steps."""


def find_facts(db: sqlite_utils.Database, question: Question, door: str) -> Facts:
    """The facts; uses recorded here carry the name `door`."""
    profile = find_profile(db)
    policy = Policy() if profile is None else profile.policy
    event = None if question.event_id is None else _event(db, question.event_id)
    key = None if question.lookup_key is None else bytes.fromhex(question.lookup_key)
    list_id, list_synced_at, newest_register_time = db.execute(
        """
        SELECT card_lists.id, list_synced_at_ms, newest_register_time_ms FROM feed
        LEFT JOIN card_lists ON card_lists.state = 'current'
        """
    ).fetchone()
    unsent, oldest_unsent_at_ms = find_unsent_uses(db)
    return Facts(
        card=None if key is None or list_id is None else _card(db, list_id, key),
        event=event,
        venue=None if profile is None else profile.venue,
        closed_areas=frozenset() if profile is None else profile.closed_areas,
        policy=policy,
        earlier_uses=() if key is None else _earlier_uses(db, key, event, question, door),
        quota_used=0 if event is None else _quota_used(db, event.id, policy),
        list_synced_at=optional_from_ms(list_synced_at),
        unsent=unsent,
        oldest_unsent_at=optional_from_ms(oldest_unsent_at_ms),
        online=question.online,
        course_uses=question.course_uses,
        clock_trusted=question.clock_trusted,
        newest_register_time=optional_from_ms(newest_register_time),
    )


def find_profile(db: sqlite_utils.Database) -> Profile | None:
    """The venue's profile; None: the register has not told yet."""
    row = db.execute("SELECT told FROM profile").fetchone()
    return None if row is None else from_json(row[0], Profile)


def find_events(db: sqlite_utils.Database, start: dt.datetime, end: dt.datetime) -> tuple[Event, ...]:
    """Events that touch the time from `start` to before `end`, also those added by hand, by their start."""
    rows = db.execute(
        f"""
        SELECT {columns(EVENT_COLUMNS)} FROM events
        WHERE ends_at_ms >= ? AND starts_at_ms < ? ORDER BY starts_at_ms, id
        """,
        (to_ms(start), to_ms(end)),
    )
    known = [*(event_of(row) for row in rows), *find_by_hand(db, start, end)]
    return tuple(sorted(known, key=lambda event: (event.starts_at, event.id)))


def _card(db: sqlite_utils.Database, list_id: int, key: bytes) -> Card | None:
    row = db.execute(
        f"SELECT {columns(CARD_COLUMNS)} FROM cards WHERE list_id = ? AND lookup_key = ?", (list_id, key)
    ).fetchone()
    return None if row is None else card_of(row)


def _event(db: sqlite_utils.Database, event_id: str) -> Event | None:
    row = db.execute(f"SELECT {columns(EVENT_COLUMNS)} FROM events WHERE id = ?", (event_id,)).fetchone()
    return None if row is None else event_of(row)


def _earlier_uses(
    db: sqlite_utils.Database, key: bytes, event: Event | None, question: Question, door: str
) -> tuple[EarlierUse, ...]:
    same = "event_id IS :event AND lookup_key = :key"
    if event is None:
        # A use of an evening whose clock said 1970 is one of today as soon as that is known.
        same += " AND at_ms >= :start AND at_ms < :end"
    here = question.day_here
    rows = db.execute(
        f"""
        SELECT iif(clock_trusted = 0 AND boot_id = :boot, :start + monotonic_ms - :start_boot_ms,
            {corrected("decided_at_ms", "uses.id")}) AS at_ms, :door AS door {_HERE} AND {same}
        UNION ALL
        SELECT decided_at_ms AS at_ms, door {_ELSEWHERE} AND {same}
        ORDER BY at_ms, door
        """,
        {
            "event": None if event is None else event.id,
            "key": key,
            "start": to_ms(question.day[0]),
            "end": to_ms(question.day[1]),
            "boot": None if here is None else here.boot_id,
            "start_boot_ms": 0 if here is None else here.monotonic_ms,
            "door": door,
        },
    )
    return tuple(EarlierUse(from_ms(at_ms), place) for at_ms, place in rows)


def _quota_used(db: sqlite_utils.Database, event_id: str, policy: Policy) -> int:
    used: int
    (used,) = db.execute(f"SELECT coalesce(sum(quota_places), 0) {_HERE} AND event_id = ?", (event_id,)).fetchone()
    tickets = columns(TICKET_COLUMNS)
    elsewhere = db.execute(f"SELECT {tickets}, count(*) {_ELSEWHERE} AND event_id = ? GROUP BY {tickets}", (event_id,))
    for *counts, times in elsewhere:
        used += times * places_taken(Tickets(*counts), policy)
    return used
