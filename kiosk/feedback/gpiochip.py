"""The kernel's GPIO lines as pins for gpiozero: on every Pi, on any kernel, and on a simulated chip."""

from __future__ import annotations

import asyncio
import time
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kiosk.errors import DeviceClosed, DeviceError
from kiosk.feedback.chip_pin import ChipPin, Lost, Watch, library
from kiosk.feedback.pwm import PwmChannel, find_channel

HEADERS = ("pinctrl-bcm2711", "pinctrl-rp1", "pinctrl-bcm2835")
"""Labels of the chips behind a Pi's 40 pins (Pi 4; Pi 5; older): their numbers differ from kernel to kernel."""
DEVICES = Path("/dev")


def watched_by_the_loop(descriptor: int, readable: Callable[[], None]) -> Callable[[], None]:
    """Watch with the running event loop: no thread of its own for a button."""
    loop = asyncio.get_running_loop()
    loop.add_reader(descriptor, readable)

    def stop() -> None:
        if not loop.is_closed():
            loop.remove_reader(descriptor)

    return stop


def find_chip(wanted: str | None = None, devices: Path = DEVICES) -> str:
    """The path of the chip with the label or path `wanted`, or of this Pi's header.

    Raises DeviceError that names the chips that are there.
    """
    gpiod: Any = library("gpiod")
    labels: dict[str, str] = {}
    closed: list[Path] = []
    for path in sorted(devices.glob("gpiochip*")):
        try:
            with gpiod.Chip(str(path)) as chip:
                if wanted == str(path):
                    return wanted
                labels.setdefault(chip.get_info().label, str(path))
        except PermissionError:
            closed.append(path)
        except OSError:  # not a chip, or taken away while it was looked at
            continue
    found = next((labels[label] for label in ([wanted] if wanted else HEADERS) if label in labels), None)
    if found is None and closed:
        raise DeviceClosed(str(closed[0]), "gpio")
    if found is None:
        there = f"there are {', '.join(sorted(labels))}" if labels else "there is none at all"
        raise DeviceError(f"no GPIO chip {wanted or 'of a Raspberry Pi'}: {there}")
    return found


class ChipPins:
    """A pin factory, as gpiozero's devices ask for it: pins are given once each, and taken back at close."""

    def __init__(
        self,
        chip: str,
        *,
        watch: Watch = watched_by_the_loop,
        pwm: Callable[[int], PwmChannel | None] = find_channel,
        lost: Lost = lambda _: None,
    ) -> None:
        """Give lines of the chip at the path `chip`; nothing is touched until a device asks for a pin."""
        self._chip = chip
        self._watch = watch
        self._pwm = pwm
        self._lost = lost
        self._pins: dict[int, ChipPin] = {}
        self._reserved: dict[int, weakref.ref[object]] = {}

    def pin(self, number: int) -> ChipPin:
        """The one pin of line `number`."""
        return self._pins.setdefault(number, ChipPin(self._chip, number, self._watch, self._pwm, self._lost))

    def reserve_pins(self, requester: object, *numbers: int) -> None:
        """Let `requester` alone use the pins; raises gpiozero's GPIOPinInUse."""
        for number in numbers:
            # Weakly: a device that failed while it was made never releases what it reserved.
            if number in self._reserved and self._reserved[number]() not in (None, requester):
                raise library("gpiozero").GPIOPinInUse(f"GPIO {number} is already in use by this kiosk")
            self._reserved[number] = weakref.ref(requester)

    def release_pins(self, reserver: object, *names: str) -> None:
        """Let others use the pins (`GPIO17`) again."""
        for number in (int(name.removeprefix("GPIO")) for name in names):
            if number in self._reserved and self._reserved[number]() is reserver:
                del self._reserved[number]

    def release_all(self, reserver: object) -> None:
        """Let others use all pins of `reserver` again."""
        self.release_pins(reserver, *(f"GPIO{number}" for number in self._reserved))

    def ticks(self) -> float:
        """Seconds of the clock that edges are stamped with."""
        return time.monotonic()

    def ticks_diff(self, later: float, earlier: float) -> float:
        """Seconds between."""
        return later - earlier

    def close(self) -> None:
        """Give every line back to the kernel."""
        for pin in self._pins.values():
            pin.close()
        self._pins.clear()
        self._reserved.clear()
