"""Buttons of metal and plastic: confirm and cancel, for hands in gloves."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any

from kiosk.errors import DeviceError
from kiosk.feedback.chip_pin import Lost
from kiosk.health import Health

PART = "buttons"
TRY_AGAIN_S = 5.0
LONG = 2
"""A button that is held for so many times `hold_s` means something else again."""
STUCK = 10
"""No hand holds a button for so many times `hold_s`: it is stuck, or nobody heard that it came up."""


class Press(StrEnum):
    """What a button means."""

    CONFIRM = "confirm"
    CANCEL = "cancel"
    CONFIRM_HELD = "confirm-held"
    CANCEL_HELD = "cancel-held"
    CONFIRM_HELD_LONG = "confirm-held-long"
    CANCEL_HELD_LONG = "cancel-held-long"
    BOTH_HELD = "both-held"


_HELD = {Press.CONFIRM: Press.CONFIRM_HELD, Press.CANCEL: Press.CANCEL_HELD}
_HELD_LONG = {Press.CONFIRM: Press.CONFIRM_HELD_LONG, Press.CANCEL: Press.CANCEL_HELD_LONG}


@dataclass(frozen=True, slots=True)
class ButtonWiring:
    """Where the buttons are, and how they are read."""

    pins: Mapping[Press, int]
    """GPIO numbers; a button without a pin is not there."""
    pull_up: bool = True
    """Whether a press connects the pin to ground."""
    bounce_s: float = 0.03
    """A level that does not stay so long is the spring's, not the hand's."""
    hold_s: float = 0
    """A press of this length or more means something of its own, and one of twice that again; each counts when it
    ends, and the longest as soon as it is so long. Two buttons that are down together are one press, which counts as
    soon as it is of this length, and one that ends before is none; nothing else counts until both are up. 0: every
    press counts at once, however long it is.
    """


Pressed = Callable[[Press, int], Awaitable[None]]
"""Takes a press and how many ms ago the hand made it; returns when what it asked for is done."""


Presses = asyncio.Queue[tuple[Press, float] | OSError]
"""Presses and when the hand made them; an OSError: the pins are gone."""


class _Hands:
    """Guards which buttons are down, and since when; that of pins which are lost goes with them."""

    def __init__(self, hold_s: float, counts: Callable[[Press, float], None]) -> None:
        """Tell `counts` of each press, and when the hand made it."""
        self._hold_s = hold_s
        self._counts = counts
        self._loop = asyncio.get_running_loop()
        self._down_s: dict[Press, float] = {}
        """Also what has counted, or is to count for nothing."""
        self._waits: dict[Press, asyncio.TimerHandle] = {}
        """What will count for itself."""
        self._together: asyncio.TimerHandle | None = None

    def down(self, press: Press, at_s: float) -> None:
        """A button came down."""
        if not self._hold_s:
            self._counts(press, at_s)
            return
        self._part()
        for other, since_s in tuple(self._down_s.items()):
            if other is press or at_s - since_s >= STUCK * self._hold_s:
                self._forget(other)
        self._down_s[press] = at_s
        if len(self._down_s) == 1:
            self._waits[press] = self._loop.call_later(LONG * self._hold_s, self._held_long, press)
        elif self._waits:
            # Neither is what it is alone: a hand that lets go of both too soon must have confirmed nothing.
            while self._waits:
                self._waits.popitem()[1].cancel()
            self._together = self._loop.call_later(self._hold_s, self._counts, Press.BOTH_HELD, at_s)
        # Else the other has counted, or they have been together since it came down: nothing until both are up.

    def up(self, press: Press, ended_at_s: float) -> None:
        """It came up."""
        self._part()
        if press in self._waits:
            at_s = self._down_s[press]
            # It means what lay on the desk when the hand came down, not when it went.
            self._counts(_HELD[press] if ended_at_s - at_s >= self._hold_s else press, at_s)
        self._forget(press)

    def _held_long(self, press: Press) -> None:
        del self._waits[press]
        self._counts(_HELD_LONG[press], self._down_s[press])

    def _part(self) -> None:
        if self._together is not None:
            self._together.cancel()

    def _forget(self, press: Press) -> None:
        self._down_s.pop(press, None)
        if press in self._waits:
            self._waits.pop(press).cancel()


class Buttons:
    """Guards the pins of the buttons; a service that runs for ever."""

    def __init__(
        self,
        wiring: ButtonWiring,
        pressed: Pressed,
        health: Health,
        *,
        factory: Callable[[Lost], Any],
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        """Tell `pressed` of each press, one after the other.

        `factory` makes gpiozero's pin factory, which tells when a pin goes away with its chip.
        """
        self._wiring = wiring
        self._pressed = pressed
        self._health = health
        self._make_factory = factory
        self._pause = pause
        self._now_s = now_s

    async def run(self) -> None:
        """Listen for ever; buttons that cannot be had are said in health and tried again."""
        while True:
            presses: Presses = asyncio.Queue()
            with contextlib.ExitStack() as held:
                try:
                    stuck = self._opened(held, presses)
                except DeviceError as error:
                    self._health.failing(PART, str(error))
                else:
                    if stuck:
                        self._health.failing(PART, f"pressed since the start: {', '.join(stuck)}")
                    else:
                        self._health.ok(PART)
                    await self._hand_over_until_lost(presses)
            await self._pause(TRY_AGAIN_S)

    async def _hand_over_until_lost(self, presses: Presses) -> None:
        while True:
            came = await presses.get()
            if isinstance(came, OSError):
                self._health.failing(PART, f"the GPIO chip is gone ({came.strerror})")
                return
            press, made_at_s = came
            self._health.ok(PART)  # a button that was stuck has come up
            # It may have waited for the one before, and means what lay on the desk when it was made.
            await self._pressed(press, round((self._now_s() - made_at_s) * 1000))

    def _opened(self, held: contextlib.ExitStack, presses: Presses) -> list[str]:
        """Open every button; which of them are down already."""
        loop = asyncio.get_running_loop()
        hands = _Hands(self._wiring.hold_s, lambda press, at_s: presses.put_nowait((press, at_s)))

        def made(press: Press) -> None:
            # Some pin factories call from a thread of their own.
            loop.call_soon_threadsafe(hands.down, press, self._now_s())

        def ended(press: Press) -> None:
            loop.call_soon_threadsafe(hands.up, press, self._now_s())

        stuck = []
        name = "buttons"
        try:
            gpiozero: Any = importlib.import_module("gpiozero")
            factory = self._make_factory(presses.put_nowait)
            held.callback(factory.close)
            for press, pin in self._wiring.pins.items():
                name = f"{press.value} (GPIO {pin})"
                button = gpiozero.Button(
                    pin, pull_up=self._wiring.pull_up, bounce_time=self._wiring.bounce_s or None, pin_factory=factory
                )
                held.callback(button.close)
                button.when_pressed = partial(made, press)
                button.when_released = partial(ended, press)
                if button.is_pressed:
                    stuck.append(name)
        except ImportError:
            raise DeviceError("gpiozero is not installed; install the package with its “lamps” extra") from None
        except Exception as error:  # whatever the pin driver raises: a button must not stop the desk
            raise DeviceError(f"{name} cannot be used: {error}") from error
        return stuck
