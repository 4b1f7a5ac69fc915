"""Clocks that say what a test tells them."""

from __future__ import annotations

import datetime as dt

from kiosk.clock import Moment

NOON = dt.datetime(2026, 11, 24, 10, 0, tzinfo=dt.UTC)
"""Noon in Helsinki."""


class FixedClock:
    """Stands still until it is set on."""

    def __init__(self, utc: dt.datetime = NOON, *, trusted: bool = True) -> None:
        """Begin at `utc`, a minute after boot."""
        self.utc = utc
        self.monotonic_ms = 60_000
        self.boot_id = "a-boot"
        self.trusted = trusted

    def now(self) -> Moment:
        """The instant it was set to."""
        return Moment(self.utc, self.monotonic_ms, self.boot_id, self.trusted)

    def pass_by(self, seconds: float) -> None:
        """Let time pass on both clocks."""
        self.utc += dt.timedelta(seconds=seconds)
        self.monotonic_ms += round(seconds * 1000)
