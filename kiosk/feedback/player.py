"""Plays one signal at a time on whatever lamps there are; a new signal replaces the running one at once."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from typing import Protocol

from kiosk.cards.desk_model import Desk
from kiosk.errors import DeviceError
from kiosk.feedback.signals import PATTERNS, Part, Pattern, Signal, signal_of, subject_of
from kiosk.health import Health

PART = "lamps"
_OFF: frozenset[Part] = frozenset()


class Lamps(Protocol):
    """Lamps and buzzer, however they are wired."""

    def show(self, on: frozenset[Part]) -> None:
        """Switch `on` on and everything else off; raises DeviceError."""
        ...

    def close(self) -> None:
        """Let go of the pins."""
        ...


class Player:
    """Guards which signal plays; an announcer for the flow and a service that runs for ever."""

    def __init__(
        self,
        lamps: Lamps,
        health: Health,
        *,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
        shown: Callable[[frozenset[Part]], None] = lambda _: None,
    ) -> None:
        """Play on `lamps`; `shown` hears of each change, for the page of the demo."""
        self._lamps = lamps
        self._health = health
        self._pause = pause
        self._shown = shown
        self._playing: tuple[Signal, str] = (Signal.IDLE, "")
        self._changed = asyncio.Event()

    async def announce(self, desk: Desk) -> None:
        """Play what `desk` means; returns at once, and a repeated meaning plays on undisturbed."""
        wanted = (signal_of(desk), subject_of(desk))
        if wanted != self._playing:
            self._playing = wanted
            self._changed.set()
            # The first step is out before the next thing happens at the desk, however busy that is.
            self._show(PATTERNS[wanted[0]].steps[0].on)

    async def run(self) -> None:
        """Play for ever; everything is off at the end."""
        try:
            while True:
                self._changed.clear()
                playing = asyncio.ensure_future(self._play(PATTERNS[self._playing[0]]))
                try:
                    await self._changed.wait()
                finally:
                    playing.cancel()
                    await asyncio.wait({playing})
        finally:
            self._show(_OFF)
            self._lamps.close()

    async def _play(self, pattern: Pattern) -> None:
        for step in itertools.chain(pattern.steps, itertools.cycle(pattern.again)):
            self._show(step.on)
            if step.lasts is None:
                return
            await self._pause(step.lasts.total_seconds())
        self._show(_OFF)

    def _show(self, on: frozenset[Part]) -> None:
        try:
            self._lamps.show(on)
        except DeviceError as error:
            self._health.failing(PART, str(error))
        else:
            self._health.ok(PART)
            self._shown(on)
