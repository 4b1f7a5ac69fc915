"""Waiting for a poke or for time to pass, so that tests can let time pass as they like."""

from __future__ import annotations

import asyncio
from typing import Protocol


class Waiter(Protocol):
    """How a service rests."""

    async def wait(self, poke: asyncio.Event, timeout_s: float | None) -> None:
        """Return when `poke` is set or `timeout_s` seconds have passed (None: only the poke ends it)."""
        ...


class RealTime:
    """The event loop's own time."""

    async def wait(self, poke: asyncio.Event, timeout_s: float | None) -> None:
        """Return when `poke` is set or `timeout_s` seconds have passed (None: only the poke ends it)."""
        try:
            async with asyncio.timeout(timeout_s):
                await poke.wait()
        except TimeoutError:
            return
