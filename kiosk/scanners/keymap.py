"""What a keyboard scanner types: Linux key codes to characters, for the layouts that scanners speak."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

# Codes from linux/input-event-codes.h; by position, so they are the same whatever is printed on the keys.
LEFT_SHIFT, RIGHT_SHIFT, CAPS_LOCK = 42, 54, 58
ENTER, KEYPAD_ENTER, TAB = 28, 96, 15
SHIFTS = frozenset({LEFT_SHIFT, RIGHT_SHIFT})
ENDS = frozenset({ENTER, KEYPAD_ENTER, TAB})

Layout = Mapping[int, tuple[str, str]]
"""Key code to the character without and with shift."""


def _row(first_code: int, plain: str, shifted: str) -> dict[int, tuple[str, str]]:
    pairs = zip(plain, shifted, strict=True)
    return {first_code + position: pair for position, pair in enumerate(pairs)}


_LETTERS = {
    **_row(16, "qwertyuiop", "QWERTYUIOP"),
    **_row(30, "asdfghjkl", "ASDFGHJKL"),
    **_row(44, "zxcvbnm", "ZXCVBNM"),
}
_KEYPAD = {
    **_row(71, "789-456+1230.", "789-456+1230."),
    **_row(98, "/", "/"),
    **_row(55, "*", "*"),
}
US: Layout = MappingProxyType(
    {
        **_LETTERS,
        **_KEYPAD,
        **_row(2, "1234567890-=", "!@#$%^&*()_+"),
        **_row(26, "[]", "{}"),
        **_row(39, ";'`", ':"~'),
        **_row(43, "\\", "|"),
        **_row(51, ",./", "<>?"),
        **_row(57, " ", " "),
        **_row(86, "\\", "|"),
    }
)
FI: Layout = MappingProxyType(
    {
        **_LETTERS,
        **_KEYPAD,
        **_row(2, "1234567890+´", '!"#¤%&/()=?`'),
        **_row(26, "å¨", "Å^"),
        **_row(39, "öä§", "ÖÄ½"),
        **_row(43, "'", "*"),
        **_row(51, ",.-", ";:_"),
        **_row(57, " ", " "),
        **_row(86, "<", ">"),
    }
)
LAYOUTS: Mapping[str, Layout] = MappingProxyType({"us": US, "fi": FI})


def character(layout: Layout, code: int, *, shift: bool, caps_lock: bool) -> str:
    """What the key types; an empty text for a key that types nothing here."""
    plain, shifted = layout.get(code, ("", ""))
    turned = caps_lock and plain.isalpha()
    return shifted if shift != turned else plain
