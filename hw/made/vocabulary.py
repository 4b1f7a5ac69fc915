"""The table of light and sound of `hw/vocabulary.md`, from the patterns that the kiosk plays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from types import MappingProxyType

from kiosk.feedback.signals import PATTERNS, Part, Pattern, Signal, Step

LAMPS = MappingProxyType({Part.HEARD: "white or blue", Part.GREEN: "green", Part.AMBER: "amber", Part.RED: "red"})
MEANINGS: Mapping[Signal, tuple[str, str]] = MappingProxyType(
    {
        Signal.IDLE: ("ready for a card", "card"),
        Signal.HEARD: ("heard you, working", "moving ring"),
        Signal.ACCEPTED: ("accepted", "tick mark and word"),
        Signal.ASK: ("ask staff", "hand and word"),
        Signal.REFUSED: ("refused", "cross and word; to the visitor a hand"),
        Signal.RECORDED: ("recorded", "card into a tray and word"),
        Signal.OUT_OF_SERVICE: ("out of service", "wrench and word"),
    }
)
Run = tuple[bool, dt.timedelta | None]


def vocabulary_table() -> str:
    """A row for each signal."""
    rows = ["| meaning | lamp | how it burns | sound | beside colour, on the page |", "| --- | --- | --- | --- | --- |"]
    for signal, (meaning, sign) in MEANINGS.items():
        pattern = PATTERNS[signal]
        rows.append(f"| {meaning} | {_lamp(pattern)} | {_burns(pattern)} | {_sound(pattern)} | {sign} |")
    return "\n".join(rows)


def _lamp(pattern: Pattern) -> str:
    used = {part for step in (*pattern.steps, *pattern.again) for part in step.on} & set(LAMPS)
    return " and ".join(name for part, name in LAMPS.items() if part in used) or "none"


def _burns(pattern: Pattern) -> str:
    words = _in_words(list(_runs(pattern.steps)))
    if pattern.again:
        return f"{words}, then over and over: {_in_words(list(_runs(pattern.again)))}"
    return words if pattern.steps[-1].lasts is None else f"{words}, then dark"


def _runs(steps: Sequence[Step]) -> Iterator[Run]:
    """Whether a lamp is on, and how long, whatever the buzzer does meanwhile."""
    for lit, group in groupby(steps, lambda step: bool(step.on - {Part.BUZZER})):
        lengths = [step.lasts for step in group]
        last = None if None in lengths else sum((each for each in lengths if each is not None), dt.timedelta())
        yield lit, last


def _in_words(runs: Sequence[Run]) -> str:
    pairs = [tuple(runs[at : at + 2]) for at in range(0, len(runs), 2)]
    if len(pairs) > 1 and len(set(pairs)) == 1:
        return f"{len(pairs)} times {_each(runs[:2])}"
    return _each(runs)


def _each(runs: Sequence[Run]) -> str:
    return ", ".join(
        f"{'on' if lit else 'off'} {lasts.total_seconds():.2f} s" if lasts else ("steady" if lit else "dark")
        for lit, lasts in runs
    )


def _sound(pattern: Pattern) -> str:
    tones = [list(group) for on, group in groupby(pattern.steps, lambda step: Part.BUZZER in step.on) if on]
    if not tones:
        return "none"
    return "; ".join(_tone(each) for each in tones)


def _tone(steps: Sequence[Step]) -> str:
    lasts = sum((step.lasts or dt.timedelta() for step in steps), dt.timedelta())
    pitches = " to ".join(str(step.pitch_hz) for step in steps)
    return f"{lasts.total_seconds():.2f} s, {pitches} Hz"
