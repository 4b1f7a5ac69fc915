"""The world's true time, and a kiosk's idea of it."""

from __future__ import annotations

import asyncio
import datetime as dt

from kiosk.clock import Moment
from tests.simulation.chance import Stream

FIRST_DAY = dt.datetime(2026, 11, 24, 10, 0, tzinfo=dt.UTC)
"""Noon in Helsinki."""
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
MILLISECOND = dt.timedelta(milliseconds=1)


class TrueTime:
    """The register's clock, which is always right."""

    def __init__(self, start: dt.datetime = FIRST_DAY) -> None:
        self._start = self._told = start
        self._told_ms = 0
        self._loop = asyncio.get_running_loop()

    def now(self) -> dt.datetime:
        """The same until the next millisecond, and asked for several times within it."""
        if (ms := self.ms()) != self._told_ms:
            self._told_ms, self._told = ms, self._start + dt.timedelta(milliseconds=ms)
        return self._told

    def ms(self) -> int:
        """Whole milliseconds since the world began."""
        return int(self._loop.time() * 1000)


class KioskClock:
    """A clock that is set, steps, and begins anew at each boot."""

    def __init__(self, true: TrueTime, chance: Stream) -> None:
        self._true = true
        self._chance = chance
        self._offset = dt.timedelta()
        self._trusted = True
        self.trusted_since_s = 0.0
        """Since when without a break, in the world's seconds; infinity: it is not trusted."""
        self._doubted_since_s = float("inf")
        self._booted_at_ms: dict[str, int] = {}
        self.misled: set[str] = set()
        """Boots in which the time was wrong and nobody could know it."""
        self._begin_boot()

    def now(self) -> Moment:
        ms = self._true.ms()
        return Moment(
            utc=max(self._true.now() + self._offset, EPOCH),  # no kernel can be set to an earlier time
            monotonic_ms=ms - self._booted_at_ms[self.boot_id],
            boot_id=self.boot_id,
            trusted=self._trusted,
        )

    def boot(self, *, in_1970: bool) -> None:
        """The machine starts: it knows no time, or that of its last breath, until it is told."""
        self._begin_boot()
        self._doubt()
        lost = self._true.now() - EPOCH if in_1970 else dt.timedelta(minutes=self._chance.uniform(0, 30))
        self._offset = -to_whole_milliseconds(lost)

    def step(self, by: dt.timedelta, *, noticed: bool) -> None:
        """Somebody sets the clock, which the kernel notices; or a time server tells a wrong time, which it does not."""
        self._offset += to_whole_milliseconds(by)
        if noticed:
            self._doubt()
        elif self._trusted:
            self.misled.add(self.boot_id)

    def synchronise(self) -> None:
        """The network's time has come."""
        self._offset = dt.timedelta()
        if not self._trusted:
            self._trusted, self.trusted_since_s = True, self._true.ms() / 1000
            self._doubted_since_s = float("inf")

    def true_ms(self, boot_id: str, monotonic_ms: int) -> int:
        """When that was, in milliseconds since 1970."""
        return (FIRST_DAY - EPOCH) // MILLISECOND + self._booted_at_ms[boot_id] + monotonic_ms

    def doubted_for_s(self) -> float:
        """How long it has not been trusted, without a break; below zero: it is."""
        return self._true.ms() / 1000 - self._doubted_since_s

    def _doubt(self) -> None:
        if self._trusted:
            self._doubted_since_s = self._true.ms() / 1000
        self._trusted, self.trusted_since_s = False, float("inf")

    def _begin_boot(self) -> None:
        self.boot_id = f"boot-{self._chance.getrandbits(32):08x}"
        self._booted_at_ms[self.boot_id] = self._true.ms()


def to_whole_milliseconds(duration: dt.timedelta) -> dt.timedelta:
    return duration // MILLISECOND * MILLISECOND
