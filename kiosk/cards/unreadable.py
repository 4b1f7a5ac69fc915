"""Why what was read is no card number."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class UnreadableWhy(StrEnum):
    """Why a scan is not a card number."""

    EMPTY = "empty"
    TOO_LONG = "too-long"
    CONTROL_CHARACTERS = "control-characters"
    TWO_CODES = "two-codes"
    NOT_A_CARD = "not-a-card"
    PRACTICE_CARD = "practice-card"
    """A practice card, and the desk is not practising."""
    NO_PRACTICE_CARD = "no-practice-card"
    """The desk is practising, and this is none of its cards."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A scan that holds no card number."""

    why: UnreadableWhy
