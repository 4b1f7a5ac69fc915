"""The page of what needs a look: what staff have seen goes below, and is counted no more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web

from kiosk.clock import Clock
from kiosk.screen.access import Session
from kiosk.screen.forms import Form, fields_of
from kiosk.screen.office.ports import Back
from kiosk.screen.office.views import look_rows
from kiosk.screen.translations import Translator

PATH = "/venue/look"


@dataclass(frozen=True, slots=True)
class LookPage:
    """What the register flagged or refuses, and what has become of it."""

    back: Back
    clock: Clock
    translator_of: Callable[[web.Request], Translator]
    draw: Callable[..., web.Response]
    """Request, session and values to the page."""

    async def look(self, request: web.Request, session: Session) -> web.Response:
        """`GET /venue/look`."""
        t, archive = self.translator_of(request), self.back.archive
        rows, away = await archive.needs_look(), await archive.put_away()
        return self.draw(request, session, rows=look_rows(rows, t), away=look_rows(away, t))

    async def seen(self, request: web.Request, _: Session) -> web.Response:
        """`POST /venue/seen`: staff have seen the record `item`."""
        item_id = (await form_of(request)).get("item", "")
        await self.back.archive.mark_seen(item_id, self.clock.now().utc)
        self.back.looked()
        raise web.HTTPSeeOther(PATH)


async def form_of(request: web.Request) -> Form:
    """The fields of a plain form; none where something else was sent."""
    is_form = request.content_type == "application/x-www-form-urlencoded"
    try:
        return fields_of(await request.read()) if is_form else {}
    except web.RequestPayloadError:
        return {}
