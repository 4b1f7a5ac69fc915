"""What the keys of one known printed code tell of a scanner: its layout, its end, and what it puts around a code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from kiosk.cards.code39 import check_character
from kiosk.scanners.assembler import KeyAssembler
from kiosk.scanners.keymap import ENTER, KEYPAD_ENTER, LAYOUTS, TAB

CALIBRATION = "KIOSK-11/2+3$4"
"""The calibration code, without its check character.

Every scanner reads Code39, and of its signs - / + and $ lie on other keys in each layout, so that just one layout
reads the text right. Capitals tell of shift and caps lock, the 11 of swallowed repetitions. No letter follows + / $
or %, since a scanner set to “full ASCII” would read the pair as one other character. It is no card number.
"""
PRINTED = CALIBRATION + check_character(CALIBRATION)
_TRIED = ("alt", "us", "fi")
"""The layout of Alt codes first: what is typed so is read by every other layout, too."""

KeyPress = tuple[int, int]
"""A key's code, and 0 up, 1 down or 2 repeated."""


class Verdict(StrEnum):
    """How the reading went."""

    READ = "read"
    NOTHING = "nothing-read"
    OTHER_CODE = "another-code"
    OTHER_LAYOUT = "unknown-layout"
    KEYS_LOST = "keys-lost"


class Ending(StrEnum):
    """What ended the code."""

    ENTER = "Enter"
    KEYPAD_ENTER = "keypad Enter"
    TAB = "Tab"
    TYPED = "Enter or Tab as a control character"
    SILENCE = "silence"


@dataclass(frozen=True, slots=True)
class Calibration:
    """All that one reading told."""

    verdict: Verdict
    typed: int = 0
    """Characters that were typed; of another code than the calibration's, only this is told: it may be a card."""
    layout: str | None = None
    ending: Ending = Ending.SILENCE
    before: str = ""
    after: str = ""
    check_character: bool = False
    """The scanner passed the check character on, as the first of what comes after."""
    small_letters: bool = False
    readings: Mapping[str, str] = field(default_factory=dict)
    """By layout, of the calibration code in a layout that is not known."""


def examine(keys: Sequence[KeyPress], *, lost: bool = False) -> Calibration:
    """What `keys`, typed while the printed calibration code was read, tell; `lost`: some never arrived."""
    read = {layout: list(_codes(keys, layout)) for layout in _TRIED}
    typed = max((len(text) for codes in read.values() for text, _ in codes), default=0)
    if lost:
        return Calibration(Verdict.KEYS_LOST, typed)
    if not typed:
        return Calibration(Verdict.NOTHING)
    for layout in _TRIED:
        for text, ending in read[layout]:
            if (at := capitals(text).find(CALIBRATION)) >= 0:
                return _read(text, at, typed, layout, ending)
    readings = {layout: text for layout, codes in read.items() for text, _ in codes if _has_its_letters(text)}
    if readings:
        return Calibration(Verdict.OTHER_LAYOUT, typed, readings=readings)
    return Calibration(Verdict.OTHER_CODE, typed)


def _codes(keys: Iterable[KeyPress], layout: str) -> Iterator[tuple[str, Ending]]:
    assembler = KeyAssembler(LAYOUTS[layout])
    endings = {ENTER: Ending.ENTER, KEYPAD_ENTER: Ending.KEYPAD_ENTER, TAB: Ending.TAB}
    for code, value in keys:
        if text := assembler.feed(code, value):
            yield text, endings.get(code, Ending.TYPED)
    if text := assembler.silence():
        yield text, Ending.SILENCE


def _read(text: str, at: int, typed: int, layout: str, ending: Ending) -> Calibration:
    after = text[at + len(CALIBRATION) :]
    return Calibration(
        Verdict.READ,
        typed,
        layout=layout,
        ending=ending,
        before=text[:at],
        after=after,
        check_character=capitals(after).startswith(PRINTED[-1]),
        small_letters="kiosk" in text,
    )


def capitals(text: str) -> str:
    """`text` with capital letters, and as long as before."""
    return "".join(char.upper() if char.isascii() else char for char in text)


def _has_its_letters(text: str) -> bool:
    """Whether the calibration code's letters and digits are there in order, whatever became of its signs."""
    wanted = [char for char in CALIBRATION if char.isalnum()]
    return [char for char in capitals(text) if char.isascii() and char.isalnum()][: len(wanted)] == wanted
