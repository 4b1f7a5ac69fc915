"""The paper form: printed for the worst night, and its lines entered afterwards."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web

from kiosk.ids import new_id
from kiosk.screen.access import Session
from kiosk.screen.forms import Form
from kiosk.screen.office import field_words as say
from kiosk.screen.office.days import days_until
from kiosk.screen.office.frame import Frame, Page, form_of, html_of
from kiosk.screen.office.paper_forms import BadLine, read_line
from kiosk.screen.office.paper_heads import form_heads
from kiosk.screen.office.ports import Paper

LINES = 18
DAYS = 61
"""As far back as lines are taken."""


@dataclass(frozen=True, slots=True)
class PaperPages:
    """The empty form and its re-entry."""

    frame: Frame
    paper: Paper

    @property
    def shown(self) -> dict[str, Page]:
        """What is looked at."""
        return {"/venue/paper": self._empty, "/venue/paper/form": self._form}

    @property
    def done(self) -> dict[str, Page]:
        """What changes something."""
        return {"/venue/paper": self._enter}

    async def _empty(self, request: web.Request, session: Session) -> web.Response:
        return self._page(request, session, {}, {})

    async def _enter(self, request: web.Request, session: Session) -> web.Response:
        t, form = self.frame.translator_of(request), await form_of(request)
        try:
            line = read_line(form, self.frame.zone)
        except BadLine as error:
            return self._page(request, session, form, say.line_wrong(t, error.wrong))
        why = await self.paper.record(
            entry_id=line.id,
            number=line.number,
            at=line.at,
            kind=line.kind,
            tickets=line.tickets,
            event_label=line.event,
        )
        if why:
            return self._page(request, session, form, say.paper_refused(t, why))
        raise web.HTTPSeeOther("/venue/paper?done=1")

    def _page(self, request: web.Request, session: Session, form: Form, wrong: say.Wrong) -> web.Response:
        today = self.frame.today
        typed = {"day": today.isoformat(), "time": "", "number": "", "event": "", "course": "0"}
        typed |= {"own": "1", "children": "0", "clients": "0", "assistants": "0"}
        typed |= {"entry": new_id(self.frame.clock.now().utc)} | dict(form)
        done = request.query.get("done") == "1"
        t = self.frame.translator_of(request)
        days = [(day.isoformat(), t.short_weekday(day)) for day in days_until(today, DAYS)]
        return self.frame.page("paper", request, session, typed=typed, wrong=wrong, done=done, days=days)

    async def _form(self, request: web.Request, session: Session) -> web.Response:
        t = self.frame.translator_of(request)
        venue = self.frame.board.state.venue
        name = "" if venue is None else t.name(venue)
        walking = self.frame.walk.is_by(session.token)
        values = {"heads": form_heads(t), "lines": LINES, "venue": name, "walking": walking}
        return html_of(self.frame.draw("office/paper_form.html", t, **values))
