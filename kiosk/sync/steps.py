"""Whether the wall clock was set, told by the clock that never steps."""

from __future__ import annotations

import datetime as dt

from kiosk.clock import Moment

SMALLEST_STEP = dt.timedelta(seconds=1)
"""A clock that is slewed, and the cut to milliseconds, are no step; what they add up to is one in the end."""


class ClockSteps:
    """Guards how the two clocks stood to each other when a step was last told."""

    def __init__(self) -> None:
        """Nothing is known yet."""
        self._boot_at: dt.datetime | None = None

    def since_last(self, now: Moment) -> dt.timedelta | None:
        """How far the wall clock was set since this was last asked (back: negative); None: it was not."""
        boot_at = now.utc - dt.timedelta(milliseconds=now.monotonic_ms)
        if self._boot_at is None:
            self._boot_at = boot_at
        step = boot_at - self._boot_at
        if abs(step) < SMALLEST_STEP:
            return None
        self._boot_at = boot_at
        return step
