"""Codes that a scanner sent in one breath, taken apart where the scanner itself marked them."""

from __future__ import annotations

import re

_AIM = r"\][A-Za-z][0-9]"
_BETWEEN = re.compile(
    # The ends that scanners are set to send, STX and ETX around a code, and GS; not between an AIM prefix and its code.
    rf"(?<!{_AIM})[\r\n\t\x02\x03\x1d]+"
    rf"|(?=(?<!\A){_AIM})"  # an AIM prefix opens a new code
)


def split_glued(text: str) -> tuple[str, ...]:
    """The codes in `text`, in order, with their prefixes; one empty text where there is none.

    Without such marks two codes cannot be told from one, and are left together for the number's form to refuse.
    """
    return tuple(piece for piece in _BETWEEN.split(text) if piece.strip("\x02\x03\x1d")) or ("",)
