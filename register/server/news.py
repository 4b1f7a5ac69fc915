"""Waking the long polls of those venues whose feed grew, and only these."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Iterator

from register.errors import StoreUnavailable
from register.store.feed import Growth

log = logging.getLogger(__name__)
LOOK_EVERY_S = 1.0
"""News that another program wrote, such as `register seed`, are noticed after so long."""


class News:
    """Reads whom the newest news concern, and rings their bells."""

    def __init__(self, growth_after: Callable[[int], Awaitable[Growth]], look_every_s: float) -> None:
        """`growth_after` reads the feed after a number."""
        self._growth_after = growth_after
        self._look_every_s = look_every_s
        self._grown = asyncio.Event()
        # In the order in which they were hung up: who waits longest is told first, and a simulation can be repeated.
        self._bells: defaultdict[str, dict[asyncio.Event, None]] = defaultdict(dict)
        self._seen = 0
        self._closed = False

    def poke(self) -> None:
        """Something was committed: look now."""
        self._grown.set()

    @contextlib.contextmanager
    def bell_of(self, venue_id: str) -> Iterator[asyncio.Event]:
        """A bell that rings when there may be news for the venue; hang it up before reading the feed."""
        bell = asyncio.Event()
        if self._closed:
            bell.set()
        self._bells[venue_id][bell] = None
        try:
            yield bell
        finally:
            self._bells[venue_id].pop(bell, None)
            if not self._bells[venue_id]:
                del self._bells[venue_id]

    @property
    def listeners(self) -> int:
        """How many long polls wait."""
        return sum(len(bells) for bells in self._bells.values())

    @property
    def closed(self) -> bool:
        """Whether the server is ending, so that nobody should wait any more."""
        return self._closed

    def close(self) -> None:
        """Ring every bell for the last time."""
        self._closed = True
        self._ring(self._bells)

    async def run(self) -> None:
        """Look whenever poked, and now and then; runs until cancelled."""
        told_of_fault = False
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._look_every_s):
                    await self._grown.wait()
            self._grown.clear()
            try:
                growth = await self._growth_after(self._seen)
            except StoreUnavailable as error:
                if not told_of_fault:
                    log.warning("the feed cannot be read: %s", error)
                told_of_fault = True
                continue
            told_of_fault = False
            if growth.last_seq != self._seen:
                self._seen = growth.last_seq
                self._ring(self._bells if growth.everyone else growth.venues & self._bells.keys())

    def _ring(self, venue_ids: Iterable[str]) -> None:
        for venue_id in venue_ids:
            for bell in self._bells[venue_id]:
                bell.set()
