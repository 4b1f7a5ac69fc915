"""Records and news to put in a store; invented, and obviously so."""

from __future__ import annotations

import datetime as dt
import uuid

from kiosk.cards.model import (
    Annulment,
    Card,
    CardIdentity,
    CardKind,
    CardStatus,
    Category,
    Event,
    Policy,
    Reason,
    Refusal,
    Stamp,
    Texts,
    Tickets,
    Use,
    UseKind,
    Venue,
)
from kiosk.cards.news import ListedCard, LookupParameters, Profile, UseElsewhere

NOON = dt.datetime(2026, 3, 14, 10, 0, tzinfo=dt.UTC)
DAY = (dt.datetime(2026, 3, 13, 22, 0, tzinfo=dt.UTC), dt.datetime(2026, 3, 14, 22, 0, tzinfo=dt.UTC))
HOUR = dt.timedelta(hours=1)
MINUTE = dt.timedelta(minutes=1)


def an_id(number: int) -> str:
    """An id that is the same in every run."""
    return str(uuid.UUID(int=0x01900000_0000_7000_8000_000000000000 + number))


def a_key(number: int) -> str:
    """A lookup key; larger numbers give larger keys."""
    return f"{number:032x}"


def a_stamp(at: dt.datetime = NOON) -> Stamp:
    """A moment of the one boot of these samples."""
    return Stamp(at=at, clock_trusted=True, boot_id="boot-1", monotonic_ms=123_456)


def a_use(
    number: int = 1,
    *,
    key: str = a_key(7),
    sealed_number: str | None = None,
    tail: str = "7X",
    event_id: str | None = None,
    tickets: Tickets = Tickets(),
    quota_places: int = 1,
    at: dt.datetime = NOON,
) -> Use:
    """A use; two with the same arguments are the same use."""
    return Use(
        id=an_id(number),
        card=CardIdentity(key, sealed_number, tail),
        event_id=event_id,
        kind=UseKind.ENTRANCE,
        tickets=tickets,
        quota_places=quota_places,
        decided=a_stamp(at),
        offline=True,
        remarks=(Reason.ALREADY_USED,),
    )


def an_annulment(use: Use, number: int = 1001, at: dt.datetime = NOON + MINUTE) -> Annulment:
    """The annulment of `use`."""
    return Annulment(an_id(number), use.id, a_stamp(at))


def a_refusal(number: int = 2001, at: dt.datetime = NOON) -> Refusal:
    """A visitor who got no ticket."""
    return Refusal(an_id(number), Reason.SOLD_OUT, an_id(9001), a_stamp(at))


def a_card(*, children: int = 2) -> Card:
    """An active personal card."""
    last_day = dt.date(2026, 12, 31)
    return Card(CardKind.PERSONAL, CardStatus.ACTIVE, "kainuu", None, last_day, children)


def listed(number: int, *, children: int = 2) -> ListedCard:
    """A card on the list."""
    return ListedCard(a_key(number), a_card(children=children))


def an_event(number: int = 9001, *, starts_at: dt.datetime = NOON, places: int | None = 100) -> Event:
    """An event of two hours."""
    name = Texts(fi="Konsertti", sv="Konsert", en="Concert")
    return Event(
        id=an_id(number),
        name=name,
        kind=UseKind.ENTRANCE,
        category=Category.CULTURE,
        starts_at=starts_at,
        ends_at=starts_at + 2 * HOUR,
        places=places,
        sold_out=False,
    )


def a_profile(*, salt: bytes = b"national salt 01", policy: Policy = Policy()) -> Profile:
    """The profile of a venue in an area of its own."""
    venue = Venue("esimerkkila", Texts("Esimerkkilä", "Exempelby", "Exampleton"), "kainuu", True, True)
    return Profile(venue, policy, frozenset({"kainuu", "keskiraja"}), LookupParameters(salt, 4096, 8, 1))


def a_use_elsewhere(
    number: int = 3001,
    *,
    key: str = a_key(7),
    event_id: str | None = None,
    tickets: Tickets = Tickets(),
    at: dt.datetime = NOON,
) -> UseElsewhere:
    """A use at the venue's other door."""
    return UseElsewhere(an_id(number), key, event_id, "Side door", at, tickets)
