"""The routes of the venue's pages: the PIN first, then each page by itself, in plain forms that need no script."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from aiohttp import web

from kiosk.cards.desk_events import ModeSet, Touched, UndoPressed
from kiosk.cards.desk_state import DeskMode
from kiosk.cards.figures import figures_of
from kiosk.cards.model import Event
from kiosk.cards.practice import PracticeCard
from kiosk.screen.access import Access, Session, is_own_form
from kiosk.screen.office import office_words as say
from kiosk.screen.office.days import around, bounds, day_asked_for, months_until, time_asked_for
from kiosk.screen.office.event_pages import EventPages
from kiosk.screen.office.frame import SESSION_COOKIE, Frame, Page, form_of, html_of
from kiosk.screen.office.looking import LookPages
from kiosk.screen.office.paper_csv import uses_as_csv
from kiosk.screen.office.paper_pages import PaperPages
from kiosk.screen.office.ports import Back
from kiosk.screen.office.views import figures_view, health_rows, use_rows
from kiosk.screen.office.walking import PATH as WALK
from kiosk.screen.office.walking import WalkPages, admitted

HOME = "/venue"
MODES = ("closed", "locked", "self_service", "practice")


@dataclass(frozen=True, slots=True)
class Office:
    """The pages, with all that is behind them."""

    access: Access
    frame: Frame
    back: Back
    """Whether pages come by TLS, and so the cookie too."""

    def add_to(self, app: web.Application) -> None:
        """Serve the pages in `app`."""
        app.router.add_get("/venue/pin", self._ask_pin)
        app.router.add_post("/venue/pin", self._enter)
        app.on_shutdown.append(self._hang_up)
        walking = WalkPages(self.frame)
        app.router.add_post(WALK, walking.enter)
        app.router.add_get(WALK, walking.steps, allow_head=False)
        paper = PaperPages(self.frame, self.back.paper)
        events = EventPages(self.frame, self.back.programme, self.back.by_hand, self.back.hands)
        looking = LookPages(self.frame, self.back.archive, self.back.looked)
        shown: dict[str, Page] = {
            HOME: self._uses,
            **looking.shown,
            "/venue/figures": self._figures,
            "/venue/uses.csv": self._csv,
            **paper.shown,
            **events.shown,
            "/venue/desk": self._desk,
            "/venue/health": self._health,
        }
        done: dict[str, Page] = {
            "/venue/undo": self._undo,
            **looking.done,
            "/venue/mode": self._mode,
            **paper.done,
            **events.done,
            "/venue/leave": self._leave,
        }
        for path, page in shown.items():
            app.router.add_get(path, self._behind_pin(page))
        for path, page in done.items():
            app.router.add_post(path, self._behind_pin(self._own_form(page)))

    def session_of(self, request: web.Request) -> Session | None:
        """The session of whoever asks; none while the desk is locked, which the PIN alone opens."""
        if self.frame.board.state.desk.mode.locked:
            return None
        return self.access.session(request.cookies.get(SESSION_COOKIE, ""))

    def is_walked(self, request: web.Request) -> bool:
        """Whether whoever asks walks these pages by code or button."""
        return self.frame.walk.is_by(request.cookies.get(SESSION_COOKIE, ""))

    def came_home(self, request: web.Request) -> None:
        """Whoever walked these pages is at the desk again, and behind them no more."""
        self.frame.walk.came_home(request.cookies.get(SESSION_COOKIE, ""))

    async def _hang_up(self, _: web.Application) -> None:
        self.frame.walk.end()

    # --- the PIN

    async def _ask_pin(self, request: web.Request) -> web.Response:
        return self._pin_page(request, "")

    async def _enter(self, request: web.Request) -> web.Response:
        t = self.frame.translator_of(request)
        form = await form_of(request)
        session = await self.access.enter(form.get("pin", ""))
        if session is None:
            return self._pin_page(request, t.gettext("That is not the PIN."), status=403)
        mode = self.frame.board.state.desk.mode
        if mode.locked:
            await self._set_mode(replace(mode, locked=False))
        answer = web.HTTPSeeOther("/" if mode.locked else "/venue/desk" if mode.closed else HOME)
        raise admitted(answer, request, session)

    def _pin_page(self, request: web.Request, wrong: str, status: int = 200) -> web.Response:
        t = self.frame.translator_of(request)
        values = {"has_pin": self.access.has_pin, "wrong": wrong, "wait_s": self.access.wait_s}
        return html_of(self.frame.draw("office/pin.html", t, **values), status)

    async def _leave(self, _: web.Request, session: Session) -> web.Response:
        self.access.leave(session.token)
        raise web.HTTPSeeOther("/")

    def _behind_pin(self, page: Page) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def guarded(request: web.Request) -> web.StreamResponse:
            session = self.session_of(request)
            if session is None:
                # By codes or buttons nobody gets away from the page that asks for the PIN.
                walked = self.frame.walk.was_by(request.cookies.get(SESSION_COOKIE, ""))
                raise web.HTTPSeeOther("/" if walked else "/venue/pin")
            # Not waited for: these pages must open also beside a desk that is busy, or stands still.
            self.back.hands.hear(Touched(self.frame.clock.now().monotonic_ms))
            answer = await page(request, session)
            if self.frame.walk.was_by(session.token) and not self.frame.walk.is_by(session.token):
                # A card came while it was drawn: nobody gets away from a page that hears of no step.
                raise web.HTTPSeeOther("/")
            return answer

        return guarded

    def _own_form(self, page: Page) -> Page:
        async def guarded(request: web.Request, session: Session) -> web.StreamResponse:
            if not is_own_form(session, (await form_of(request)).get("form", "")):
                t = self.frame.translator_of(request)
                text = t.gettext("This was sent from another site: nothing was changed.")
                raise web.HTTPForbidden(text=text)
            return await page(request, session)

        return guarded

    # --- the pages

    async def _uses(self, request: web.Request, session: Session) -> web.Response:
        t = self.frame.translator_of(request)
        today = self.frame.today
        day = day_asked_for(request.query.get("day", ""), today)
        uses = await self.back.archive.uses_of_day(*bounds(self.frame.zone, day, day))
        rows = use_rows(uses, await self._events(day, day), t)
        return self.frame.page(
            "uses", request, session, rows=rows, day=t.weekday(day), iso=day.isoformat(), **around(day, today)
        )

    async def _undo(self, request: web.Request, _: Session) -> web.Response:
        form, now = await form_of(request), self.frame.clock.now()
        if form.get("use"):
            await self.back.hands.do(UndoPressed(form["use"], now.utc, now.monotonic_ms, behind_pin=True))
        raise web.HTTPSeeOther(_own_path(form.get("back", HOME)))

    async def _figures(self, request: web.Request, session: Session) -> web.Response:
        t = self.frame.translator_of(request)
        first, last, period = time_asked_for(request.query, self.frame.today)
        uses, refusals = await self.back.archive.counts(*bounds(self.frame.zone, first, last))
        figures = figures_of(uses, refusals, first, last, self.frame.zone)
        return self.frame.page(
            "figures",
            request,
            session,
            first=t.day(first),
            last=t.day(last),
            period=period,
            iso=last.isoformat(),
            months=[(day.isoformat(), t.month_of_year(day)) for day in months_until(self.frame.today)],
            **figures_view(figures, t),
        )

    async def _csv(self, request: web.Request, _: Session) -> web.Response:
        first, last, _period = time_asked_for(request.query, self.frame.today)
        uses = await self.back.archive.uses_of_day(*bounds(self.frame.zone, first, last))
        text = uses_as_csv(uses, await self._events(first, last), self.frame.translator_of(request), self.frame.zone)
        name = f"kaikukortti-{first.isoformat()}-{last.isoformat()}.csv"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return web.Response(text=text, content_type="text/csv", charset="utf-8", headers=headers)

    async def _desk(self, request: web.Request, session: Session) -> web.Response:
        t = self.frame.translator_of(request)
        cards = [(card.value, say.practice_card(t, card)) for card in PracticeCard]
        return self.frame.page("desk", request, session, mode=self.frame.board.state.desk.mode, cards=cards)

    async def _mode(self, request: web.Request, session: Session) -> web.Response:
        form = await form_of(request)
        name = form.get("mode", "")
        if name in MODES:
            await self._set_mode(replace(self.frame.board.state.desk.mode, **{name: form.get("on") == "1"}))
        if name == "locked" and form.get("on") == "1":
            self.access.leave(session.token)  # whoever comes next to this browser must know the PIN
        raise web.HTTPSeeOther("/" if name in ("locked", "practice") and form.get("on") == "1" else "/venue/desk")

    async def _set_mode(self, mode: DeskMode) -> None:
        await self.back.hands.do(ModeSet(mode, self.frame.clock.now().monotonic_ms))

    async def _health(self, request: web.Request, session: Session) -> web.Response:
        rows = health_rows(self.back.health.parts(), self.frame.translator_of(request))
        return self.frame.page("health", request, session, rows=rows)

    # --- what they share

    async def _events(self, first: dt.date, last: dt.date) -> dict[str, Event]:
        return {event.id: event for event in await self.back.programme.events(*bounds(self.frame.zone, first, last))}


def _own_path(path: str) -> str:
    """`path` where it is one of these pages; a form cannot send people elsewhere."""
    return path if path.startswith("/venue") and "//" not in path and "\\" not in path else HOME
