"""A card, an event and a venue with nothing against them; each test changes the one thing it is about."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from kiosk.cards.model import (
    Card,
    CardIdentity,
    CardKind,
    CardStatus,
    Category,
    EarlierUse,
    Event,
    Facts,
    Offer,
    Policy,
    Stamp,
    Texts,
    Tickets,
    Use,
    UseKind,
    Venue,
)

HELSINKI = ZoneInfo("Europe/Helsinki")
NOW = dt.datetime(2026, 3, 14, 16, 30, tzinfo=dt.UTC)
TODAY = dt.date(2026, 3, 14)
DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)

VENUE = Venue("kaupunginteatteri", Texts("Teatteri", "Teatern", "Theatre"), "etela", False, True)
CONCERT = Event(
    id="01900000-0000-7000-8000-000000000001",
    name=Texts("Konsertti", "Konsert", "Concert"),
    kind=UseKind.ENTRANCE,
    category=Category.CULTURE,
    starts_at=NOW + HOUR / 2,
    ends_at=NOW + 3 * HOUR,
    places=200,
    sold_out=False,
)
COURSE = replace(
    CONCERT,
    id="01900000-0000-7000-8000-000000000002",
    name=Texts("Savikurssi", "Lerkurs", "Clay course"),
    kind=UseKind.COURSE,
    places=None,
)
CARD = Card(
    kind=CardKind.PERSONAL,
    status=CardStatus.ACTIVE,
    area_id="etela",
    first_valid_day=TODAY - 100 * DAY,
    last_valid_day=TODAY + 100 * DAY,
    children=2,
)
COMMUNITY_CARD = replace(CARD, kind=CardKind.COMMUNITY, children=0)
FACTS = Facts(
    card=CARD,
    event=CONCERT,
    venue=VENUE,
    closed_areas=frozenset(),
    policy=Policy(),
    earlier_uses=(),
    quota_used=0,
    list_synced_at=NOW - dt.timedelta(seconds=20),
    unsent=0,
    oldest_unsent_at=None,
    online=True,
    course_uses=None,
    clock_trusted=True,
    newest_register_time=NOW - dt.timedelta(seconds=20),
)
EARLIER = EarlierUse(NOW - HOUR, "Itäovi")

PERSONAL_OFFER = Offer(own=True, children_registered=2, children=True, assistants=True, clients=False)
COMMUNITY_OFFER = Offer(own=True, children_registered=0, children=False, assistants=True, clients=True)
COURSE_OFFER = Offer(own=True, children_registered=0, children=False, assistants=True, clients=False)
UNKNOWN_OFFER = Offer(own=True, children_registered=0, children=True, assistants=True, clients=False)
NO_OFFER = Offer(own=False, children_registered=0, children=False, assistants=False, clients=False)

IDENTITY = CardIdentity("a" * 32, None, "17")
OTHER_IDENTITY = CardIdentity("b" * 32, None, "18")


def facts(**changes: Any) -> Facts:
    """FACTS with `changes`; changes to parts are written `card__status=…`, `venue__area_id=…` and so on."""
    whole = {name: value for name, value in changes.items() if "__" not in name}
    changed = replace(FACTS, **whole)
    for name, value in changes.items():
        if "__" in name:
            part, _, of_part = name.partition("__")
            changed = replace(changed, **{part: replace(getattr(changed, part), **{of_part: value})})
    return changed


def a_use(use_id: str = "use-1", *, identity: CardIdentity = IDENTITY, at: dt.datetime = NOW, at_ms: int = 0) -> Use:
    """A recorded use of the concert with one own ticket."""
    return Use(
        id=use_id,
        card=identity,
        event_id=CONCERT.id,
        kind=UseKind.ENTRANCE,
        tickets=Tickets(),
        quota_places=1,
        decided=Stamp(at, True, "boot", at_ms),
        offline=False,
        remarks=(),
    )
