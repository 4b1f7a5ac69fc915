"""Lamps and buzzer on GPIO pins, through gpiozero."""

from __future__ import annotations

import contextlib
import importlib
from collections.abc import Mapping
from typing import Any

from kiosk.errors import DeviceError
from kiosk.feedback.signals import Part


class GpioLamps:
    """Guards the pins; a part without a pin is not there, and is passed over."""

    def __init__(self, pins: Mapping[Part, int], *, active_high: bool = True, factory: Any = None) -> None:
        """Take `pins` (GPIO numbers) from gpiozero's pin `factory`; None is this machine's own.

        Raises DeviceError where gpiozero is not installed, there are no pins, or one is in use.
        """
        self._outputs: dict[Part, Any] = {}
        try:
            gpiozero: Any = importlib.import_module("gpiozero")
        except ImportError:
            raise DeviceError("gpiozero is not installed; install the package with its “lamps” extra") from None
        try:
            for part, pin in pins.items():
                self._outputs[part] = gpiozero.DigitalOutputDevice(pin, active_high=active_high, pin_factory=factory)
        except (gpiozero.GPIOZeroError, OSError, RuntimeError) as error:
            self.close()
            raise DeviceError(f"the pins cannot be used: {error}") from error

    def show(self, on: frozenset[Part]) -> None:
        """Switch `on` on and everything else off; raises DeviceError."""
        try:
            for part, output in self._outputs.items():
                output.value = part in on
        except Exception as error:  # whatever the pin driver raises: a lamp must not stop the desk
            raise DeviceError(f"a lamp cannot be switched: {error}") from error

    def close(self) -> None:
        """Let go of the pins, switched off; may be repeated."""
        for output in self._outputs.values():
            with contextlib.suppress(Exception):  # the machine may have lost them; the others still go off
                output.close()
        self._outputs.clear()


class NoLamps:
    """A kiosk without lamps: the same interface, in the dark."""

    def show(self, on: frozenset[Part]) -> None:
        """Do nothing."""

    def close(self) -> None:
        """Do nothing."""


def simulated_pins() -> Any:
    """Gpiozero's mock pins: real devices of the library, on no hardware; raises DeviceError without gpiozero."""
    try:
        mock: Any = importlib.import_module("gpiozero.pins.mock")
    except ImportError:
        raise DeviceError("gpiozero is not installed; install the package with its “lamps” extra") from None
    return mock.MockFactory()
