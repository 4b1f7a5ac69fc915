"""Recorded streams of the bugs that other terminals had, key by key.

The same streams run on the kernel's own input devices in test_streams_uinput.py.
"""

from collections.abc import Iterator
from itertools import zip_longest

import pytest

from kiosk.cards.model import CardNumber
from kiosk.cards.number import parse
from kiosk.scanners.assembler import KeyAssembler
from kiosk.scanners.glued import split_glued
from kiosk.scanners.keymap import LAYOUTS
from tests.support.streams import Mark, Played, Step, Stream, streams

evdev = pytest.importorskip("evdev")
STREAMS = streams(evdev.ecodes)


class Reading:
    """One scanner's assembler, and what came out of it."""

    def __init__(self, layout: str) -> None:
        self.layout = LAYOUTS[layout]
        self.codes: list[str] = []
        self._keys = KeyAssembler(self.layout)

    def take(self, step: Step) -> None:
        match step:
            case Mark.SILENCE:
                self._got(self._keys.silence())
            case Mark.LOST:
                self._keys.lose_keys()
            case Mark.UNPLUG:
                self._keys = KeyAssembler(self.layout)
            case Mark.PLUG:
                pass
            case Mark.AMID:
                self._keys.begin()
            case (code, value):
                self._got(self._keys.feed(code, value))

    def _got(self, code: str | None) -> None:
        self.codes.extend(() if code is None else split_glued(code))


def in_turn(scanners: tuple[Played, ...]) -> Iterator[tuple[int, Step]]:
    """The steps of all scanners, one of each after the other."""
    for steps in zip_longest(*(scanner.steps for scanner in scanners)):
        yield from ((position, step) for position, step in enumerate(steps) if step is not None)


def number_in(text: str) -> str:
    number = parse(text)
    return number.normal if isinstance(number, CardNumber) else ""


@pytest.mark.parametrize("stream", STREAMS.values(), ids=STREAMS)
def test_a_stream_that_other_terminals_misread_is_read_right(stream: Stream) -> None:
    readings = [Reading(scanner.layout) for scanner in stream.scanners]
    for position, step in in_turn(stream.scanners):
        readings[position].take(step)
    assert [tuple(reading.codes) for reading in readings] == [scanner.codes for scanner in stream.scanners]
    for scanner in stream.scanners:
        if scanner.numbers:
            assert tuple(number_in(code) for code in scanner.codes) == scanner.numbers


def test_there_is_a_stream_for_each_of_the_known_bugs() -> None:
    assert set(STREAMS) >= {
        "alt-codes",
        "autorepeat",
        "begun-amid",
        "caps-lock",
        "crlf",
        "eci",
        "finnish-layout",
        "glued",
        "lost-keys",
        "no-terminator",
        "repeats-collapsed",
        "shift-ignored",
        "stx-etx",
        "tab",
        "two-scanners",
        "unplugged",
    }
