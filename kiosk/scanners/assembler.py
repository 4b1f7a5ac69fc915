"""Key by key to a whole code."""

from __future__ import annotations

from enum import IntEnum

from kiosk.scanners.keymap import CAPS_LOCK, ENDS, SHIFTS, Layout, character

MAX_CODE_CHARS = 16_384


class Press(IntEnum):
    """The value of an EV_KEY event."""

    UP = 0
    DOWN = 1
    REPEAT = 2
    """The kernel's autorepeat of a held key; a scanner never means it."""


class KeyAssembler:
    """Guards the code that is being typed, and the shift and caps lock it is typed with."""

    def __init__(self, layout: Layout) -> None:
        """Read keys as `layout` has them."""
        self._layout = layout
        self._typed: list[str] = []
        self._spoiled = False
        self._shifts: set[int] = set()
        self._caps_lock = False

    @property
    def typed(self) -> int:
        """How many characters of an unfinished code are there."""
        return len(self._typed)

    @property
    def unfinished(self) -> bool:
        """Whether a code has begun and not ended."""
        return self._spoiled or bool(self._typed)

    def feed(self, code: int, value: int) -> str | None:
        """Take one key event; the code when this key ends it, empty when keys of it were lost."""
        if code in SHIFTS:
            self._shifts.discard(code)
            if value != Press.UP:
                self._shifts.add(code)
        elif value == Press.DOWN:
            return self._down(code)
        return None

    def silence(self) -> str | None:
        """Nothing was typed for a while: what there is, is the whole code of a scanner that sends no end."""
        return self._taken() if self.unfinished else None

    def lose_keys(self) -> int:
        """Keys were lost on their way: throw this code away to its end; how many characters were there.

        A number with a hole in it, or the tail of one, could be another visitor's.
        """
        lost = len(self._typed)
        self._typed.clear()
        self._shifts.clear()
        self._spoiled = True
        return lost

    def _down(self, code: int) -> str | None:
        if code == CAPS_LOCK:
            self._caps_lock = not self._caps_lock
        elif code in ENDS:
            # An end without a code is the second half of CR LF, or a press of Enter: no scan.
            return self._taken() if self.unfinished else None
        elif not self._spoiled and len(self._typed) < MAX_CODE_CHARS:
            text = character(self._layout, code, shift=bool(self._shifts), caps_lock=self._caps_lock)
            if text:
                self._typed.append(text)
        return None

    def _taken(self) -> str:
        code = "".join(self._typed)
        self._typed.clear()
        self._spoiled = False
        return code
