"""What light and sound say, step by step."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

import pytest

from kiosk.cards.desk_state import Desk, Notice, Phase
from kiosk.cards.model import CardStatus
from kiosk.feedback.signals import PATTERNS, Part, Pattern, Signal, Step, signal_of, subject_of
from tests.support import desks

MS = dt.timedelta(milliseconds=1)
LONG = dt.timedelta(days=1)
MOST_FLASHES = 3
"""In one second, by success criterion 2.3.1 of WCAG 2.2."""
RED, AMBER, GREEN, HEARD, BUZZER = Part.RED, Part.AMBER, Part.GREEN, Part.HEARD, Part.BUZZER


def steps(*each: tuple[int | None, set[Part]] | tuple[int, set[Part], int]) -> tuple[Step, ...]:
    return tuple(Step(frozenset(on), None if ms is None else ms * MS, *pitch_hz) for ms, on, *pitch_hz in each)


VOCABULARY = {
    Signal.IDLE: Pattern(steps((None, set()))),
    Signal.HEARD: Pattern(
        steps((30, {HEARD, BUZZER}, 1047), (570, {HEARD})), again=steps((200, set()), (600, {HEARD}))
    ),
    Signal.ACCEPTED: Pattern(steps((60, {GREEN, BUZZER}, 880), (60, {GREEN, BUZZER}, 1319), (None, {GREEN}))),
    Signal.ASK: Pattern(
        steps((120, {AMBER, BUZZER}, 659), (120, {AMBER}), (120, {AMBER, BUZZER}, 659), (240, {AMBER}), (600, set())),
        again=steps((600, {AMBER}), (600, set())),
    ),
    Signal.REFUSED: Pattern(
        steps(
            (200, {RED, BUZZER}, 330),
            (200, set()),
            *(step for _ in range(4) for step in ((200, {RED}), (200, set()))),
        )
    ),
    Signal.RECORDED: Pattern(
        steps(
            (80, set()),
            (60, {GREEN, BUZZER}, 880),
            (60, {GREEN, BUZZER}, 1047),
            (120, set()),
            (60, {GREEN, BUZZER}, 1319),
            (60, {GREEN, BUZZER}, 1760),
            (120, set()),
        ),
    ),
    Signal.OUT_OF_SERVICE: Pattern(steps((None, {RED}))),
}


def test_the_vocabulary_is_the_one_of_the_screens() -> None:
    assert dict(PATTERNS) == VOCABULARY


def test_the_tones_rise_for_yes_and_are_lowest_for_no() -> None:
    tones = {signal: [step.pitch_hz for step in pattern.steps if step.pitch_hz] for signal, pattern in PATTERNS.items()}
    assert tones[Signal.ACCEPTED] == sorted(set(tones[Signal.ACCEPTED]))
    assert tones[Signal.RECORDED] == sorted(set(tones[Signal.RECORDED]))
    assert len(set(tones[Signal.ASK])) == 1
    assert max(tones[Signal.REFUSED]) < min(pitch for signal in tones if signal != "refused" for pitch in tones[signal])


def test_a_pitch_is_given_just_where_the_buzzer_is_on() -> None:
    steps_of_all = [step for pattern in PATTERNS.values() for step in (*pattern.steps, *pattern.again)]
    assert all((step.pitch_hz > 0) == (Part.BUZZER in step.on) for step in steps_of_all)


def test_no_sound_comes_without_a_light() -> None:
    steps_of_all = [step for pattern in PATTERNS.values() for step in (*pattern.steps, *pattern.again)]
    assert [step for step in steps_of_all if step.on == {BUZZER}] == []


def test_the_refusal_blinks_for_two_seconds_and_ends() -> None:
    refused = PATTERNS[Signal.REFUSED]
    assert sum((step.lasts or dt.timedelta() for step in refused.steps), dt.timedelta()) == dt.timedelta(seconds=2)
    assert refused.again == ()


def test_heard_is_lit_at_once_and_longer_than_any_card_takes_to_be_answered() -> None:
    first, second = PATTERNS[Signal.HEARD].steps
    assert first.on >= {HEARD}
    assert (first.lasts or LONG) + (second.lasts or LONG) > 500 * MS


@pytest.mark.parametrize("signal", Signal)
def test_no_signal_flashes_more_often_than_three_times_in_any_second(signal: Signal) -> None:
    pattern = PATTERNS[signal]
    lit_at = [at for at, before, now in changes(pattern.steps + 20 * pattern.again) if now - before - {BUZZER}]
    assert [at for at in lit_at if sum(at <= other < at + 1000 * MS for other in lit_at) > MOST_FLASHES] == []


def test_no_two_signals_are_alike_to_somebody_who_sees_no_colours() -> None:
    colourless = {
        tuple((bool(step.on - {BUZZER}), step.pitch_hz, step.lasts) for step in (*pattern.steps, *pattern.again))
        for pattern in PATTERNS.values()
    }
    assert len(colourless) == len(PATTERNS)


def changes(steps: tuple[Step, ...]) -> Iterator[tuple[dt.timedelta, frozenset[Part], frozenset[Part]]]:
    """When each step begins, what was on before it, and what is on then."""
    at, before = dt.timedelta(), frozenset[Part]()
    for step in steps:
        yield at, before, step.on
        at, before = at + (step.lasts or dt.timedelta()), step.on


@pytest.mark.parametrize(
    ("desk", "signal"),
    [
        pytest.param(desks.ready(), Signal.IDLE, id="ready"),
        pytest.param(desks.reading(), Signal.HEARD, id="reading"),
        pytest.param(desks.presented(), Signal.ACCEPTED, id="accepted"),
        pytest.param(desks.presented(quota_used=6), Signal.ASK, id="asked"),
        pytest.param(desks.presented(card__status=CardStatus.BLOCKED), Signal.REFUSED, id="refused"),
        pytest.param(replace(desks.presented(), notice=Notice.TRAY_FULL), Signal.ASK, id="another card not taken"),
        pytest.param(replace(desks.locked(), notice=Notice.TRAY_FULL), Signal.ASK, id="not taken behind the lock"),
        pytest.param(desks.unread(), Signal.REFUSED, id="not read"),
        pytest.param(desks.recorded(), Signal.RECORDED, id="recorded"),
        pytest.param(desks.out_of_service(), Signal.OUT_OF_SERVICE, id="out of service"),
    ],
)
def test_each_desk_has_its_signal(desk: Desk, signal: Signal) -> None:
    assert signal_of(desk) is signal


def test_every_phase_has_one() -> None:
    assert {signal_of(Desk(phase=phase)) for phase in Phase} <= set(Signal)


def test_green_waits_for_the_disk() -> None:
    assert Signal.RECORDED not in {signal_of(Desk(phase=phase)) for phase in Phase if phase is not Phase.RECORDED}


def test_two_cards_with_the_same_answer_are_two_signals() -> None:
    assert subject_of(desks.presented("p1")) != subject_of(desks.presented("p2"))
