"""Which event the desk serves."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from kiosk.cards.desk_state import EventChoice
from kiosk.cards.model import Event
from kiosk.cards.programme import chosen_event, event_now, soonest_first
from tests.unit.cards.examples import CONCERT, HOUR

START = dt.datetime(2026, 3, 14, 17, 0, tzinfo=dt.UTC)
MILLISECOND = dt.timedelta(milliseconds=1)
EVENING = replace(CONCERT, id="evening", starts_at=START, ends_at=START + 2 * HOUR)
LATE_SHOW = replace(CONCERT, id="late", starts_at=START + 2.5 * HOUR, ends_at=START + 4 * HOUR)
BY_TIME = EventChoice()


def test_an_event_is_served_from_an_hour_before_its_start_until_its_end() -> None:
    assert event_now([EVENING], START - HOUR - MILLISECOND) is None
    assert event_now([EVENING], START - HOUR) == EVENING
    assert event_now([EVENING], START + 2 * HOUR - MILLISECOND) == EVENING
    assert event_now([EVENING], START + 2 * HOUR) is None


def test_of_two_events_the_one_whose_visitors_arrive_is_served() -> None:
    assert event_now([LATE_SHOW, EVENING], START + 1.5 * HOUR - MILLISECOND) == EVENING
    assert event_now([EVENING, LATE_SHOW], START + 1.5 * HOUR) == LATE_SHOW


def test_events_that_start_together_are_told_apart_the_same_way_each_time() -> None:
    shorter = replace(EVENING, id="shorter", ends_at=EVENING.ends_at - HOUR)
    twin = replace(shorter, id="another")
    assert event_now([EVENING, shorter, twin], START) == twin
    assert event_now([twin, shorter, EVENING], START) == twin


def test_without_events_it_is_general_admission() -> None:
    assert event_now([], START) is None
    assert chosen_event([], BY_TIME, START) is None


def test_the_time_chooses_unless_staff_do() -> None:
    events = (EVENING, LATE_SHOW)
    assert chosen_event(events, BY_TIME, START) == EVENING
    assert chosen_event(events, EventChoice(automatic=False, event_id="late"), START) == LATE_SHOW
    assert chosen_event(events, EventChoice(automatic=False, event_id=None), START) is None


def test_a_chosen_event_that_is_gone_leaves_the_choice_to_the_time() -> None:
    chosen = EventChoice(automatic=False, event_id="cancelled")
    assert chosen_event((EVENING,), chosen, START) == EVENING
    assert chosen_event((EVENING,), chosen, START - 5 * HOUR) is None


def test_events_that_are_over_stand_behind_those_that_are_not() -> None:
    events = (EVENING, LATE_SHOW)
    assert soonest_first(events, EVENING.ends_at - MILLISECOND) == events
    assert soonest_first(events, EVENING.ends_at) == (LATE_SHOW, EVENING)
    assert soonest_first(events, LATE_SHOW.ends_at) == events


programmes = st.lists(
    st.builds(
        lambda starts_in_h, lasts_h, name: replace(
            CONCERT,
            id=name,
            starts_at=START + starts_in_h * HOUR,
            ends_at=START + (starts_in_h + lasts_h) * HOUR,
        ),
        st.integers(-2, 2),
        st.integers(1, 4),
        st.sampled_from(["a", "b", "c", "d"]),
    ),
    max_size=6,
)


@given(programmes, st.data())
def test_the_order_of_the_list_does_not_matter(events: list[Event], data: st.DataObject) -> None:
    assert event_now(data.draw(st.permutations(events)), START) == event_now(events, START)
