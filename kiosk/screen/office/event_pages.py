"""The day's events: what the register told of, and what staff add by hand because it does not know them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from aiohttp import web

from kiosk.cards.desk_events import EventChosen
from kiosk.cards.desk_state import EventChoice
from kiosk.cards.model import Event
from kiosk.cards.quota import quota_limit
from kiosk.ids import new_id
from kiosk.screen.access import Session
from kiosk.screen.forms import Form
from kiosk.screen.office import field_words as say
from kiosk.screen.office.days import bounds
from kiosk.screen.office.event_forms import BadEvent, read_event
from kiosk.screen.office.frame import Frame, Page, form_of
from kiosk.screen.office.ports import EventsByHand, Hands, Programme
from kiosk.screen.office.views import Places, event_rows


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
        return await self._page(request, session, {}, {})

    async def _add(self, request: web.Request, session: Session) -> web.Response:
        t, form = self.frame.translator_of(request), await form_of(request)
        try:
            event = read_event(form, self.frame.today, self.frame.zone)
        except BadEvent as error:
            return await self._page(request, session, form, say.event_wrong(t, error.wrong))
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

    async def _places(self, event: Event, today: dt.date) -> Places | None:
        """How many places of `event` are for cards, and left of them; None: there is no quota."""
        if event.places is None:
            return None
        facts = await self.programme.facts_without_card(
            event.id,
            day=bounds(self.frame.zone, today, today),
            online=self.frame.board.state.online,
            clock_trusted=self.frame.clock.now().trusted,
        )
        limit = quota_limit(event, facts.policy)
        return None if limit is None else Places(limit, max(0, limit - facts.quota_used))

    async def _page(self, request: web.Request, session: Session, form: Form, wrong: say.Wrong) -> web.Response:
        today, t = self.frame.today, self.frame.translator_of(request)
        events = await self.programme.events(*bounds(self.frame.zone, today, today))
        rows = event_rows(events, {event.id: await self._places(event, today) for event in events}, t)
        typed = {"name": "", "time": "", "entry": new_id(self.frame.clock.now().utc)} | dict(form)
        return self.frame.page("events", request, session, rows=rows, typed=typed, wrong=wrong, day=t.weekday(today))
