"""Codes on their way from a scanner to the desk, which answers one after the other."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable

from kiosk.cards.model import Scan
from kiosk.scanners.glued import split_glued
from kiosk.scanners.receiver import Receiver

log = logging.getLogger(__name__)

MOST_UNANSWERED = 32
"""Codes read while the desk is busy with the first of them."""


class HandOver:
    """Holds the codes that wait for the desk, so that reading never waits for it."""

    def __init__(self, name: str, receiver: Receiver, *, now_s: Callable[[], float] = time.monotonic) -> None:
        """Hand codes to `receiver` as those of the scanner `name`."""
        self._now_s = now_s
        self._name = name
        self._receiver = receiver
        self._codes: asyncio.Queue[tuple[str, float]] = asyncio.Queue(MOST_UNANSWERED)

    def put(self, code: str) -> None:
        """Let what was read in one breath wait for the desk; a scanner gone mad is cut off, and said."""
        for each in split_glued(code):
            try:
                self._codes.put_nowait((each, self._now_s()))
            except asyncio.QueueFull:
                log.warning("%s: %d codes wait for the desk; one more was thrown away", self._name, MOST_UNANSWERED)

    async def run(self) -> None:
        """Hand over for ever."""
        while True:
            code, read_at_s = await self._codes.get()
            waited_ms = round((self._now_s() - read_at_s) * 1000)
            await self._receiver.scan(Scan(code, self._name, waited_ms))
