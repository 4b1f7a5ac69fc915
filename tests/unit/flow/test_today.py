"""With a clock that starts in 1970 the desk still serves the events of the day that the register last told of."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace

from kiosk.cards.desk_events import Decided
from kiosk.cards.desk_state import DeskTimes, EventChoice
from kiosk.cards.exchange import QueueDepth
from kiosk.cards.model import CardIdentity, Event, Facts, UseKind
from kiosk.cards.number import NumberForms
from kiosk.clock import SameBoot
from kiosk.flow.answering import Answerer
from kiosk.flow.day import day_around
from kiosk.flow.ports import FlowSettings, Senses
from kiosk.flow.recording import use_of
from kiosk.health import Health
from kiosk.surroundings import Watch
from tests.support import desks
from tests.support.clock import FixedClock
from tests.unit.cards.examples import CONCERT, HELSINKI, IDENTITY, NOW, facts

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
TONIGHT = replace(CONCERT, starts_at=NOW - dt.timedelta(hours=1), ends_at=NOW + dt.timedelta(hours=1))


@dataclass
class Store:
    """One evening's event, and what the register last said of the time."""

    newest: dt.datetime | None = NOW
    events_today: tuple[Event, ...] = (TONIGHT,)
    asked: list[str | None] = field(default_factory=list)

    async def events(self, start: dt.datetime, end: dt.datetime) -> tuple[Event, ...]:
        return tuple(event for event in self.events_today if event.ends_at >= start and event.starts_at < end)

    days: list[tuple[object, object]] = field(default_factory=list)

    async def facts(self, lookup_key: str, event_id: str | None, **rest: object) -> Facts:
        self.asked.append(event_id)
        self.days.append((rest.get("day"), rest.get("day_here")))
        return facts(event=TONIGHT if event_id == TONIGHT.id else None, newest_register_time=self.newest)

    async def facts_without_card(self, event_id: str | None, **_: object) -> Facts:
        return await self.facts("", event_id)

    async def depth(self) -> QueueDepth:
        return QueueDepth(0, 0, 0, 0, None)

    async def course_uses(self, use_id: str, lookup_key: str, event_id: str) -> int | None:
        return None


def answerer(store: Store, clock: FixedClock) -> Answerer:
    senses = Senses(keys=lambda: None, online=lambda: False, recorded=lambda: None, beat=lambda: None)
    settings = FlowSettings(DeskTimes(), NumberForms("[A-Z0-9]+", (), ()), HELSINKI)
    return Answerer(settings=settings, source=store, checks=store, senses=senses, clock=clock, health=Health(clock))


def watching(store: Store, clock: FixedClock) -> Watch:
    return Watch(
        source=store,
        queue=store,
        choice=EventChoice,
        online=lambda: False,
        show=lambda _: None,
        clock=clock,
        zone=HELSINKI,
        health=Health(clock),
    )


async def test_a_card_in_1970_is_held_against_tonights_event() -> None:
    store, clock = Store(), FixedClock(EPOCH, trusted=False)
    desk = answerer(store, clock)
    for _ in range(2):
        decided = await desk.decide("a-use", CardIdentity("00" * 16, None, "7X"), EventChoice())
        assert isinstance(decided, Decided)
        assert decided.facts.event == TONIGHT
    assert store.asked == [None, TONIGHT.id, TONIGHT.id], "asked twice only at the first card"
    assert await desk.events_today() == (TONIGHT,)


async def test_in_1970_the_start_of_today_is_told_by_the_clock_that_never_steps_as_well() -> None:
    store, clock = Store(), FixedClock(EPOCH, trusted=False)
    await answerer(store, clock).decide("a-use", CardIdentity("00" * 16, None, "7X"), EventChoice())
    start, end = day_around(NOW, HELSINKI)
    since_start_ms = (NOW - start) // dt.timedelta(milliseconds=1)
    assert store.days[-1] == ((start, end), SameBoot(clock.now().boot_id, clock.monotonic_ms - since_start_ms))


async def test_a_register_that_was_a_year_ahead_takes_the_events_away_no_longer_than_it_is_believed() -> None:
    store, clock = Store(newest=NOW + dt.timedelta(days=365)), FixedClock(NOW)
    desk = answerer(store, clock)
    card = CardIdentity("00" * 16, None, "7X")
    await desk.decide("a-use", card, EventChoice())
    assert await desk.events_today() == ()
    store.newest = NOW
    decided = await desk.decide("a-use", card, EventChoice())
    assert isinstance(decided, Decided)
    assert (decided.facts.event, await desk.events_today()) == (TONIGHT, (TONIGHT,))


async def test_the_page_shows_what_is_over_behind_what_is_yet_to_come_and_the_next_event_is_the_pages() -> None:
    over = replace(TONIGHT, id="over", starts_at=NOW - dt.timedelta(hours=3), ends_at=NOW)
    store, clock = Store(events_today=(over, TONIGHT)), FixedClock(NOW)
    assert (await watching(store, clock).look()).events == (TONIGHT, over)
    assert await answerer(store, clock).events_today() == (TONIGHT, over)


async def test_the_page_shows_tonights_event_again_when_the_register_is_no_longer_a_year_ahead() -> None:
    store, clock = Store(newest=NOW + dt.timedelta(days=365)), FixedClock(NOW)
    watch = watching(store, clock)
    assert (await watch.look()).chosen is None
    store.newest = NOW
    assert (await watch.look()).chosen == TONIGHT


async def test_a_right_clock_asks_once() -> None:
    store = Store()
    await answerer(store, FixedClock(NOW)).decide("a-use", CardIdentity("00" * 16, None, "7X"), EventChoice())
    assert store.asked == [TONIGHT.id]


async def test_the_page_in_1970_shows_tonights_event() -> None:
    now = await watching(Store(), FixedClock(EPOCH, trusted=False)).look()
    assert (now.events, now.chosen) == ((TONIGHT,), TONIGHT)


async def test_a_card_at_an_event_added_by_hand_is_general_admission_under_its_name() -> None:
    store = Store(events_today=(replace(TONIGHT, id="by-hand", by_hand=True, category=None),))
    decided = await answerer(store, FixedClock(NOW)).decide(
        "a-use", CardIdentity("00" * 16, None, "7X"), EventChoice(automatic=False, event_id="by-hand")
    )
    assert isinstance(decided, Decided)
    assert (store.asked, decided.facts.event, decided.facts.event_label) == ([None], None, "Konsertti")
    presentation = replace(desks.on_desk(desks.presented("p1")), facts=decided.facts)
    use = use_of(presentation, IDENTITY, decided.facts, FixedClock(NOW).now(), online=True)
    assert (use.event_id, use.kind, use.event_label) == (None, UseKind.ENTRANCE, "Konsertti")
