"""A served register and kiosks that call it, for tests."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp

from contract.messages import LookupParameters
from register.address import Address
from register.demo import events as demo_events
from register.demo.cards import CARDS
from register.demo.places import HALL
from register.demo.seed import seed_cards, seed_places
from register.server.app import create_app
from register.server.news import News
from register.server.service import serving
from register.server.services import SERVICES
from register.store.kiosks import digest_of, new_secret
from register.store.numbers import lookup_key_of
from register.store.opening import Register, open_register
from register.store.tokens import Token, add_token

NOON = dt.datetime(2026, 3, 10, 12, 0, tzinfo=dt.UTC)
NEVER_S = 86_400.0
QUICK_LOOKUP = LookupParameters(salt="5a" * 16, n=16, r=8, p=1)
"""Real scrypt, but quick: these tests are not about guessing."""


class TurnedClock:
    """A clock that goes on only when told to."""

    def __init__(self, at: dt.datetime) -> None:
        self.at = at

    def now(self) -> dt.datetime:
        return self.at

    def go_on(self, by: dt.timedelta) -> None:
        self.at += by


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP answer, read."""

    status: int
    body: Any
    headers: dict[str, str]

    @property
    def problem(self) -> tuple[int, str]:
        """Status and problem type."""
        assert self.headers["Content-Type"] == "application/problem+json", self.body
        assert set(self.body["message"]) == {"fi", "sv", "en"}
        assert self.body["status"] == self.status
        return self.status, self.body["type"]

    @property
    def outcomes(self) -> list[tuple[str, list[str]]]:
        """What became of the items of a batch, with reasons."""
        assert self.status == 200, self.body
        return [(result["outcome"], result["reasons"]) for result in self.body["results"]]


class Door:
    """A kiosk's side of the wire."""

    def __init__(self, session: aiohttp.ClientSession, url: str, key: str = "", kiosk_id: str = "") -> None:
        self.key = key
        self.kiosk_id = kiosk_id
        self._session = session
        self._url = url

    async def call(self, method: str, path: str, **how: Any) -> Reply:
        """Call with this door's key."""
        headers = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        headers |= how.pop("headers", {})
        async with self._session.request(method, self._url + path, headers=headers, **how) as response:
            is_json = "json" in response.content_type and "ndjson" not in response.content_type
            body = await response.json(content_type=None) if is_json else await response.read()
            return Reply(response.status, body, dict(response.headers))

    async def get(self, path: str, **how: Any) -> Reply:
        return await self.call("GET", path, **how)

    async def post(self, path: str, message: Any = None, **how: Any) -> Reply:
        return await self.call("POST", path, json=message, **how)

    async def send(self, *uses: dict[str, Any]) -> Reply:
        return await self.post("/v1/uses", {"uses": uses})

    async def annul(self, *annulments: dict[str, Any]) -> Reply:
        return await self.post("/v1/annulments", {"annulments": annulments})

    async def cursor(self) -> str:
        """Where the feed stands now."""
        reply = await self.get("/v1/snapshot")
        return str(json.loads(reply.body.splitlines()[-1])["cursor"])

    async def changes(self, since: str, wait: int = 0) -> Reply:
        return await self.get("/v1/changes", params={"since": since, "wait": str(wait)})


@dataclass(frozen=True, slots=True)
class House:
    """The served register, and what a test knows of it."""

    register: Register
    database: Path
    clock: TurnedClock
    news: News
    url: str
    session: aiohttp.ClientSession

    @property
    def stranger(self) -> Door:
        """A caller without any key."""
        return Door(self.session, self.url)

    def with_key(self, key: str) -> Door:
        return Door(self.session, self.url, key)

    def database_files(self) -> list[Path]:
        """The database with what SQLite keeps beside it, and the key file."""
        return sorted(self.database.parent.glob(self.database.name + "*"))

    async def until_waiting(self, polls: int) -> None:
        """Return when so many long polls wait."""
        async with asyncio.timeout(10):
            while self.news.listeners != polls:  # noqa: ASYNC110  # the register need not tell tests who waits
                await asyncio.sleep(0)

    async def token(self, venue: str = HALL, kiosk_name: str | None = None) -> str:
        secret = new_secret()
        job = partial(add_token, digest=digest_of(secret), token=Token(venue, kiosk_name), at=self.clock.now())
        await self.register.database.write(job)
        return secret

    async def door(self, name: str = "Main door", venue: str = HALL) -> Door:
        """A newly enrolled kiosk."""
        reply = await self.stranger.post("/v1/enrolments", enrolment_of(await self.token(venue), name))
        assert reply.status == 200, reply.body
        return Door(self.session, self.url, reply.body["key"], reply.body["kiosk_id"])

    def key_of(self, name_part: str) -> str:
        """Lookup key of the demo card whose number holds `name_part`."""
        (card,) = [card for card in CARDS if name_part in card.number]
        return lookup_key_of(card.number, self.register.lookup).hex()

    def event(self, slug: str) -> str:
        """Id of the demo event."""
        return event_id(slug)


def event_id(slug: str) -> str:
    (event,) = [event for event in demo_events.EVENTS if event.slug == slug]
    return demo_events.event_id_of(event)


def enrolment_of(token: str, name: str = "Main door") -> dict[str, Any]:
    return {"token": token, "device": {"name": name, "software_version": "1.0", "hardware": "test bench"}}


@contextlib.asynccontextmanager
async def open_house(database: Path, look_every_s: float = NEVER_S) -> AsyncIterator[House]:
    """Open, seed and serve a register; ends it all. By default it notices only what it wrote itself."""
    clock, register = TurnedClock(NOON), open_register(database, new_lookup=QUICK_LOOKUP)
    try:
        seed_places(register, clock.now())
        seed_cards(register, CARDS, clock.now())
        app = create_app(register, clock, look_every_s)
        async with serving(app, Address("127.0.0.1", 0)) as url, aiohttp.ClientSession() as session:
            yield House(register, database, clock, app[SERVICES].news, url, session)
    finally:
        register.close()
