"""Gathering all that the rules want to know of one use."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlite_utils

from contract.messages import EventListed, Policy
from register.model import CardNamed, Kiosk
from register.rules.days import day_of, span_of_day, span_of_period
from register.rules.flags import Case, Takings, Venue
from register.rules.quota import places_taken, quota_limit
from register.store.cards import find_card
from register.store.events import find_event
from register.store.uses import Double, Seats, count_courses, list_doubles, seats_taken
from register.store.venues import rules_of_venue


@dataclass(frozen=True, slots=True)
class Presented:
    """A card at a door, whether its use is recorded or only asked about."""

    use_id: str
    card: CardNamed
    event_id: str | None
    kind: str
    seats: Seats
    decided_at: dt.datetime
    annulled: bool = False


@dataclass(frozen=True, slots=True)
class Gathered:
    """The case, and the other uses that make it a double."""

    case: Case
    doubles: tuple[Double, ...]


def gather(db: sqlite_utils.Database, author: Kiosk, presented: Presented, received_at: dt.datetime) -> Gathered:
    """The case of what `author` presented, received at that instant; leaves the use itself out of every count."""
    rules = rules_of_venue(db, author.venue_id)
    key, day = presented.card.lookup_key, day_of(presented.decided_at)
    event = None if presented.event_id is None else find_event(db, author.venue_id, presented.event_id)
    doubles: list[Double] = []
    if key is not None:
        doubles = list_doubles(db, author.venue_id, presented.event_id, key, span_of_day(day), but=presented.use_id)
    case = Case(
        decided_at=presented.decided_at,
        decided_day=day,
        received_at=received_at,
        received_day=day_of(received_at),
        is_course=presented.kind == "course",
        seal_readable=key is not None,
        card=None if key is None else find_card(db, key),
        venue=Venue(rules.venue.area_id, rules.venue.area_closed),
        policy=rules.policy,
        event_named=presented.event_id is not None,
        event_known=event is not None,
        event_sold_out=event is not None and event.sold_out,
        counts=not presented.annulled,
        used_before=bool(doubles),
        quota=_quota(db, author, event, rules.policy, presented),
        courses=_courses(db, rules.policy, presented, day),
    )
    return Gathered(case, tuple(doubles))


def _quota(
    db: sqlite_utils.Database, author: Kiosk, event: EventListed | None, policy: Policy, presented: Presented
) -> Takings:
    limit = None if event is None else quota_limit(event.places, policy)
    if event is None or limit is None:
        return Takings(before=0, now=0, limit=None)
    before = seats_taken(db, author.venue_id, event.id, but=presented.use_id)
    return Takings(_places(policy, before), _places(policy, presented.seats), limit)


def _places(policy: Policy, seats: Seats) -> int:
    return places_taken(
        policy,
        own_ticket=seats.own_ticket,
        children=seats.children,
        assistants=seats.assistants,
        clients=seats.clients,
    )


def _courses(db: sqlite_utils.Database, policy: Policy, presented: Presented, day: dt.date) -> Takings:
    key, rule = presented.card.lookup_key, policy.course
    if presented.kind != "course" or key is None:
        return Takings(before=0, now=0, limit=None)
    period = span_of_period("calendar-year" if rule is None else rule.period, day)
    before = count_courses(db, key, period, but=presented.use_id)
    return Takings(before, 1, None if rule is None else rule.limit)
