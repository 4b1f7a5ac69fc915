"""What light and sound say, step by step."""

import datetime as dt
from dataclasses import replace

import pytest

from kiosk.cards.desk_state import Desk, Notice, Phase
from kiosk.cards.model import CardStatus
from kiosk.feedback.signals import PATTERNS, Part, Pattern, Signal, Step, signal_of, subject_of
from tests.support import desks

MS = dt.timedelta(milliseconds=1)
RED, AMBER, GREEN, HEARD, BUZZER = Part.RED, Part.AMBER, Part.GREEN, Part.HEARD, Part.BUZZER


def steps(*each: tuple[int | None, set[Part]] | tuple[int, set[Part], int]) -> tuple[Step, ...]:
    return tuple(Step(frozenset(on), None if ms is None else ms * MS, *pitch_hz) for ms, on, *pitch_hz in each)


VOCABULARY = {
    Signal.IDLE: Pattern(steps((None, set()))),
    Signal.HEARD: Pattern(steps((30, {HEARD, BUZZER}, 1047), (None, {HEARD}))),
    Signal.ACCEPTED: Pattern(steps((60, {GREEN, BUZZER}, 880), (60, {GREEN, BUZZER}, 1319), (None, {GREEN}))),
    Signal.ASK: Pattern(
        steps((120, {AMBER, BUZZER}, 659), (120, {AMBER}), (120, {AMBER, BUZZER}, 659), (240, {AMBER}), (600, set())),
        again=steps((600, {AMBER}), (600, set())),
    ),
    Signal.REFUSED: Pattern(
        steps(
            (125, {RED, BUZZER}, 330),
            (125, set()),
            *(step for _ in range(7) for step in ((125, {RED}), (125, set()))),
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


def test_the_refusal_blinks_for_two_seconds_and_ends() -> None:
    refused = PATTERNS[Signal.REFUSED]
    assert sum((step.lasts or dt.timedelta() for step in refused.steps), dt.timedelta()) == dt.timedelta(seconds=2)
    assert refused.again == ()


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
