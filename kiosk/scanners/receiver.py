"""Who takes the scans."""

from __future__ import annotations

from typing import Protocol

from kiosk.cards.model import Scan


class Receiver(Protocol):
    """The flow, as a scanner sees it."""

    async def scan(self, scan: Scan) -> None:
        """Take `scan`; returns when it is answered, so that a scanner never runs ahead of the desk."""
        ...
