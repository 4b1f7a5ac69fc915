"""Lamps, buzzer and buttons as the kernel sees their lines; nothing is switched or taken."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kiosk.errors import DeviceError
from kiosk.feedback.chip_pin import CONSUMER
from kiosk.findings import Finding, failed, passed

KIOSK_RUNS = "held by the running kiosk"


@dataclass(frozen=True, slots=True)
class LineSeen:
    """A line of a GPIO chip."""

    name: str
    """As the board calls it; may be empty."""
    user: str | None
    """The program that holds it; None: it is free."""


def lines_of(chip: str) -> Callable[[int], LineSeen | None]:
    """Ask the kernel for lines of the chip at the path `chip`; None: it has no such line. Asking raises DeviceError."""
    gpiod: Any = importlib.import_module("gpiod")

    def seen(number: int) -> LineSeen | None:
        try:
            with gpiod.Chip(chip) as opened:
                if number >= opened.get_info().num_lines:
                    return None
                info = opened.get_line_info(number)
        except OSError as error:
            raise DeviceError(f"{chip} cannot be asked: {error.strerror}") from error
        return LineSeen(info.name, info.consumer or "the kernel" if info.used else None)

    return seen


def pin_findings(pins: Mapping[str, int], chip: str, line: Callable[[int], LineSeen | None]) -> Iterator[Finding]:
    """A finding for each of `pins` (part → GPIO number) on `chip`; raises DeviceError when the chip does not answer."""
    for part, pin in pins.items():
        what = f"{part} (GPIO {pin})"
        seen = line(pin)
        if seen is None:
            yield failed(what, f"{chip} has no such line", "Name a pin of the 40-pin header.")
        elif seen.user is None:
            yield passed(what, f"free on {chip}")
        elif seen.user == CONSUMER:
            yield passed(what, KIOSK_RUNS)
        else:
            do = "Choose another pin, or take the overlay that uses it out of /boot/firmware/config.txt."
            yield failed(what, f"held by {seen.user}", do)
