"""Invented cards of every kind and status; their numbers look invented."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from contract.messages import CardListed
from register.demo.places import CLOSED_AREA, OPEN_AREA, OTHER_AREA

YEAR_DAYS = 364
"""A card is valid for a year with the day of issue included (DOMAIN.md, Cards)."""


@dataclass(frozen=True, slots=True)
class DemoCard:
    """An invented card; days are counted from today, and what it shows is said in English."""

    number: str
    shows: str
    kind: Literal["personal", "community"] = "personal"
    status: Literal["in-stock", "active", "blocked", "expired"] = "active"
    area_id: str = OPEN_AREA
    children: int = 0
    first_day: int | None = -100
    last_day: int | None = YEAR_DAYS - 100


CARDS: tuple[DemoCard, ...] = (
    DemoCard("DEMO-0001-AIKUINEN", "personal card, no children: accepted"),
    DemoCard("DEMO-0002-PERHE", "personal card, two children: accepted", children=2),
    DemoCard("DEMO-0003-YHTEISO", "community card: accepted with at least one client", kind="community"),
    DemoCard(
        "DEMO-0004-VANHA",
        "expired yesterday: refused",
        status="expired",
        first_day=-YEAR_DAYS - 1,
        last_day=-1,
    ),
    DemoCard("DEMO-0005-TANAAN", "last valid day today: accepted", first_day=-YEAR_DAYS, last_day=0),
    DemoCard("DEMO-0006-HUOMENNA", "valid from tomorrow: refused", first_day=1, last_day=YEAR_DAYS + 1),
    DemoCard("DEMO-0007-KADONNUT", "blocked (lost): refused", status="blocked"),
    DemoCard("DEMO-0008-VARASTO", "in stock, not issued: refused", status="in-stock", first_day=None, last_day=None),
    DemoCard("DEMO-0009-SULJETTU", "card of a closed area: refused elsewhere", area_id=CLOSED_AREA),
    DemoCard("DEMO-0010-NAAPURI", "personal card of another area: accepted", area_id=OTHER_AREA),
    DemoCard("DEMO-0011-VAPAA", "personal card, kept free for your own trials: accepted"),
)
"""Every kind and every status once."""


def numbered_card(position: int) -> DemoCard:
    """One of many plain cards, for trials that need more than the demo has."""
    return DemoCard(f"DEMO-{1000 + position:05}-LISA", "personal card: accepted")


def listed(card: DemoCard, lookup_key: bytes, today: dt.date) -> CardListed:
    """`card` as it stands `today`, under its lookup key."""
    return CardListed(
        lookup_key=lookup_key.hex(),
        kind=card.kind,
        status=card.status,
        area_id=card.area_id,
        first_valid_day=_day(today, card.first_day),
        last_valid_day=_day(today, card.last_day),
        children=card.children,
    )


def _day(today: dt.date, days: int | None) -> dt.date | None:
    return None if days is None else today + dt.timedelta(days=days)
