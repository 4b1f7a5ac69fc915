"""Three invented areas, one of them closed, and two venues."""

from __future__ import annotations

from dataclasses import dataclass

import sqlite_utils

from contract.messages import CourseRule, Policy, Texts
from register.store.venues import put_area, put_venue

OPEN_AREA = "esimerkkila"
OTHER_AREA = "mallimaki"
CLOSED_AREA = "suljettula"
HALL = "esimerkkitalo"
POOL = "mallimaen-uimahalli"


@dataclass(frozen=True, slots=True)
class DemoVenue:
    """An invented venue."""

    id: str
    name: Texts
    area_id: str
    policy: Policy


AREAS: tuple[tuple[str, Texts, bool], ...] = (
    (OPEN_AREA, Texts(fi="Esimerkkilä", sv="Exempelby", en="Exampleton"), False),
    (OTHER_AREA, Texts(fi="Mallimäki", sv="Modellbacka", en="Model Hill"), False),
    (CLOSED_AREA, Texts(fi="Suljettula", sv="Slutenby", en="Closedham"), True),
)
VENUES: tuple[DemoVenue, ...] = (
    DemoVenue(
        HALL,
        Texts(fi="Esimerkkilän kulttuuritalo", sv="Exempelby kulturhus", en="Exampleton House of Culture"),
        OPEN_AREA,
        Policy(course=CourseRule(limit=1, period="academic-year", when_unreachable="ask")),
    ),
    DemoVenue(
        POOL,
        Texts(fi="Mallimäen uimahalli", sv="Modellbacka simhall", en="Model Hill Swimming Hall"),
        OTHER_AREA,
        Policy(course=CourseRule(limit=2, period="calendar-year", when_unreachable="accept")),
    ),
)


def put_places(db: sqlite_utils.Database) -> None:
    """Write the areas and venues."""
    for area_id, name, closed in AREAS:
        put_area(db, area_id, name, closed=closed)
    for venue in VENUES:
        put_venue(db, venue.id, venue.name, area_id=venue.area_id, policy=venue.policy)
