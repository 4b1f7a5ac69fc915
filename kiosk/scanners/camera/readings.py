"""What a decoder found in one frame, before anyone has said whether it is to be believed."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Symbology(StrEnum):
    """The two codes on a card."""

    QR = "qr"
    CODE39 = "code39"


@dataclass(frozen=True, slots=True)
class Reading:
    """One code, as it was decoded."""

    text: str = field(repr=False)
    """All of it: a Code39 check character included."""
    symbology: Symbology
    by: str
    """Which engine and pass read it, for benchmarks."""


@dataclass(frozen=True, slots=True)
class Look:
    """A frame that was really decoded, and what stood in it."""

    readings: tuple[Reading, ...]
    at_ms: int
    mark: int
    """The same for two frames only when they are the same picture to the last bit: two such are no two witnesses."""
