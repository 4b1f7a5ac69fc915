"""Lamps and buzzer on GPIO pins, through gpiozero."""

from __future__ import annotations

import contextlib
import importlib
from collections.abc import Callable, Mapping
from typing import Any

from kiosk.errors import DeviceError
from kiosk.feedback.signals import Part


def machine_pins() -> Any:
    """This machine's own pins, as gpiozero finds them."""
    return None


def simulated_pins() -> Any:
    """Gpiozero's mock pins: real devices of the library, on no hardware."""
    return importlib.import_module("gpiozero.pins.mock").MockFactory()


class GpioLamps:
    """Guards the pins; a part without a pin is not there, and is passed over."""

    def __init__(
        self, pins: Mapping[Part, int], *, active_high: bool = True, factory: Callable[[], Any] = machine_pins
    ) -> None:
        """Use `pins` (GPIO numbers) of gpiozero's pin factory that `factory` makes; nothing is touched until `show`."""
        self._pins = dict(pins)
        self._active_high = active_high
        self._make_factory = factory
        self._factory: Any = None
        self._outputs: dict[Part, Any] = {}

    def show(self, on: frozenset[Part]) -> frozenset[Part]:
        """Switch `on` on and everything else off; what is on, read back from the pins.

        Each pin is tried, and one that could not be had is tried again. Raises DeviceError with all that failed.
        """
        try:
            importlib.import_module("gpiozero")
        except ImportError:
            raise DeviceError("gpiozero is not installed; install the package with its “lamps” extra") from None
        lit, faults = set(), []
        for part, pin in self._pins.items():
            try:
                output = self._output(part, pin)
                output.value = part in on
                if output.value:
                    lit.add(part)
            except Exception as error:  # noqa: BLE001  # whatever the pin driver raises: a lamp must not stop the desk
                faults.append(f"{part.value} (GPIO {pin}): {error}")
        if faults:
            raise DeviceError(f"cannot be switched: {'; '.join(faults)}")
        return frozenset(lit)

    def _output(self, part: Part, pin: int) -> Any:
        if part not in self._outputs:
            gpiozero: Any = importlib.import_module("gpiozero")
            self._factory = self._factory or self._make_factory()
            self._outputs[part] = gpiozero.DigitalOutputDevice(
                pin, active_high=self._active_high, pin_factory=self._factory
            )
        return self._outputs[part]

    def close(self) -> None:
        """Let go of the pins; may be repeated."""
        for output in self._outputs.values():
            with contextlib.suppress(Exception):  # the machine may have lost it; the others are still let go
                output.close()
        self._outputs.clear()
