"""Asks the register, while the visitor waits, for what only the nation knows."""

from __future__ import annotations

from typing import Protocol

from contract import messages as m
from kiosk.clock import Clock
from kiosk.errors import RegisterError
from kiosk.sync.link import Link

ASKED_AGAIN_AFTER_S = 30.0
"""While the register is too slow, one visitor in so long waits for it, to see whether it still is."""


class Server(Protocol):
    """Who knows; raises RegisterError within 800 ms."""

    async def check(self, request: m.CheckRequest) -> m.CheckAnswer:
        """What stands against a use that is not recorded yet."""
        ...


class CourseChecks:
    """Course places of a card; no answer is an answer too, and never an error.

    Guards the last results: a network that brings news, but no answer while a visitor waits, must not cost each
    visitor 800 ms.
    """

    def __init__(self, server: Server, clock: Clock) -> None:
        """Ask `server`, which is quick enough until it was not."""
        self._server = server
        self._clock = clock
        self._quick = Link()
        self._again_at_ms = 0
        while not self._quick.online:
            self._quick.worked()

    async def course_uses(self, use_id: str, lookup_key: str, event_id: str) -> int | None:
        """Course places the card has had in the period; None when the register does not answer in time."""
        if not self._quick.online and self._clock.now().monotonic_ms < self._again_at_ms:
            return None
        request = m.CheckRequest(use_id=use_id, lookup_key=lookup_key, event_id=event_id, kind="course")
        try:
            used = (await self._server.check(request)).used
        except RegisterError:
            self._quick.failed()
            self._again_at_ms = self._clock.now().monotonic_ms + round(ASKED_AGAIN_AFTER_S * 1000)
            return None
        self._quick.worked()
        return used
