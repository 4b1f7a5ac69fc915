"""`GET /v1/changes`: the long poll."""

from __future__ import annotations

import asyncio
import contextlib
import re
from functools import partial

import msgspec
from aiohttp import web

from contract.messages import Changes, Cursor
from contract.operations import MAX_WAIT_S
from register.errors import Declined
from register.model import Kiosk
from register.server.bodies import answer
from register.server.services import SERVICES, Services
from register.store.feed import Page, read_page

MAX_CHANGES = 1000
_WAIT = re.compile(r"[0-9]{1,2}", re.ASCII)


async def get_changes(request: web.Request, kiosk: Kiosk) -> web.Response:
    """News after `since`, at once or after at most `wait` seconds; the end of the server ends the wait."""
    since, wait_s = _since_of(request), _wait_s_of(request)
    services = request.app[SERVICES]
    page = await _news_within(services, kiosk, since, wait_s)
    now = services.clock.now()
    return answer(Changes(cursor=page.cursor, changes=page.changes, more=page.more, server_time=now))


async def _news_within(services: Services, kiosk: Kiosk, since: str, wait_s: int) -> Page:
    with services.news.bell_of(kiosk.venue_id) as bell:
        page = await _read(services, kiosk, since)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(wait_s):
                while not page.changes and not services.news.closed and wait_s:
                    await bell.wait()
                    bell.clear()
                    page = await _read(services, kiosk, since)
    return page


async def _read(services: Services, kiosk: Kiosk, since: str) -> Page:
    job = partial(read_page, kiosk=kiosk, since=since, now=services.clock.now(), limit=MAX_CHANGES)
    page = await services.register.database.read(job)
    if page is None:
        raise Declined("cursor-gone", "take a new snapshot")
    return page


def _since_of(request: web.Request) -> str:
    try:
        return msgspec.convert(request.query.get("since"), type=Cursor)
    except msgspec.ValidationError as error:
        raise Declined("malformed", f"since: {error}") from None


def _wait_s_of(request: web.Request) -> int:
    text = request.query.get("wait", "0")
    if _WAIT.fullmatch(text) is None or int(text) > MAX_WAIT_S:
        raise Declined("malformed", f"wait: whole seconds from 0 to {MAX_WAIT_S}")
    return int(text)
