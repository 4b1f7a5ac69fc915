"""The day's events: what the register told of, and what staff add by hand because it does not know them."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web

from kiosk.cards.desk_events import EventChosen
from kiosk.cards.desk_state import EventChoice
from kiosk.ids import new_id
from kiosk.screen.access import Session
from kiosk.screen.forms import Form
from kiosk.screen.office.days import bounds
from kiosk.screen.office.event_forms import BadEvent, read_event
from kiosk.screen.office.frame import Frame, Page, form_of
from kiosk.screen.office.ports import EventsByHand, Hands, Programme
from kiosk.screen.office.views import event_rows


@dataclass(frozen=True, slots=True)
class EventPages:
    """One page, and what is done with it."""

    frame: Frame
    programme: Programme
    by_hand: EventsByHand
    hands: Hands

    @property
    def shown(self) -> dict[str, Page]:
        """What is looked at."""
        return {"/venue/events": self._events}

    @property
    def done(self) -> dict[str, Page]:
        """What changes something."""
        return {"/venue/events": self._add, "/venue/events/take-away": self._take_away}

    async def _events(self, request: web.Request, session: Session) -> web.Response:
        return await self._page(request, session, {}, "")

    async def _add(self, request: web.Request, session: Session) -> web.Response:
        t, form = self.frame.translator_of(request), await form_of(request)
        try:
            event = read_event(form, self.frame.today, self.frame.zone)
        except BadEvent:
            return await self._page(
                request, session, form, t.gettext("Give the event a name of at most 80 characters.")
            )
        await self.by_hand.add(event)
        raise web.HTTPSeeOther("/venue/events")

    async def _take_away(self, request: web.Request, _: Session) -> web.Response:
        event_id = (await form_of(request)).get("event", "")
        choice = self.frame.board.state.desk.choice
        await self.by_hand.take_away(event_id)
        # A card on the desk is answered anew, so that nobody is recorded at what was just taken away.
        kept = EventChoice() if choice.event_id == event_id else choice
        await self.hands.do(EventChosen(kept, self.frame.clock.now().monotonic_ms))
        raise web.HTTPSeeOther("/venue/events")

    async def _page(self, request: web.Request, session: Session, form: Form, wrong: str) -> web.Response:
        today, t = self.frame.today, self.frame.translator_of(request)
        rows = event_rows(await self.programme.events(*bounds(self.frame.zone, today, today)), t)
        typed = {"name": "", "time": "", "entry": new_id(self.frame.clock.now().utc)} | dict(form)
        return self.frame.page("events", request, session, rows=rows, typed=typed, wrong=wrong, day=t.weekday(today))
