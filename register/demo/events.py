"""Invented events of today, around now."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Literal

from contract.messages import EventListed, Texts
from register.demo.places import HALL, POOL

_FAMILY = uuid.UUID("6b61696b-756b-4f72-8474-692d64656d6f")
_STEP_MIN = 5


@dataclass(frozen=True, slots=True)
class DemoEvent:
    """An invented event, `starts_min` minutes after now (before, when negative), and what it shows."""

    slug: str
    venue_id: str
    name: Texts
    kind: Literal["entrance", "course"]
    category: Literal["culture", "education", "science", "sport"]
    starts_min: int
    lasts_min: int
    places: int | None
    sold_out: bool
    shows: str


EVENTS: tuple[DemoEvent, ...] = (
    DemoEvent(
        "evening-concert",
        HALL,
        Texts(fi="Iltakonsertti", sv="Kvällskonsert", en="Evening Concert"),
        "entrance",
        "culture",
        starts_min=20,
        lasts_min=150,
        places=400,
        sold_out=False,
        shows="the event of now: 12 places for cards (3 % of 400)",
    ),
    DemoEvent(
        "premiere",
        HALL,
        Texts(fi="Ensi-ilta", sv="Premiär", en="Opening Night"),
        "entrance",
        "culture",
        starts_min=-60,
        lasts_min=240,
        places=120,
        sold_out=True,
        shows="sold out",
    ),
    DemoEvent(
        "swimming-course",
        HALL,
        Texts(fi="Uimakurssi aikuisille", sv="Simkurs för vuxna", en="Swimming Course for Adults"),
        "course",
        "sport",
        starts_min=-30,
        lasts_min=240,
        places=None,
        sold_out=False,
        shows="a course: one place per card and academic year",
    ),
    DemoEvent(
        "water-running",
        POOL,
        Texts(fi="Vesijuoksu", sv="Vattenlöpning", en="Water Running"),
        "entrance",
        "sport",
        starts_min=10,
        lasts_min=120,
        places=60,
        sold_out=False,
        shows="the second venue's event of now: 2 places for cards",
    ),
    DemoEvent(
        "family-swim",
        POOL,
        Texts(fi="Perheuinti", sv="Familjesim", en="Family Swim"),
        "entrance",
        "sport",
        starts_min=300,
        lasts_min=120,
        places=None,
        sold_out=False,
        shows="the second venue, later",
    ),
)


def event_id_of(event: DemoEvent) -> str:
    """The same id whenever the demo is seeded, so that seeding again moves the event and adds none."""
    return str(uuid.uuid5(_FAMILY, event.slug))


def listed(event: DemoEvent, now: dt.datetime) -> EventListed:
    """`event` as it stands at `now`."""
    round_now = now.replace(minute=now.minute // _STEP_MIN * _STEP_MIN, second=0, microsecond=0)
    starts_at = round_now + dt.timedelta(minutes=event.starts_min)
    return EventListed(
        id=event_id_of(event),
        name=event.name,
        kind=event.kind,
        category=event.category,
        starts_at=starts_at,
        ends_at=starts_at + dt.timedelta(minutes=event.lasts_min),
        places=event.places,
        sold_out=event.sold_out,
    )
