"""Plays one signal at a time on whatever lamps there are; a new signal replaces the running one at once."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from typing import Protocol

from kiosk.cards.desk_state import Desk
from kiosk.errors import DeviceError
from kiosk.feedback.look import DARK, Look, look_of
from kiosk.feedback.signals import PATTERNS, Part, Pattern, Signal, Step, signal_of, subject_of
from kiosk.feedback.sound import FULL
from kiosk.health import Health

PART = "lamps"
_AT_THE_END = Step(frozenset(), lasts=None)


class Lamps(Protocol):
    """Lamps and buzzer, however they are wired."""

    def show(self, look: Look) -> frozenset[Part]:
        """Have everything as `look` says; returns what is on then; raises DeviceError."""
        ...

    def close(self) -> None:
        """Let go of the pins."""
        ...


async def either(changed: asyncio.Event, timeout_s: float | None) -> None:
    """Return when `changed` is set or `timeout_s` seconds have passed (None: only when it is set)."""
    try:
        async with asyncio.timeout(timeout_s):
            await changed.wait()
    except TimeoutError:
        return


class Player:
    """Guards which signal plays; an announcer for the flow and a service that runs for ever."""

    def __init__(
        self,
        lamps: Lamps,
        health: Health,
        *,
        wait: Callable[[asyncio.Event, float | None], Awaitable[None]] = either,
        shown: Callable[[frozenset[Part]], None] = lambda _: None,
        volume: Callable[[], int] = lambda: FULL,
    ) -> None:
        """Play on `lamps`; `shown` hears what is on after each step, for the page of the demo.

        `volume` (0 to 100) is asked at each step that sounds.
        """
        self._lamps = lamps
        self._health = health
        self._wait = wait
        self._shown = shown
        self._volume = volume
        self._wanted: tuple[Signal, str] = (Signal.IDLE, "")
        self._changed = asyncio.Event()

    async def announce(self, desk: Desk) -> None:
        """Play what `desk` means; returns at once, and a repeated meaning plays on undisturbed."""
        wanted = (signal_of(desk), subject_of(desk))
        if wanted != self._wanted:
            self._wanted = wanted
            self._changed.set()
            # The first step is out before the next thing happens at the desk, however busy that is.
            self._play_step(PATTERNS[wanted[0]].steps[0])

    async def run(self) -> None:
        """Play for ever; everything is off at the end."""
        try:
            while True:
                self._changed.clear()
                await self._play(PATTERNS[self._wanted[0]])
        finally:
            self._show(DARK)
            self._lamps.close()

    async def _play(self, pattern: Pattern) -> None:
        """Play `pattern` until another signal is wanted."""
        for step in itertools.chain(pattern.steps, itertools.cycle(pattern.again), (_AT_THE_END,)):
            self._play_step(step)
            await self._wait(self._changed, None if step.lasts is None else step.lasts.total_seconds())
            if self._changed.is_set():
                return

    def _play_step(self, step: Step) -> None:
        self._show(look_of(step, self._volume()))

    def _show(self, look: Look) -> None:
        try:
            lit = self._lamps.show(look)
        except DeviceError as error:
            self._health.failing(PART, str(error))
        else:
            self._health.ok(PART)
            self._shown(lit)
