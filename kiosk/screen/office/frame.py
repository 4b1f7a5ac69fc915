"""What every one of the venue's pages is drawn with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from aiohttp import web

from kiosk.clock import Clock
from kiosk.screen.access import Session
from kiosk.screen.board import Board
from kiosk.screen.forms import Form, fields_of
from kiosk.screen.guard import is_this_machine
from kiosk.screen.office import office_words as say
from kiosk.screen.translations import Translator
from kiosk.screen.walk import Walk

SESSION_COOKIE = "desk"
Draw = Callable[..., str]
"""Template, translator and values to a page."""
Page = Callable[[web.Request, Session], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Frame:
    """The frame around the pages, and the day that they are about."""

    board: Board
    draw: Draw
    translator_of: Callable[[web.Request], Translator]
    clock: Clock
    zone: ZoneInfo
    walk: Walk

    @property
    def today(self) -> dt.date:
        """The day at the venue."""
        return self.clock.now().utc.astimezone(self.zone).date()

    def page(self, name: str, request: web.Request, session: Session, **values: object) -> web.Response:
        """The page of the template `name`, with the menu around it."""
        t = self.translator_of(request)
        state = self.board.state
        every: dict[str, object] = {"here": name, "form": session.form_token}
        every["needs_look"] = t.number(state.needs_look) if state.needs_look else ""
        every["own_screen"] = is_this_machine(request.remote)
        every["walking"] = self.walk.is_by(session.token)
        every["not_done"] = say.not_undone(t, state.desk.notice)
        return html_of(self.draw(f"office/{name}.html", t, **every, **values))


async def form_of(request: web.Request) -> Form:
    """The fields of a plain form; none where something else was sent."""
    is_form = request.content_type == "application/x-www-form-urlencoded"
    try:
        return fields_of(await request.read()) if is_form else {}
    except web.RequestPayloadError:
        return {}


def html_of(text: str, status: int = 200) -> web.Response:
    """`text` as a page."""
    return web.Response(text=text, status=status, content_type="text/html")
