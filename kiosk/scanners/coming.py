"""The next event of a device, or the news that none came in time."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Generic, TypeVar

EventT = TypeVar("EventT")

LAST_LOOK_TURNS = 8
"""Turns of the loop within which what has already arrived gets from the kernel to its reader."""


class Coming(Generic[EventT]):
    """Holds the read that is under way: cut off by a time limit it would lose the events that it was about to bring."""

    def __init__(self, events: AsyncIterator[EventT]) -> None:
        """Read from `events`, one after the other."""
        self._events = events
        self._coming: asyncio.Future[EventT] | None = None

    async def within(self, limit_s: float | None) -> EventT | None:
        """The next event; None when none came within `limit_s`. Raises what reading raises."""
        coming = self._coming = self._coming or asyncio.ensure_future(anext(self._events))
        if not coming.done():
            await asyncio.wait({coming}, timeout=None if limit_s is None else max(0.0, limit_s))
        # A loop that was busy meanwhile finds its time limit passed, and has not looked yet at what came in time.
        for _ in range(LAST_LOOK_TURNS):
            if coming.done():
                self._coming = None
                return coming.result()
            await asyncio.sleep(0)
        return None

    async def leave(self) -> None:
        """Stop reading."""
        if self._coming is not None:
            self._coming.cancel()
            with contextlib.suppress(OSError, asyncio.CancelledError, StopAsyncIteration):
                await self._coming
