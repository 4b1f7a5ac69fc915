"""The vocabulary of light and sound (SCREEN.md), as plain lists of steps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from kiosk.cards.desk_state import Desk, Notice, Phase
from kiosk.cards.model import Answer


class Part(StrEnum):
    """What can be switched on; each may be missing."""

    RED = "red"
    AMBER = "amber"
    GREEN = "green"
    HEARD = "heard"
    BUZZER = "buzzer"


class Signal(StrEnum):
    """What is told."""

    IDLE = "idle"
    HEARD = "heard"
    ACCEPTED = "accepted"
    ASK = "ask"
    REFUSED = "refused"
    RECORDED = "recorded"
    OUT_OF_SERVICE = "out-of-service"


@dataclass(frozen=True, slots=True)
class Step:
    """These parts are on, all others off, for so long; None: until the next signal."""

    on: frozenset[Part]
    lasts: dt.timedelta | None
    pitch_hz: int = 0
    """The buzzer's tone, for a buzzer that has more than one; 0 where it is off."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """Steps in order, then `again` for ever; a pattern that ends leaves everything off."""

    steps: tuple[Step, ...]
    again: tuple[Step, ...] = ()


# Tones of the musical scale; the refusal's is the lowest, so that it turns no heads.
E4, E5, A5, C6, E6, A6 = 330, 659, 880, 1047, 1319, 1760


def _lit(milliseconds: int | None, *on: Part) -> tuple[Step, ...]:
    return (Step(frozenset(on), None if milliseconds is None else dt.timedelta(milliseconds=milliseconds)),)


def _sounding(milliseconds: int, lamp: Part, *pitches_hz: int) -> tuple[Step, ...]:
    """The lamp with the buzzer, through `pitches_hz` in turn; a buzzer with one tone sounds through them all."""
    each = dt.timedelta(milliseconds=milliseconds // len(pitches_hz))
    return tuple(Step(frozenset({lamp, Part.BUZZER}), each, pitch_hz) for pitch_hz in pitches_hz)


# No lamp flashes more than three times in any second: the limit of WCAG 2.2, 2.3.1, for pages, kept for lamps too, as
# EN 301 549, 4.2.9, asks of the whole device to bring on no seizures.
PATTERNS: Mapping[Signal, Pattern] = MappingProxyType(
    {
        Signal.IDLE: Pattern(_lit(None)),
        # Lit for longer than almost every card takes to be answered: the pulse is for the one that takes long.
        Signal.HEARD: Pattern(
            (*_sounding(30, Part.HEARD, C6), *_lit(570, Part.HEARD)),
            again=(*_lit(200), *_lit(600, Part.HEARD)),
        ),
        Signal.ACCEPTED: Pattern((*_sounding(120, Part.GREEN, A5, E6), *_lit(None, Part.GREEN))),
        Signal.ASK: Pattern(
            (
                *_sounding(120, Part.AMBER, E5),
                *_lit(120, Part.AMBER),
                *_sounding(120, Part.AMBER, E5),
                *_lit(240, Part.AMBER),
                *_lit(600),
            ),
            again=(*_lit(600, Part.AMBER), *_lit(600)),
        ),
        Signal.REFUSED: Pattern(
            (
                *_sounding(200, Part.RED, E4),
                *_lit(200),
                *(step for _ in range(4) for step in (*_lit(200, Part.RED), *_lit(200))),
            ),
        ),
        Signal.RECORDED: Pattern(
            (
                *_lit(80),  # dark after the steady green of "accepted", so that both flashes are seen
                *_sounding(120, Part.GREEN, A5, C6),
                *_lit(120),
                *_sounding(120, Part.GREEN, E6, A6),
                *_lit(120),
            ),
        ),
        Signal.OUT_OF_SERVICE: Pattern(_lit(None, Part.RED)),
    }
)

_OF_ANSWER = {Answer.ACCEPT: Signal.ACCEPTED, Answer.ASK: Signal.ASK, Answer.REFUSE: Signal.REFUSED}


def signal_of(desk: Desk) -> Signal:
    """What light and sound say of `desk`."""
    match desk.phase:
        case Phase.OUT_OF_SERVICE:
            return Signal.OUT_OF_SERVICE
        case Phase.READY:
            return Signal.ASK if desk.notice is Notice.TRAY_FULL else Signal.IDLE
        case Phase.READING:
            return Signal.HEARD
        case Phase.PRESENTED | Phase.RECORDING:
            if desk.notice is Notice.TRAY_FULL:
                return Signal.ASK  # green would be taken for the answer to the card that was not taken
            # Green for "recorded" means on the disk: until it is, the lamps stay as they were.
            return Signal.IDLE if desk.presented is None else _OF_ANSWER[desk.presented.answer]
        case Phase.RECORDED:
            return Signal.RECORDED


def subject_of(desk: Desk) -> str:
    """What the signal is about: the same signal about another card is played anew."""
    presented = "" if desk.presented is None else desk.presented.id
    recorded = "" if desk.recorded is None else desk.recorded.id
    return f"{presented} {recorded}"
