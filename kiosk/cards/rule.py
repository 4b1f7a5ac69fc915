"""One row of the table of rules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from kiosk.cards.model import Answer, Finding, Reason

Seen = TypeVar("Seen")


class Offline(StrEnum):
    """What becomes of a rule while the register cannot be reached."""

    ENFORCED = "enforced"
    BY_LIST = "enforced as of the last card list"
    PARTLY = "partly enforced"
    NOT_ENFORCED = "not enforced"


@dataclass(frozen=True, slots=True)
class Rule(Generic[Seen]):
    """One row: what it is about, what it may answer, who says which, and where it comes from."""

    reason: Reason
    answers: tuple[Answer, ...]
    """The answers it may give, worst last."""
    speaks: Callable[[Seen], Finding | None]
    source: str
    """The sentence it comes from."""
    offline: Offline
    offline_note: str = ""
    by: str = ""
    """What settles which of several answers it gives."""
