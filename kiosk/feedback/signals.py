"""The vocabulary of light and sound (SCREEN.md), as plain lists of steps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from kiosk.cards.desk_model import Desk, Phase
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


@dataclass(frozen=True, slots=True)
class Pattern:
    """Steps in order, then `again` for ever; a pattern that ends leaves everything off."""

    steps: tuple[Step, ...]
    again: tuple[Step, ...] = ()


def _step(milliseconds: int | None, *on: Part) -> Step:
    return Step(frozenset(on), None if milliseconds is None else dt.timedelta(milliseconds=milliseconds))


# An active buzzer has one tone; how many, and how long, tells them apart. Pitches come with a PWM buzzer.
PATTERNS: Mapping[Signal, Pattern] = MappingProxyType(
    {
        Signal.IDLE: Pattern((_step(None),)),
        Signal.HEARD: Pattern((_step(30, Part.HEARD, Part.BUZZER), _step(None, Part.HEARD))),
        Signal.ACCEPTED: Pattern((_step(120, Part.GREEN, Part.BUZZER), _step(None, Part.GREEN))),
        Signal.ASK: Pattern(
            (
                _step(120, Part.AMBER, Part.BUZZER),
                _step(120, Part.AMBER),
                _step(120, Part.AMBER, Part.BUZZER),
                _step(240, Part.AMBER),
                _step(600),
            ),
            again=(_step(600, Part.AMBER), _step(600)),
        ),
        Signal.REFUSED: Pattern(
            (
                _step(125, Part.RED, Part.BUZZER),
                _step(125),
                *(step for _ in range(7) for step in (_step(125, Part.RED), _step(125))),
            ),
        ),
        Signal.RECORDED: Pattern(
            (
                _step(80),  # dark after the steady green of "accepted", so that both flashes are seen
                _step(120, Part.GREEN, Part.BUZZER),
                _step(120),
                _step(120, Part.GREEN, Part.BUZZER),
                _step(120),
            ),
        ),
        Signal.OUT_OF_SERVICE: Pattern((_step(None, Part.RED),)),
    }
)

_OF_ANSWER = {Answer.ACCEPT: Signal.ACCEPTED, Answer.ASK: Signal.ASK, Answer.REFUSE: Signal.REFUSED}


def signal_of(desk: Desk) -> Signal:
    """What light and sound say of `desk`."""
    match desk.phase:
        case Phase.OUT_OF_SERVICE:
            return Signal.OUT_OF_SERVICE
        case Phase.READY:
            return Signal.IDLE
        case Phase.READING:
            return Signal.HEARD
        case Phase.PRESENTED | Phase.RECORDING:
            # Green for "recorded" means on the disk: until it is, the lamps stay as they were.
            return Signal.IDLE if desk.presented is None else _OF_ANSWER[desk.presented.answer]
        case Phase.RECORDED:
            return Signal.RECORDED


def subject_of(desk: Desk) -> str:
    """What the signal is about: the same signal about another card is played anew."""
    presented = "" if desk.presented is None else desk.presented.id
    recorded = "" if desk.recorded is None else desk.recorded.id
    return f"{presented} {recorded}"
