"""Codes on their way from a scanner to the desk, which answers one after the other."""

from __future__ import annotations

import asyncio
import logging

from kiosk.cards.model import Scan
from kiosk.scanners.glued import split_glued
from kiosk.scanners.receiver import Receiver

log = logging.getLogger(__name__)

MOST_UNANSWERED = 32
"""Codes read while the desk is busy with the first of them."""


class HandOver:
    """Holds the codes that wait for the desk, so that reading never waits for it."""

    def __init__(self, name: str, receiver: Receiver) -> None:
        """Hand codes to `receiver` as those of the scanner `name`."""
        self._name = name
        self._receiver = receiver
        self._codes: asyncio.Queue[str] = asyncio.Queue(MOST_UNANSWERED)

    def put(self, code: str) -> None:
        """Let what was read in one breath wait for the desk; a scanner gone mad is cut off, and said."""
        for each in split_glued(code):
            try:
                self._codes.put_nowait(each)
            except asyncio.QueueFull:
                log.warning("%s: %d codes wait for the desk; one more was thrown away", self._name, MOST_UNANSWERED)

    async def run(self) -> None:
        """Hand over for ever."""
        while True:
            await self._receiver.scan(Scan(await self._codes.get(), self._name))
