"""Writing the demo into a register."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import sqlite_utils

from contract.messages import CardListed
from register.demo.cards import DemoCard, listed
from register.demo.events import EVENTS
from register.demo.events import listed as listed_event
from register.demo.places import VENUES, put_places
from register.rules.days import day_of
from register.store.cards import add_random_cards, put_card
from register.store.events import put_event
from register.store.feed import tell_profile
from register.store.numbers import lookup_key_of, seal
from register.store.opening import Register

_NOBODYS = DemoCard("", "a card that nobody holds")


def seed_places(register: Register, now: dt.datetime) -> None:
    """Areas, venues and the events of today; seeding again moves the events to now."""

    def write(db: sqlite_utils.Database) -> None:
        put_places(db)
        for event in EVENTS:
            put_event(db, now, event.venue_id, listed_event(event, now))
        for venue in VENUES:
            tell_profile(db, now, venue_id=venue.id)

    register.database.write_now(write)


def seed_cards(register: Register, cards: Sequence[DemoCard], now: dt.datetime) -> None:
    """`cards` with their numbers, each of which costs a scrypt; the places must be there."""
    with ThreadPoolExecutor() as threads:  # scrypt lets go of the interpreter's lock
        keys = list(threads.map(lambda card: lookup_key_of(card.number, register.lookup), cards))

    def write(db: sqlite_utils.Database) -> None:
        for card, key in zip(cards, keys, strict=True):
            sealed = seal(card.number, register.private_key.public_key)
            put_card(db, now, listed(card, key, day_of(now)), sealed_number=sealed)

    register.database.write_now(write)


def seed_random_cards(register: Register, count: int, now: dt.datetime) -> None:
    """`count` cards under random keys, for measuring; nobody can show one."""
    like: CardListed = listed(_NOBODYS, bytes(16), day_of(now))

    def write(db: sqlite_utils.Database) -> None:
        add_random_cards(db, now, count, like)

    register.database.write_now(write)
