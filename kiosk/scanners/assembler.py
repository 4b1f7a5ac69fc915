"""Key by key to a whole code."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum

from kiosk.scanners.keymap import (
    ALTS,
    CAPS_LOCK,
    CTRLS,
    ENDS,
    KEYPAD_DIGITS,
    LEFT_ALT,
    MODIFIERS,
    RIGHT_ALT,
    SHIFTS,
    Layout,
    alt_character,
    character,
    composed,
    control_character,
)

MAX_CODE_CHARS = 16_384
MOST_ALT_DIGITS = 8
"""More are no number of a character; they are counted as these."""
_TYPED_ENDS = "\r\n\t"
"""Enter, line feed and Tab of a scanner that types its end as an Alt code or with Ctrl."""


class Press(IntEnum):
    """The value of an EV_KEY event."""

    UP = 0
    DOWN = 1
    REPEAT = 2
    """The kernel's autorepeat of a held key; a scanner never means it."""


class KeyAssembler:
    """Guards the code that is being typed, and the keys that are held down meanwhile."""

    def __init__(self, layout: Layout) -> None:
        """Read keys as `layout` has them; Alt and keypad digits are a character's number in every layout."""
        self._layout = layout
        self._typed: list[str] = []
        self._torn = False
        """Keys of this code were not seen."""
        self._just_begun = False
        """Nor whether there were any."""
        self._thrown_away = 0
        self._held: set[int] = set()
        self._caps_lock = False
        self._alt_digits = ""
        self._accent = ""

    @property
    def typed(self) -> int:
        """How many characters of an unfinished code there are, and how many of it were thrown away already."""
        return len(self._typed) + bool(self._accent) + self._thrown_away

    @property
    def unfinished(self) -> bool:
        """Whether a code has begun and not ended."""
        return self._torn or bool(self._typed or self._alt_digits or self._accent)

    @property
    def torn(self) -> bool:
        """Whether what is typed now is, or may be, the rest of a code of which keys were not seen."""
        return self._torn

    def begin(self, held: Iterable[int] = ()) -> None:
        """Reading begins, and the scanner may be in the middle of a code; the keys `held` are down.

        All up to an end or a silence may be the tail of a number, which could be another visitor's: it is thrown away.
        """
        self._clear()
        self._held = set(held) & MODIFIERS
        self._torn = self._just_begun = True

    def thrown_away(self) -> int:
        """How many characters of torn codes that have ended were thrown away since this was last asked."""
        if self._torn:
            return 0
        count, self._thrown_away = self._thrown_away, 0
        return count

    def feed(self, code: int, value: int) -> str | None:
        """Take one key event; the code when this key ends it, empty when keys of it were lost."""
        if code in MODIFIERS:
            return self._modifier(code, value)
        if value == Press.DOWN:
            return self._down(code)
        return None

    def silence(self) -> str | None:
        """Nothing was typed for a while: what there is, is the whole code of a scanner that sends no end."""
        return self._taken() if self.unfinished else None

    def lose_keys(self) -> int:
        """Keys were lost on their way: throw this code away to its end; how many characters were there.

        A number with a hole in it, or the tail of one, could be another visitor's.
        """
        lost, self._thrown_away = self.typed, 0
        self._clear()
        self._held.clear()
        self._torn = True
        return lost

    def _modifier(self, code: int, value: int) -> str | None:
        if value != Press.UP:
            self._held.add(code)
            return None
        self._held.discard(code)
        if code not in ALTS or not self._alt_digits:
            return None
        text = alt_character(self._alt_digits)
        self._alt_digits = ""
        return self._type(text)

    def _down(self, code: int) -> str | None:
        held = self._held
        ctrl, alt = bool(held & CTRLS), bool(held & ALTS)
        if code == CAPS_LOCK:
            # In the rest of a torn code it is the second of two, of which the first may not have been seen.
            self._caps_lock = not self._caps_lock and not self._torn
            return None
        if code in ENDS:
            return self._end()
        if alt and not ctrl and code in KEYPAD_DIGITS:
            if len(self._alt_digits) < MOST_ALT_DIGITS:
                self._alt_digits += KEYPAD_DIGITS[code]
            return None
        if ctrl and not alt:
            return self._type(control_character(code))
        # Windows takes Ctrl+Alt for AltGr, and some scanners send that.
        alt_gr = RIGHT_ALT in held or (ctrl and LEFT_ALT in held)
        shift = bool(held & SHIFTS)
        return self._type(character(self._layout, code, shift=shift, caps_lock=self._caps_lock, alt_gr=alt_gr))

    def _type(self, text: str) -> str | None:
        if not text:
            return None
        if text in _TYPED_ENDS:
            return self._end()
        if self._torn:
            self._thrown_away += 1
            return None
        if len(self._typed) >= MAX_CODE_CHARS:
            return None
        if self._accent:
            text, self._accent = composed(self._accent, text, self._layout), ""
        elif text in self._layout.dead:
            self._accent = text
            return None
        self._typed.append(text)
        return None

    def _end(self) -> str | None:
        # An end without a code is the second half of CR LF, or a press of Enter: no scan.
        return self._taken() if self.unfinished else None

    def _taken(self) -> str | None:
        code = "".join(self._typed) + self._accent
        quiet = self._just_begun and not self._thrown_away
        self._clear()
        return None if quiet else code

    def _clear(self) -> None:
        self._typed.clear()
        self._alt_digits = self._accent = ""
        self._caps_lock &= not self._torn
        self._torn = self._just_begun = False
