"""Asks the register, while the visitor waits, for what only the nation knows."""

from __future__ import annotations

from typing import Protocol

from contract import messages as m
from kiosk.errors import RegisterError


class Server(Protocol):
    """Who knows; raises RegisterError within 800 ms."""

    async def check(self, request: m.CheckRequest) -> m.CheckAnswer:
        """What stands against a use that is not recorded yet."""
        ...


class CourseChecks:
    """Course places of a card; no answer is an answer too, and never an error."""

    def __init__(self, server: Server) -> None:
        """Ask `server`."""
        self._server = server

    async def course_uses(self, use_id: str, lookup_key: str, event_id: str) -> int | None:
        """Course places the card has had in the period; None when the register does not answer in time."""
        request = m.CheckRequest(use_id=use_id, lookup_key=lookup_key, event_id=event_id, kind="course")
        try:
            return (await self._server.check(request)).used
        except RegisterError:
            return None
