"""What the register tells the kiosk, in the kiosk's own words: facts for the next decision."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from kiosk.cards.model import Card, Event, Policy, Texts, Tickets, Venue


@dataclass(frozen=True, slots=True)
class LookupParameters:
    """How a card number becomes its lookup key (REGISTER-API.md, Lookup keys)."""

    salt: bytes
    n: int
    r: int
    p: int


@dataclass(frozen=True, slots=True)
class Profile:
    """Who the kiosk is to the register, and the rules it was given."""

    venue: Venue
    policy: Policy
    closed_areas: frozenset[str]
    lookup: LookupParameters


@dataclass(frozen=True, slots=True)
class UseElsewhere:
    """A use that another kiosk of this venue recorded."""

    use_id: str
    lookup_key: str
    event_id: str | None
    door: str
    decided_at: dt.datetime
    tickets: Tickets


@dataclass(frozen=True, slots=True)
class AnnulmentElsewhere:
    """It was taken back; this kiosk's own use too, where its venue did that at the register."""

    use_id: str
    annulled_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the register found out later about a use of this kiosk, with its words for staff."""

    use_id: str
    reasons: tuple[str, ...]
    message: Texts


@dataclass(frozen=True, slots=True)
class ListedCard:
    """A card under its lookup key."""

    lookup_key: str
    card: Card


@dataclass(frozen=True, slots=True)
class RemovedCard:
    """A card that left the list."""

    lookup_key: str


@dataclass(frozen=True, slots=True)
class RemovedEvent:
    """An event that is no more."""

    event_id: str


News = ListedCard | RemovedCard | Event | RemovedEvent | Profile | UseElsewhere | AnnulmentElsewhere | Verdict
"""One piece of news; applied in the order it came."""
