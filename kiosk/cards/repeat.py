"""Two readings of one presentation are one scan."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from kiosk.cards.model import Scan

HELD_FOR = dt.timedelta(seconds=3)
"""A reader that sees the same text again within this time is still looking at the same card."""


@dataclass(frozen=True, slots=True)
class LastReading:
    """What was read last, without keeping it: only its hash, whose secret is this process's own."""

    mark: int
    at_ms: int


def heard(
    last: LastReading | None, scan: Scan, at_ms: int, held_for: dt.timedelta = HELD_FOR
) -> tuple[LastReading, bool]:
    """The reading to remember, and whether `scan` is a new presentation; `at_ms` is monotonic.

    Each repetition starts the time anew: a card that lies under a camera is presented once, however long.
    """
    reading = LastReading(hash(scan.text), at_ms)
    held = last is not None and last.mark == reading.mark and dt.timedelta(milliseconds=at_ms - last.at_ms) < held_for
    return reading, not held
