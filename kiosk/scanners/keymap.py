"""What a keyboard scanner types: Linux key codes to characters, for the layouts that scanners speak."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

# Codes from linux/input-event-codes.h; by position, so they are the same whatever is printed on the keys.
LEFT_SHIFT, RIGHT_SHIFT, CAPS_LOCK = 42, 54, 58
LEFT_CTRL, RIGHT_CTRL, LEFT_ALT, RIGHT_ALT = 29, 97, 56, 100
ENTER, KEYPAD_ENTER, TAB = 28, 96, 15
SHIFTS = frozenset({LEFT_SHIFT, RIGHT_SHIFT})
CTRLS = frozenset({LEFT_CTRL, RIGHT_CTRL})
ALTS = frozenset({LEFT_ALT, RIGHT_ALT})
MODIFIERS = SHIFTS | CTRLS | ALTS
ENDS = frozenset({ENTER, KEYPAD_ENTER, TAB})
KEYPAD_DIGITS: Mapping[int, str] = MappingProxyType(
    {code: digit for code, digit in zip(range(71, 84), "789-456+1230.", strict=True) if digit.isdigit()}
)


class Key(NamedTuple):
    """The characters of one key; an empty text: it types nothing."""

    plain: str
    shifted: str
    alt_gr: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the characters are, and which of them wait for the next one."""

    keys: Mapping[int, Key]
    dead: Mapping[str, str]
    """An accent key's character to the combining one; followed by a space it stands for itself."""


def _row(first_code: int, plain: str, shifted: str) -> dict[int, Key]:
    pairs = zip(plain, shifted, strict=True)
    return {first_code + position: Key(*pair) for position, pair in enumerate(pairs)}


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
_EVERYWHERE = {**_LETTERS, **_KEYPAD, **_row(57, " ", " ")}
_NO_ACCENTS: Mapping[str, str] = MappingProxyType({})

US = Layout(
    MappingProxyType(
        {
            **_EVERYWHERE,
            **_row(2, "1234567890-=", "!@#$%^&*()_+"),
            **_row(26, "[]", "{}"),
            **_row(39, ";'`", ':"~'),
            **_row(43, "\\", "|"),
            **_row(51, ",./", "<>?"),
            **_row(86, "\\", "|"),
        }
    ),
    dead=_NO_ACCENTS,
)

_FI_PLAIN = {
    **_EVERYWHERE,
    **_row(2, "1234567890+´", '!"#¤%&/()=?`'),
    **_row(26, "å¨", "Å^"),
    **_row(39, "öä§", "ÖÄ½"),
    **_row(43, "'", "*"),
    **_row(51, ",.-", ";:_"),
    **_row(86, "<", ">"),
}
_FI_ALT_GR = {3: "@", 4: "£", 5: "$", 6: "€", 8: "{", 9: "[", 10: "]", 11: "}", 12: "\\", 18: "€", 27: "~", 86: "|"}
FI = Layout(
    MappingProxyType({code: key._replace(alt_gr=_FI_ALT_GR.get(code, "")) for code, key in _FI_PLAIN.items()}),
    dead=MappingProxyType({"´": "\u0301", "`": "\u0300", "¨": "\u0308", "^": "\u0302", "~": "\u0303"}),
)

ALT = Layout(
    MappingProxyType({**_EVERYWHERE, **{code: Key(str(digit % 10), "") for digit, code in enumerate(range(2, 12), 1)}}),
    dead=_NO_ACCENTS,
)
"""A scanner that types everything, or all that is no letter or digit, as Alt codes: right on every computer."""

LAYOUTS: Mapping[str, Layout] = MappingProxyType({"us": US, "fi": FI, "alt": ALT})


def character(layout: Layout, code: int, *, shift: bool, caps_lock: bool, alt_gr: bool = False) -> str:
    """What the key types; an empty text for a key that types nothing here."""
    key = layout.keys.get(code, Key("", ""))
    if alt_gr and key.alt_gr:
        return key.alt_gr
    turned = caps_lock and key.plain.isalpha()
    return key.shifted if shift != turned else key.plain


def control_character(code: int) -> str:
    """What the key types together with Ctrl, such as GS for Ctrl+]: by the US position, as scanners send it."""
    plain = US.keys.get(code, Key("", "")).plain.upper()
    return chr(ord(plain) & 0x1F) if plain and "A" <= plain <= "]" else ""


def alt_character(digits: str) -> str:
    """What Alt and these keypad digits type, as on a Finnish Windows; an empty text for none.

    With a leading 0 the number is one of code page 1252, without it one of 850, from 256 on one of Unicode; below
    32 it is the control character itself, since that is what a scanner means by it.
    """
    number = int(digits or "0")
    if number < ord(" "):
        return chr(number) if number else ""
    if number < 256:  # noqa: PLR2004  # one byte
        return bytes([number]).decode("cp1252" if digits.startswith("0") else "cp850", errors="ignore")
    return chr(number) if number < 0x11_0000 and not 0xD800 <= number < 0xE000 else ""  # noqa: PLR2004  # Unicode


def composed(accent: str, letter: str, layout: Layout) -> str:
    """What an accent key and the key after it type."""
    if letter == " ":
        return accent
    together = unicodedata.normalize("NFC", letter + layout.dead[accent])
    return together if len(together) == 1 else accent + letter
