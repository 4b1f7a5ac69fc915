"""How a scanner's adapter goes on for ever: through every unplugging, and past other programs."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from kiosk.errors import DeviceBusy, DeviceError
from kiosk.health import Health
from kiosk.scanners.changes import Listen
from kiosk.scanners.handover import HandOver

SOON_S = 2.0
"""Look again after this where no event may tell: another program lets the scanner go, or a line that broke is whole."""


class Held(DeviceBusy):
    """The scanner is there, and another program has it."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__("another program holds the scanner")


class Gone(DeviceError):
    """The scanner was read, and is not there any more."""

    def __init__(self, why: str | None, lost: str) -> None:
        """Say why, and that `lost` of an unfinished code (such as `3 characters`, or nothing) was thrown away."""
        half = f"; {lost} of an unfinished code were thrown away" if lost else ""
        super().__init__(f"the scanner is gone ({why}){half}")


async def read_for_ever(
    serve: Callable[[], Awaitable[None]], *, name: str, subsystem: str, codes: HandOver, health: Health, listen: Listen
) -> None:
    """Call `serve` at once and after each change of `subsystem`, and hand over `codes` meanwhile.

    `serve` finds the scanner and reads it until it is gone; it raises DeviceError, which is said in health.
    """
    # Heard before the first look, so that what is plugged in between the two is not missed.
    with listen(subsystem) as changes:
        async with asyncio.TaskGroup() as tasks:
            # Apart from the reading: the kernel keeps some ten keys only, and the next code may come at once.
            tasks.create_task(codes.run())
            while True:
                within_s = None
                try:
                    await serve()
                except DeviceError as error:
                    health.failing(name, str(error))
                    within_s = SOON_S if isinstance(error, (Held, Gone)) else None
                await changes.next(within_s)
