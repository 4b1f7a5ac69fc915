"""How loud the kiosk may be, by the time of day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

FULL = 100
LOUDEST_DUTY = 0.5
"""A square wave that is on for half of its period is the loudest that a piezo can be."""


@dataclass(frozen=True, slots=True)
class Loudness:
    """Volumes from 0 (silent) to 100, by day and in the hours of the night."""

    day: int = FULL
    night: int = FULL
    night_from: dt.time | None = None
    """Local time; None: there is no night."""
    night_to: dt.time | None = None

    def at(self, local: dt.time) -> int:
        """The volume at the local time; the night may go past midnight, and its end is day again."""
        if self.night_from is None or self.night_to is None or self.night_from == self.night_to:
            return self.day
        if self.night_from < self.night_to:
            is_night = self.night_from <= local < self.night_to
        else:
            is_night = local >= self.night_from or local < self.night_to
        return self.night if is_night else self.day


def duty_of(volume: int) -> float:
    """The part of a period that a tone is on; squared, since the ear hears loudness by ratios."""
    return LOUDEST_DUTY * (volume / FULL) ** 2
