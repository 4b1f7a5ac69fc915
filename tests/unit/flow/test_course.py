"""A course place: what the register is asked about is what is recorded, whatever comes back (ADR 15)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest

from kiosk.cards.desk_events import Decided, Recorded
from kiosk.cards.desk_state import DeskTimes, EventChoice, Presentation
from kiosk.cards.model import Answer, CoursePolicy, Event, Facts, Policy, Reason, Scan, Tickets
from kiosk.cards.number import NumberForms
from kiosk.flow.answering import Answerer
from kiosk.flow.ports import FlowSettings, Senses
from kiosk.flow.recording import Recorder
from kiosk.health import Health
from tests.support.clock import FixedClock
from tests.unit.cards.examples import COURSE, HELSINKI, NOW, facts
from tests.unit.flow.test_left_alone import Keys
from tests.unit.flow.test_recording import Disk
from tests.unit.flow.test_today import Store

ACCEPT, ASK, REFUSE = Answer.ACCEPT, Answer.ASK, Answer.REFUSE
TONIGHT = replace(COURSE, starts_at=NOW, ends_at=NOW.replace(hour=20))


@dataclass
class CourseStore(Store):
    """One course with one place a period, and a register that knows how many were used; None: it does not answer."""

    events_today: tuple[Event, ...] = (TONIGHT,)
    fallback: Answer = ASK
    used: int | None = None
    asked_about: list[str] = field(default_factory=list)

    async def course_uses(self, use_id: str, lookup_key: str, event_id: str) -> int | None:
        self.asked_about.append(use_id)
        return self.used

    async def facts(self, lookup_key: str, event_id: str | None, **rest: object) -> Facts:
        told = rest["course_uses"]
        assert told is None or isinstance(told, int)
        limit = CoursePolicy(1, "academic-year", self.fallback)
        return facts(event=TONIGHT, policy=Policy(course=limit), course_uses=told, online=bool(rest["online"]))


@pytest.mark.parametrize(
    ("online", "used", "fallback", "answer", "reasons"),
    [
        pytest.param(True, 0, REFUSE, ACCEPT, (), id="1: a place is left"),
        pytest.param(True, 1, ACCEPT, REFUSE, (Reason.COURSE_LIMIT,), id="2: none is left"),
        pytest.param(True, None, ACCEPT, ACCEPT, (Reason.COURSE_NOT_CHECKED,), id="3: too late, the venue accepts"),
        pytest.param(True, None, ASK, ASK, (Reason.COURSE_NOT_CHECKED,), id="3: too late, the venue asks"),
        pytest.param(True, None, REFUSE, REFUSE, (Reason.COURSE_NOT_CHECKED,), id="3: too late, the venue refuses"),
        pytest.param(False, 0, ACCEPT, ACCEPT, (Reason.COURSE_NOT_CHECKED,), id="4: not reached, the venue accepts"),
        pytest.param(False, 0, ASK, ASK, (Reason.COURSE_NOT_CHECKED,), id="4: not reached, the venue asks"),
        pytest.param(False, 0, REFUSE, REFUSE, (Reason.COURSE_NOT_CHECKED,), id="4: not reached, the venue refuses"),
    ],
)
async def test_what_the_register_was_asked_about_is_what_is_recorded(
    online: bool, used: int | None, fallback: Answer, answer: Answer, reasons: tuple[Reason, ...]
) -> None:
    store, clock, disk, keys = CourseStore(used=used, fallback=fallback), FixedClock(NOW), Disk(), Keys()
    health = Health(clock)
    senses = Senses(keys=lambda: keys, online=lambda: online, recorded=lambda: None, beat=lambda: None)
    settings = FlowSettings(DeskTimes(), NumberForms("[A-Z0-9]+", (), ()), HELSINKI)
    answerer = Answerer(settings=settings, source=store, checks=store, senses=senses, clock=clock, health=health)

    decided = await answerer.look_up(Scan("AB12", "scanner"), EventChoice())

    assert isinstance(decided, Decided)
    found = tuple(finding.reason for finding in decided.decision.findings)
    assert (decided.decision.answer, found) == (answer, reasons)
    assert store.asked_about == ([decided.presentation_id] if online else [])
    if answer is not REFUSE:
        shown = Presentation(
            decided.presentation_id,
            decided.identity,
            decided.facts,
            decided.decision,
            Tickets(),
            warnings=(),
            at_ms=decided.at_ms,
        )
        recorded = await Recorder(disk, senses, clock, health).record(shown)
        assert isinstance(recorded, Recorded)
        assert {use.id: (use.remarks, use.offline) for use in disk.uses.values()} == {
            decided.presentation_id: (reasons, not online)
        }
