"""`kiosk check`: one line for each thing that must be right before a Saturday night."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from kiosk.cards.exchange import FeedState, QueueDepth
from kiosk.cards.model import Identity
from kiosk.cards.news import Profile
from kiosk.certificates import ends_at, file_ends_at
from kiosk.clock import SystemClock
from kiosk.commands.places import Places, places_of, require_database
from kiosk.config import Config, token_file
from kiosk.errors import KioskError, RegisterError, StoreError
from kiosk.exits import Exit
from kiosk.store.catalogue import Catalogue
from kiosk.store.chain import verify_chain
from kiosk.store.database import Database
from kiosk.store.identity import IdentityFile
from kiosk.store.outbox import Outbox
from kiosk.sync.peer import certificate_of
from kiosk.wiring import register_address

CERTIFICATE_PATIENCE = dt.timedelta(days=14)
"""A certificate that ends sooner is a fault: whoever renews them by themselves would have done so by then."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing looked at."""

    what: str
    ok: bool
    seen: str


@dataclass(frozen=True, slots=True)
class Known:
    """What the database holds."""

    profile: Profile | None
    feed: FeedState
    depth: QueueDepth


def check(config: Config, *, chain: bool, as_json: bool) -> Exit:
    """Print what was seen, with `chain` also of the chain of uses; FAILED where a line is not ok."""
    lines = [*_lines(config), *(_chain_lines(config) if chain else ())]
    if as_json:
        click.echo(json.dumps([asdict(line) for line in lines], ensure_ascii=False))
    else:
        width = max(len(line.what) for line in lines)
        for line in lines:
            click.echo(f"{'ok  ' if line.ok else 'FAIL'}  {line.what:<{width}}  {line.seen}")
    return Exit.OK if all(line.ok for line in lines) else Exit.FAILED


def _lines(config: Config) -> Iterator[Line]:
    yield Line("configuration", ok=True, seen="every setting can be used")
    trusted = SystemClock(always_trusted=config.kiosk.clock == "trusted").now().trusted
    yield Line("clock", trusted, "synchronised" if trusted else "not synchronised: staff are asked about each card")
    places = places_of(config)
    identity: Identity | None = None
    try:
        identity = IdentityFile(places.identity).load()
        yield _identity_line(config, identity)
    except StoreError as error:
        yield Line("identity", ok=False, seen=str(error))
    try:
        yield from _database_lines(asyncio.run(_known(config, places)))
    except KioskError as error:
        yield Line("database", ok=False, seen=str(error))
    yield from asyncio.run(_register_lines(config, identity))
    if config.screen.certificate is not None:
        yield _page_certificate_line(Path(config.screen.certificate))


def _chain_lines(config: Config) -> Iterator[Line]:
    places = places_of(config)
    try:
        require_database(places)
        with contextlib.closing(Database.open(places.database)) as database:
            report = asyncio.run(database.read(verify_chain))
    except KioskError as error:
        yield Line("chain", ok=False, seen=str(error))
        return
    older = f"; {report.before} older ones are in no chain" if report.before else ""
    yield Line("chain", ok=True, seen=f"{report.links} uses in it{older}")
    for fault in report.faults:
        yield Line("chain", ok=False, seen=fault)


def _identity_line(config: Config, identity: Identity | None) -> Line:
    if identity is not None:
        return Line("identity", ok=True, seen=f"kiosk {identity.kiosk_id} of venue {identity.venue_id}")
    path = token_file(config)
    if path is not None and path.exists():
        return Line("identity", ok=False, seen="not enrolled yet; the token is there, the first start enrols")
    return Line("identity", ok=False, seen="not enrolled, and there is no enrolment token")


async def _known(config: Config, places: Places) -> Known:
    require_database(places)
    with contextlib.closing(Database.open(places.database)) as database:
        catalogue = Catalogue(database, door=config.kiosk.name)
        return Known(await catalogue.profile(), await catalogue.feed_state(), await Outbox(database).depth())


def _database_lines(known: Known) -> Iterator[Line]:
    yield Line("database", ok=True, seen="opens, and is of this version")
    synced = known.feed.list_synced_at
    if known.profile is None or synced is None:
        yield Line("card list", ok=False, seen="not there yet: the register has to be reached once")
    else:
        age = dt.datetime.now(dt.UTC) - synced
        fresh = age < known.profile.policy.list_age_limit
        yield Line("card list", fresh, f"confirmed by the register {int(age.total_seconds() // 60)} minutes ago")
    depth = known.depth
    waiting = f"{depth.waiting} wait ({depth.blamed} are not taken)" if depth.blamed else f"{depth.waiting} wait"
    seen = f"{waiting}, {depth.delivered} delivered, {depth.flagged} need a look, {depth.parked} parked"
    yield Line("queue", depth.parked == depth.blamed == 0, seen)


async def _register_lines(config: Config, identity: Identity | None) -> list[Line]:
    if config.register.url is None:
        return [Line("register", ok=False, seen="register.url is missing")]
    try:
        address = register_address(config)
        async with address.client(None if identity is None else identity.key) as client:
            if identity is None:
                return [Line("register", ok=False, seen="cannot be asked before enrolment")]
            told = await client.profile()
    except RegisterError as error:
        return [Line("register", ok=False, seen=str(error))]
    name = "answers" if told.profile is None else f"answers as the register of {told.profile.venue.name.fi}"
    lines = [Line("register", ok=True, seen=name)]
    shown = await certificate_of(address.url, address.tls, timeout_s=address.timeout_s)
    if shown is not None:
        lines.append(certificate_line("register's certificate", ends_at(shown), now=dt.datetime.now(dt.UTC)))
    return lines


def _page_certificate_line(path: Path) -> Line:
    what = "page's certificate"
    try:
        return certificate_line(what, file_ends_at(path), now=dt.datetime.now(dt.UTC))
    except OSError as error:
        return Line(what, ok=False, seen=f"{path} cannot be read: {error.strerror}")
    except ValueError as error:
        return Line(what, ok=False, seen=f"{path}: {error}")


def certificate_line(what: str, end: dt.datetime, *, now: dt.datetime) -> Line:
    """Whether a certificate that ends at `end` is good for long enough."""
    left = end - now
    if left <= dt.timedelta(0):
        return Line(what, ok=False, seen=f"ended on {end:%Y-%m-%d}: bring a new one")
    days = f"good until {end:%Y-%m-%d}, {left.days} days"
    enough = left >= CERTIFICATE_PATIENCE
    return Line(what, enough, days if enough else f"{days} only: bring a new one")
