"""Code39's alphabet and its check character."""

from __future__ import annotations

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%"


def check_character(text: str) -> str:
    """The modulo 43 check character of `text` (ISO/IEC 16388, annex A).

    Raises ValueError for a text that Code39 cannot hold.
    """
    return ALPHABET[sum(ALPHABET.index(char) for char in text) % len(ALPHABET)]


def ends_with_check_character(text: str) -> bool:
    """Whether `text` has two characters or more, and the last is the check character of the rest."""
    return len(text) > 1 and all(char in ALPHABET for char in text) and check_character(text[:-1]) == text[-1]
