"""Pins to try lamps and buttons on: gpiozero's mock, and the kernel's simulated chip, read back from the kernel."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest
from gpiozero.pins.mock import MockFactory, MockPWMPin

from kiosk.feedback.chip_pin import Lost
from kiosk.feedback.gpiochip import ChipPins, find_chip

CONFIGFS = Path("/sys/kernel/config/gpio-sim")
LABEL = "kiosk-test"
LINES = 54
LOOK_S = 0.0005


def unheard(_: OSError) -> None:
    """Hear that a chip is gone, and do nothing."""


class Pins(Protocol):
    """A chip that a test can see from the other side of the wire."""

    def factory(self, lost: Lost = ...) -> Any:
        """A pin factory for gpiozero."""
        ...

    def level(self, pin: int) -> bool:
        """What a lamp on the pin would see."""
        ...

    def drive(self, pin: int, *, high: bool) -> None:
        """Hold the pin high or low from outside, as a button does."""
        ...


class MockPins:
    """Gpiozero's own."""

    def __init__(self) -> None:
        self._factory = MockFactory(pin_class=MockPWMPin)

    def factory(self, _lost: Lost = unheard) -> Any:
        return self._factory

    def level(self, pin: int) -> bool:
        return bool(self._factory.pin(pin).state)

    def drive(self, pin: int, *, high: bool) -> None:
        mock = self._factory.pin(pin)
        mock.drive_high() if high else mock.drive_low()


class KernelPins:
    """A chip of the kernel's gpio-sim; levels are read from its side in sysfs, never from the lines' user."""

    def __init__(self, made: Path, label: str) -> None:
        self._made = made
        self._label = label
        self.plug_in()

    def plug_in(self) -> None:
        """Bring the chip, as an adapter on USB does; its path may be another one than before."""
        (self._made / "live").write_text("1")
        device, chip = self._read("dev_name"), self._read("bank0/chip_name")
        self._lines = Path("/sys/devices/platform") / device / chip
        self.chip = find_chip(self._label)

    def pull_out(self) -> None:
        """Take the chip away; may be repeated."""
        if self._read("live") == "1":
            (self._made / "live").write_text("0")

    def _read(self, name: str) -> str:
        return (self._made / name).read_text().strip()

    def factory(self, lost: Lost = unheard) -> Any:
        return ChipPins(self.chip, lost=lost)

    def level(self, pin: int) -> bool:
        return (self._lines / f"sim_gpio{pin}" / "value").read_text().strip() == "1"

    def seen_high(self, pin: int, limit_s: float) -> bool:
        """Look until the pin is high, or time is up: a level in sysfs tells nobody of itself."""
        until = time.monotonic() + limit_s
        while not self.level(pin):
            if time.monotonic() > until:
                return False
            time.sleep(LOOK_S)
        return True

    def drive(self, pin: int, *, high: bool) -> None:
        (self._lines / f"sim_gpio{pin}" / "pull").write_text("pull-up" if high else "pull-down")


@contextlib.contextmanager
def kernel_pins(label: str = LABEL) -> Iterator[KernelPins]:
    """A chip made for this test; skips where the kernel has none, unless the devices are said to be there."""
    if not CONFIGFS.is_dir() or not os.access(CONFIGFS, os.W_OK):
        if os.environ.get("KIOSK_TEST_DEVICES") == "there":
            raise AssertionError("this kernel has no gpio-sim")
        pytest.skip("this kernel has no gpio-sim; see ./dev machine")
    made = CONFIGFS / label
    bank = made / "bank0"
    bank.mkdir(parents=True)
    (bank / "num_lines").write_text(str(LINES))
    (bank / "label").write_text(label)
    try:
        yield KernelPins(made, label)
    finally:
        if (made / "live").read_text().strip() == "1":
            (made / "live").write_text("0")
        bank.rmdir()
        made.rmdir()


@contextlib.contextmanager
def pins_of(kind: str) -> Iterator[Pins]:
    """`mock` or `kernel`."""
    if kind == "mock":
        yield MockPins()
    else:
        with kernel_pins() as pins:
            yield pins
