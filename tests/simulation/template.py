"""The nation before the first kiosk: a venue, its programme, its cards; made once and copied for each world."""

from __future__ import annotations

import datetime as dt
import tempfile
import uuid
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import sqlite_utils

from contract.messages import CardListed, EventListed, Texts
from kiosk.store.connection import connect_writer
from kiosk.store.migrations import MIGRATIONS
from register.demo.cards import DemoCard
from register.demo.cards import listed as listed_card
from register.demo.places import HALL, put_places
from register.rules.days import day_of
from register.store.cards import add_random_cards, put_card
from register.store.events import put_event
from register.store.numbers import lookup_key_of
from register.store.opening import Register, fresh_lookup, open_register
from tests.simulation.chance import all_chance_from
from tests.simulation.clocks import FIRST_DAY

STEADY = tuple(f"SIM{position:04}STEADY" for position in range(1, 7))
"""Cards that are good in every world at all times."""
BLOCKED = "SIM0101BLOCKED"
UNKNOWN = ("SIM0201UNKNOWN", "SIM0202UNKNOWN")
CHANGING = ("SIM0301CHANGES", "SIM0302CHANGES")
"""Cards that the register's people change while doors are open."""
SMALL_LIST = 40
BIG_LIST = 2300
"""More than the kiosk puts down in one commit."""
DAYS = 4
PLACES = 200
QUOTA = 6
"""Three per cent of them."""
CHEAP = 16
"""scrypt's N, so low that a world does not spend its time there."""


@dataclass(frozen=True, slots=True)
class Nation:
    """Files to copy, and what is in them."""

    register_file: Path
    kiosk_file: Path
    register: Register
    """Closed; for its keys."""
    lookup_keys: dict[str, bytes]
    """By number."""


def event_id(day: int, kind: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{kind}-{day}"))


def listed(number: str, lookup_key: bytes, status: str = "active") -> CardListed:
    card = DemoCard(number, "", status=status)  # type: ignore[arg-type]  # one of the register's statuses
    return listed_card(card, lookup_key, day_of(FIRST_DAY))


@cache
def nation(cards: int) -> Nation:
    """The nation with so many cards that nobody shows."""
    folder = Path(tempfile.mkdtemp(prefix="kaikukortti-nation-"))
    with all_chance_from(cards):
        register = open_register(folder / "register-0.db", new_lookup=fresh_lookup(n=CHEAP))
        keys = {number: lookup_key_of(number, register.lookup) for number in (*STEADY, BLOCKED, *UNKNOWN, *CHANGING)}

        def write(db: sqlite_utils.Database) -> None:
            put_places(db)
            for day in range(DAYS):
                for kind in ("concert", "course"):
                    put_event(db, FIRST_DAY, HALL, _event(day, kind))
            add_random_cards(db, FIRST_DAY, cards, listed("", bytes(16)))
            for number in (*STEADY, *CHANGING):
                put_card(db, FIRST_DAY, listed(number, keys[number]), sealed_number=None)
            put_card(db, FIRST_DAY, listed(BLOCKED, keys[BLOCKED], "blocked"), sealed_number=None)

        register.database.write_now(write)
        register.close()
        kiosk_file = folder / "kiosk-0.db"
        connect_writer(kiosk_file, MIGRATIONS, 1.0).close()
    return Nation(folder / "register-0.db", kiosk_file, register, keys)


def _event(day: int, kind: str) -> EventListed:
    starts_at = FIRST_DAY + dt.timedelta(days=day, minutes=-20)
    return EventListed(
        id=event_id(day, kind),
        name=Texts(fi=kind, sv=kind, en=kind),
        kind="course" if kind == "course" else "entrance",
        category="culture",
        starts_at=starts_at + dt.timedelta(minutes=10) if kind == "concert" else starts_at,
        ends_at=starts_at + dt.timedelta(hours=6),
        places=PLACES if kind == "concert" else None,
        sold_out=False,
    )
