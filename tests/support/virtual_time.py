"""Time that passes only when a test says so."""

from __future__ import annotations

import asyncio
import datetime as dt

from kiosk.clock import Moment

SETTLED_AFTER = 100
"""Turns of the event loop in which everything that waits for nothing has been done."""


class VirtualTime:
    """A Clock and a Waiter; services that wait on it wake in the order of their times."""

    def __init__(self, start: dt.datetime) -> None:
        self.start = start
        self.passed_s = 0.0
        self.trusted = True
        self.waits: list[float | None] = []
        """Every wait that was asked for, in seconds."""
        self._sleepers: dict[asyncio.Future[None], float] = {}

    def now(self) -> Moment:
        utc = self.start + dt.timedelta(milliseconds=round(self.passed_s * 1000))
        return Moment(utc=utc, monotonic_ms=round(self.passed_s * 1000), boot_id="boot-1", trusted=self.trusted)

    async def wait(self, poke: asyncio.Event, timeout_s: float | None) -> None:
        self.waits.append(timeout_s)
        await asyncio.sleep(0)
        if poke.is_set():
            return
        sleeper: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        poked = asyncio.create_task(_set(poke))
        self._sleepers[sleeper] = float("inf") if timeout_s is None else self.passed_s + timeout_s
        try:
            await asyncio.wait([sleeper, poked], return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._sleepers.pop(sleeper)
            poked.cancel()

    async def sleep(self, delay_s: float) -> None:
        """For fakes that take their time."""
        await self.wait(asyncio.Event(), delay_s)

    async def pass_(self, seconds: float) -> None:
        """Let `seconds` pass, and everything happen that is to happen in them."""
        end_s = self.passed_s + seconds
        await settle()
        while self._sleepers:
            sleeper, due_s = min(self._sleepers.items(), key=lambda each: each[1])
            if due_s > end_s:
                break
            self.passed_s = max(self.passed_s, due_s)
            if not sleeper.done():
                sleeper.set_result(None)
            await settle()
        self.passed_s = end_s


async def _set(poke: asyncio.Event) -> None:
    await poke.wait()


async def settle() -> None:
    """Let everything be done that waits for nothing."""
    for _ in range(SETTLED_AFTER):
        await asyncio.sleep(0)
