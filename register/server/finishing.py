"""Work that is brought to its end even if the kiosk that asked for it hangs up."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

Result = TypeVar("Result")


class Finishing:
    """Keeps hold of begun work, so that a kiosk that sends a slow batch again finds it done."""

    def __init__(self) -> None:
        """Start with nothing under way."""
        self._under_way: set[asyncio.Task[Any]] = set()

    async def to_the_end(self, work: Coroutine[Any, Any, Result]) -> Result:
        """The result of `work`, which goes on when this wait for it is cancelled."""
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._done)
        return await asyncio.shield(task)

    async def all_done(self) -> None:
        """Wait for what is under way; its errors were told to whoever asked for it."""
        await asyncio.gather(*self._under_way, return_exceptions=True)

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._under_way.discard(task)
        if not task.cancelled():
            task.exception()  # seen: an error of work that nobody waits for any more is not an error of the server
