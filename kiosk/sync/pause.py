"""When to try again after failures: how long to rest, and whether the register asked for it."""

from __future__ import annotations

from dataclasses import replace

from kiosk.clock import Clock
from kiosk.sync.backoff import Backoff, Random, delay_s

LONGEST_OF_SEARCH_S = 5.0
"""From 500 records to one there are nine halvings: none of them may cost what an outage costs."""


class Pause:
    """Guards the failures in a row and until when to rest, by the clock that never steps."""

    def __init__(self, backoff: Backoff, clock: Clock, random: Random) -> None:
        """There is none."""
        self._backoff = backoff
        self._clock = clock
        self._random = random
        self._failures = 0
        self._until_ms = 0
        self._is_wish = False

    def begin(self, retry_after_s: float | None, *, searching: bool = False) -> float:
        """Rest after one more failure, as long as the register wishes and not in step with others; for how long."""
        self._failures += 1
        backoff = self._backoff
        if searching:
            backoff = replace(backoff, longest_s=min(backoff.longest_s, LONGEST_OF_SEARCH_S))
        pause_s = delay_s(backoff, self._failures, self._random, retry_after_s=retry_after_s)
        self._until_ms = self._clock.now().monotonic_ms + round(pause_s * 1000)
        self._is_wish = retry_after_s is not None
        return pause_s

    def left_s(self) -> float:
        """How long there is still to rest."""
        return max(0.0, (self._until_ms - self._clock.now().monotonic_ms) / 1000)

    def answered(self) -> None:
        """The register did what it was asked: the next failure is the first."""
        self._failures = 0

    def line_is_back(self) -> None:
        """Go on at once, unless the register asked to be left alone."""
        if not self._is_wish:
            self._until_ms = 0
