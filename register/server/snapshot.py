"""`GET /v1/snapshot`: the whole card list as gzip NDJSON, in bounded memory."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import zlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from functools import partial

import msgspec
import sqlite_utils
from aiohttp import hdrs, web

from contract.messages import LookupKey, ProfileChanged, SnapshotEnd, SnapshotHead, SnapshotLine
from contract.operations import NDJSON
from register.errors import Declined, StoreUnavailable
from register.intake.verdicts import verdicts_since
from register.model import Kiosk
from register.rules.days import day_of, span_of_day
from register.server.services import SERVICES, Services
from register.store.cards import count_cards, list_cards
from register.store.events import list_events
from register.store.feed import KEPT_FOR, cursor_now
from register.store.profiles import profile_of
from register.store.uses import list_uses_elsewhere
from register.store.venue_annulments import list_annulled_by_venue

log = logging.getLogger(__name__)
CARDS_AT_ONCE = 2000
EVENTS_LINGER = dt.timedelta(hours=24)
"""Events that ended so recently are told too: staff may still undo and correct."""
_GZIP = 31  # zlib's number for a gzip wrapper with the largest window
_FAST = 3  # cards are mostly random keys: more effort hardly makes them smaller


@dataclass(frozen=True, slots=True)
class Opening:
    """What comes before the cards."""

    cursor: str
    lines: tuple[SnapshotLine, ...]


async def get_snapshot(request: web.Request, kiosk: Kiosk) -> web.StreamResponse:
    """The list from its start, or, with `from`, the cards after that key."""
    services, after = request.app[SERVICES], _from_of(request)
    job = partial(_opening, kiosk=kiosk, after=after, now=services.clock.now())
    opening = await services.register.database.read(job)  # before the headers: until here it may still be declined
    response = web.StreamResponse(headers={hdrs.CONTENT_ENCODING: "gzip", hdrs.CACHE_CONTROL: "no-store"})
    response.content_type = NDJSON
    await response.prepare(request)
    try:
        async for part in _packed(services, opening, after or b""):
            await response.write(part)
    except StoreUnavailable as error:
        log.warning("a snapshot was cut off: %s", error)
        if request.transport is not None:
            request.transport.abort()  # without its last line the kiosk knows that it was cut, and resumes
    return response


async def _packed(services: Services, opening: Opening, after: bytes) -> AsyncIterator[bytes]:
    packer = zlib.compressobj(level=_FAST, wbits=_GZIP)
    yield _pack(packer, opening.lines)
    while cards := await services.register.database.read(partial(list_cards, after=after, limit=CARDS_AT_ONCE)):
        yield await asyncio.to_thread(_pack, packer, cards)
        after = bytes.fromhex(cards[-1].lookup_key)
    yield _pack(packer, [SnapshotEnd(cursor=opening.cursor)]) + packer.flush()


def _pack(packer: zlib._Compress, lines: Sequence[SnapshotLine]) -> bytes:
    return packer.compress(msgspec.json.Encoder().encode_lines(lines))


def _opening(db: sqlite_utils.Database, *, kiosk: Kiosk, after: bytes | None, now: dt.datetime) -> Opening:
    cursor = cursor_now(db)  # in the same view as the rest, and before the cards: the feed brings what changes later
    before: list[SnapshotLine] = []
    if after is None:
        events = list_events(db, kiosk.venue_id, ending_after=now - EVENTS_LINGER)
        today = span_of_day(day_of(now))
        before = [ProfileChanged(profile=profile_of(db, kiosk, now)), *events]
        before += list_uses_elsewhere(db, kiosk, [event.id for event in events], today)
        # Those in the part of the feed that this list stands for would be lost.
        before += verdicts_since(db, kiosk, now - KEPT_FOR)
        before += list_annulled_by_venue(db, kiosk, now - KEPT_FOR)
    lines = len(before) + count_cards(db, after=after or b"") + 1
    return Opening(cursor, (SnapshotHead(cursor=cursor, lines=lines, server_time=now), *before))


def _from_of(request: web.Request) -> bytes | None:
    if "from" not in request.query:
        return None
    try:
        return bytes.fromhex(msgspec.convert(request.query["from"], type=LookupKey))
    except msgspec.ValidationError as error:
        raise Declined("malformed", f"from: {error}") from None
