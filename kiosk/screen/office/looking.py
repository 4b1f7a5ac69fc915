"""The page of what needs a look: what staff have seen goes below, and is counted no more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web

from kiosk.screen.access import Session
from kiosk.screen.office.frame import Frame, Page, form_of
from kiosk.screen.office.ports import Archive
from kiosk.screen.office.views import look_rows

PATH = "/venue/look"


@dataclass(frozen=True, slots=True)
class LookPages:
    """What the register flagged or refuses, and what has become of it."""

    frame: Frame
    archive: Archive
    looked: Callable[[], None]
    """Called when staff have seen something, so that the desk counts anew."""

    @property
    def shown(self) -> dict[str, Page]:
        """What is looked at."""
        return {PATH: self._look}

    @property
    def done(self) -> dict[str, Page]:
        """What changes something."""
        return {"/venue/seen": self._seen}

    async def _look(self, request: web.Request, session: Session) -> web.Response:
        t = self.frame.translator_of(request)
        rows, away = await self.archive.needs_look(), await self.archive.put_away()
        return self.frame.page("look", request, session, rows=look_rows(rows, t), away=look_rows(away, t))

    async def _seen(self, request: web.Request, _: Session) -> web.Response:
        item_id = (await form_of(request)).get("item", "")
        await self.archive.mark_seen(item_id, self.frame.clock.now().utc)
        self.looked()
        raise web.HTTPSeeOther(PATH)
