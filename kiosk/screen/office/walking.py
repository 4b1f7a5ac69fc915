"""How the kiosk's own screen comes to the venue's pages by code or button, and hears of each step over them."""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import dataclass

from aiohttp import web

from kiosk.screen.access import Session
from kiosk.screen.guard import is_this_machine
from kiosk.screen.office.frame import SESSION_COOKIE, Frame, form_of
from kiosk.screen.stream import BEAT, BEAT_S, HEADERS

PATH = "/venue/walk"
HOME = b"event: home\ndata:\n\n"


@dataclass(frozen=True, slots=True)
class WalkPages:
    """The way in by ticket, the steps out by event stream; for a browser on this machine alone."""

    frame: Frame

    async def enter(self, request: web.Request) -> web.Response:
        """Take the ticket that this screen was told; with any other it stays at the desk."""
        self._own_screen_alone(request)
        session = self.frame.walk.redeem((await form_of(request)).get("ticket", ""))
        if session is None:
            # Not led there anew: another window of this browser may walk, and would have come home by it.
            return web.Response(status=204)
        closed = self.frame.board.state.desk.mode.closed
        raise admitted(web.HTTPSeeOther("/venue/desk" if closed else "/venue"), request, session)

    async def steps(self, request: web.Request) -> web.StreamResponse:
        """Every step, as long as the page listens and its session walks."""
        self._own_screen_alone(request)
        walk = self.frame.walk
        if not walk.is_by(request.cookies.get(SESSION_COOKIE, "")):
            raise web.HTTPForbidden(text=self.frame.translator_of(request).gettext("Enter the PIN first."))
        response = web.StreamResponse(headers=HEADERS)
        try:
            await response.prepare(request)
            async with aclosing(walk.steps(BEAT_S)) as steps:
                async for step in steps:
                    await response.write(BEAT if step is None else f"event: step\ndata: {step}\n\n".encode())
            if not walk.is_on:
                await response.write(HOME)
        except ConnectionError:
            pass  # another page is on its way
        return response

    def _own_screen_alone(self, request: web.Request) -> None:
        if not is_this_machine(request.remote):
            text = self.frame.translator_of(request).gettext("The kiosk does not answer under this address.")
            raise web.HTTPForbidden(text=text)


def admitted(answer: web.HTTPSeeOther, request: web.Request, session: Session) -> web.HTTPSeeOther:
    """`answer`, with the cookie of `session` for this browser."""
    answer.set_cookie(SESSION_COOKIE, session.token, httponly=True, samesite="Strict", secure=request.secure)
    return answer
