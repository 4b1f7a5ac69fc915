"""Tells lamps, pages and lines how the desk is, and waits for none of them for long."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from kiosk.cards.desk_state import Desk
from kiosk.errors import KioskError
from kiosk.flow.ports import Announcer
from kiosk.health import Health

ANNOUNCE_LIMIT_S = 0.5
"""Longest time one announcer may take: a dead lamp never stops the next card."""


@dataclass(frozen=True, slots=True)
class Announcers:
    """Whoever tells people, by name."""

    by_name: Mapping[str, Announcer]
    health: Health

    async def tell(self, desk: Desk) -> None:
        """Show `desk`; what cannot is said in health."""
        for name, announcer in self.by_name.items():
            try:
                async with asyncio.timeout(ANNOUNCE_LIMIT_S):
                    await announcer.announce(desk)
            except TimeoutError:
                self.health.failing(name, f"took longer than {ANNOUNCE_LIMIT_S} s")
            except (KioskError, OSError) as error:
                self.health.failing(name, str(error))
