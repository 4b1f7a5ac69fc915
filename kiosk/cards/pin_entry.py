"""A PIN entered digit by digit, by printed codes or by two buttons, at a desk that is locked."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from enum import StrEnum

SHORTEST_PIN, LONGEST_PIN = 4, 12
FORGOTTEN_AFTER = dt.timedelta(seconds=15)
"""An entry that nobody goes on with is not there for whoever comes next."""
_TEN = 10


class PinKey(StrEnum):
    """What a code or a button means while a PIN is entered."""

    ZERO = "0"
    ONE = "1"
    TWO = "2"
    THREE = "3"
    FOUR = "4"
    FIVE = "5"
    SIX = "6"
    SEVEN = "7"
    EIGHT = "8"
    NINE = "9"
    PRESS = "press"
    """One more of the digit that a button counts: as many presses as it says, and ten for a nought."""
    NEXT = "next"
    """The digit that was counted is whole."""
    DONE = "done"
    ANEW = "anew"
    PAGES = "pages"
    """What the PIN opens: the venue's pages too, or, once more, the lock alone."""


class PinAnswer(StrEnum):
    """What became of a PIN that was tried."""

    RIGHT = "right"
    WRONG = "wrong"
    TOO_SOON = "too-soon"
    """Nobody may try yet; it was not looked at."""


@dataclass(frozen=True, slots=True)
class PinEntry:
    """A PIN on its way; lives in memory for seconds, is drawn nowhere, and hides what it holds from every log."""

    digits: str = field(default="", repr=False)
    presses: int = field(default=0, repr=False)
    """Of the button, for the digit that is being counted."""
    at_ms: int = 0
    """When something was last entered."""
    for_pages: bool = False
    """Whether the venue's pages are to come up when it is right."""

    @property
    def whole(self) -> str:
        """All that was entered; the digit that is being counted ends with it. With too many presses there is none."""
        return "" if self.presses > _TEN else _counted(self).digits

    @property
    def begun(self) -> bool:
        """Whether a digit is being counted that may still become one."""
        return 0 < self.presses <= _TEN


def entered(entry: PinEntry, key: PinKey, at_ms: int) -> PinEntry:
    """`entry` with `key` at its end; one digit more than a PIN has is kept, so that too many are never right."""
    match key:
        case PinKey.PRESS:
            return replace(entry, presses=entry.presses + 1, at_ms=at_ms)
        case PinKey.NEXT:
            return replace(_counted(entry), at_ms=at_ms)
        case PinKey.DONE | PinKey.ANEW:
            # What it opens is asked for anew after each try, and so does not wait for whoever comes next.
            tried = key is PinKey.DONE and bool(entry.whole)
            return PinEntry(at_ms=at_ms, for_pages=True) if entry.for_pages and not tried else PinEntry()
        case PinKey.PAGES:
            return PinEntry() if entry.for_pages else PinEntry(at_ms=at_ms, for_pages=True)
        case _:
            return replace(_added(_counted(entry), key.value), at_ms=at_ms)


def is_forgotten(entry: PinEntry, at_ms: int) -> bool:
    """Whether nobody has gone on with `entry` for too long."""
    return entry != PinEntry() and dt.timedelta(milliseconds=at_ms - entry.at_ms) >= FORGOTTEN_AFTER


def _counted(entry: PinEntry) -> PinEntry:
    """`entry` with the digit that was counted.

    Nothing counted is no digit, so that a double tap adds no nought; more than ten are a miscount, to be begun anew.
    """
    counted = replace(entry, presses=0)
    return _added(counted, str(entry.presses % _TEN)) if entry.begun else counted


def _added(entry: PinEntry, digit: str) -> PinEntry:
    return replace(entry, digits=(entry.digits + digit)[: LONGEST_PIN + 1])
