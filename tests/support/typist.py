"""Types texts as a scanner does that is set to a layout: which keys, with which others held."""

from __future__ import annotations

from collections.abc import Iterator

from kiosk.scanners.keymap import ALT, KEYPAD_DIGITS, LAYOUTS, LEFT_ALT, LEFT_SHIFT, RIGHT_ALT

_KEYPAD_KEYS = frozenset({*range(71, 84), 98, 55})
_KEYPAD = {digit: code for code, digit in KEYPAD_DIGITS.items()}
KeyPress = tuple[int, int]


def press(code: int) -> Iterator[KeyPress]:
    """One key down and up."""
    yield code, 1
    yield code, 0


def keys_of(text: str, layout: str) -> list[KeyPress]:
    """The key events that type `text`; in the layout `alt` everything is an Alt code."""
    return [event for character in text for event in _keys_of(character, layout)]


def _keys_of(character: str, layout: str) -> Iterator[KeyPress]:
    if LAYOUTS[layout] is ALT:
        yield LEFT_ALT, 1
        for digit in f"{ord(character):03}":
            yield from press(_KEYPAD[digit])
        yield LEFT_ALT, 0
        return
    for code, key in LAYOUTS[layout].keys.items():
        if code in _KEYPAD_KEYS:  # scanners type on the main keys
            continue
        for typed, held in ((key.plain, None), (key.shifted, LEFT_SHIFT), (key.alt_gr, RIGHT_ALT)):
            if typed == character:
                if held is not None:
                    yield held, 1
                yield from press(code)
                if held is not None:
                    yield held, 0
                return
    raise AssertionError(f"{character!r} is on no key of {layout}")
