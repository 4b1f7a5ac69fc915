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
    soon as it is of this length, and one that ends before is none. 0: every press counts at once, however long it is.
    """


Pressed = Callable[[Press, int], Awaitable[None]]
"""Takes a press and how many ms ago the hand made it; returns when what it asked for is done."""


Presses = asyncio.Queue[tuple[Press, float] | OSError]
"""Presses and when the hand made them; an OSError: the pins are gone."""


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

        waits: dict[Press, tuple[asyncio.TimerHandle, float]] = {}
        together: list[asyncio.TimerHandle] = []

        def held_long(press: Press) -> None:
            presses.put_nowait((_HELD_LONG[press], waits.pop(press)[1]))

        def both_held(at_s: float) -> None:
            together.clear()
            presses.put_nowait((Press.BOTH_HELD, at_s))

        def down(press: Press, at_s: float) -> None:
            if waits.keys() - {press}:
                # Neither is what it is alone: a hand that lets go of both too soon must have confirmed nothing.
                for timer, _ in waits.values():
                    timer.cancel()
                waits.clear()
                together.append(loop.call_later(self._wiring.hold_s, both_held, at_s))
            elif self._wiring.hold_s:
                waits[press] = loop.call_later(LONG * self._wiring.hold_s, held_long, press), at_s
            else:
                presses.put_nowait((press, at_s))

        def up(press: Press, ended_at_s: float) -> None:
            while together:
                together.pop().cancel()
            if press in waits:
                timer, at_s = waits.pop(press)
                timer.cancel()
                held = ended_at_s - at_s >= self._wiring.hold_s
                # It means what lay on the desk when the hand came down, not when it went.
                presses.put_nowait((_HELD[press] if held else press, at_s))

        def made(press: Press) -> None:
            # Some pin factories call from a thread of their own.
            loop.call_soon_threadsafe(down, press, self._now_s())

        def ended(press: Press) -> None:
            loop.call_soon_threadsafe(up, press, self._now_s())

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
