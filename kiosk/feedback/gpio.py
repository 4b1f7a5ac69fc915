"""Lamps and buzzer on GPIO pins, through gpiozero."""

from __future__ import annotations

import contextlib
import importlib
from collections.abc import Callable, Sequence
from typing import Any

from kiosk.errors import DeviceError
from kiosk.feedback.fixtures import Fixture
from kiosk.feedback.look import Look
from kiosk.feedback.signals import Part


def simulated_pins() -> Any:
    """Gpiozero's mock pins: real devices of the library, on no hardware; every pin can have PWM."""
    mock: Any = importlib.import_module("gpiozero.pins.mock")
    return mock.MockFactory(pin_class=mock.MockPWMPin)


class GpioLamps:
    """Guards the pins; a part that hangs on none is not there, and is passed over."""

    def __init__(self, fixtures: Sequence[Fixture], factory: Callable[[], Any]) -> None:
        """Use pins of the gpiozero pin factory that `factory` makes; nothing is touched until `show`."""
        self._fixtures = tuple(fixtures)
        self._make_factory = factory
        self._factory: Any = None
        self._devices: dict[Fixture, Any] = {}

    def show(self, look: Look) -> frozenset[Part]:
        """Have everything as `look` says; the parts that are on, read back from the pins.

        Each fixture is tried, and one that failed is opened anew the next time. Raises DeviceError with all that
        failed.
        """
        lit: set[Part] = set()
        faults = []
        for fixture in self._fixtures:
            try:
                lit |= fixture.show(self._device(fixture), look)
            except Exception as error:  # noqa: BLE001  # whatever the pin driver raises: a lamp must not stop the desk
                why = error.strerror if isinstance(error, OSError) else None
                faults.append(f"{fixture.name}: {why or error}")
                self._let_go(fixture)
        if len(faults) == len(self._fixtures):
            self._let_go_of_chip()  # it may be gone, and come back under another name
        if faults:
            raise DeviceError(f"cannot be switched: {'; '.join(faults)}")
        return frozenset(lit)

    def close(self) -> None:
        """Let go of the pins; may be repeated."""
        for fixture in self._fixtures:
            self._let_go(fixture)
        self._let_go_of_chip()

    def _let_go_of_chip(self) -> None:
        if self._factory is not None:
            with contextlib.suppress(Exception):  # the machine may have lost it
                self._factory.close()
            self._factory = None

    def _device(self, fixture: Fixture) -> Any:
        if fixture not in self._devices:
            try:
                gpiozero: Any = importlib.import_module("gpiozero")
            except ImportError:
                raise DeviceError("gpiozero is not installed; install the package with its “lamps” extra") from None
            self._factory = self._factory or self._make_factory()
            self._devices[fixture] = fixture.open(gpiozero, self._factory)
        return self._devices[fixture]

    def _let_go(self, fixture: Fixture) -> None:
        device = self._devices.pop(fixture, None)
        if device is not None:
            with contextlib.suppress(Exception):  # the machine may have lost it; the others are still let go
                device.close()
