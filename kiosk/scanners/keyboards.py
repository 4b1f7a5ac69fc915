"""Which of the machine's input devices is the scanner: looked up in sysfs, opened through evdev."""

from __future__ import annotations

import fcntl
import importlib
import struct
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kiosk.errors import DeviceClosed, DeviceError, DeviceMissing
from kiosk.scanners.fetched import FetchedKeyboard
from kiosk.scanners.hid import Keyboard

SYSFS = Path("/sys/class/input")
NODES = Path("/dev/input")
_EVIOCSCLOCKID = 0x4004_45A0
"""Which clock the times of a device's events are told by (linux/input.h)."""
_EVIOCSMASK = 0x4010_4593
"""Which events of one type a reader is told of."""
_EV_MSC = 4
_DIGIT_KEYS = 0b11_1111_1111 << 2
"""KEY_1 … KEY_0 in the lowest word of a device's key bitmap."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which keyboard is the scanner; what is None may be anything."""

    vendor: int | None = None
    product: int | None = None
    name: str | None = None
    """A part of the device's name."""
    path: str | None = None
    """Such as /dev/input/by-id/usb-…-event-kbd; stands for itself, the rest is not asked."""

    def __str__(self) -> str:
        """How a technician knows it."""
        ids = f"{self.vendor:04x}:{self.product:04x}" if self.vendor is not None and self.product is not None else None
        return self.path or self.name or ids or "any"


def find_keyboards(wanted: Wanted, sysfs: Path = SYSFS) -> Iterator[Keyboard]:
    """Open the devices that `wanted` names, one by one, past those that cannot be opened.

    Raises DeviceError where none can: why the first one cannot, in words a technician can act on.
    """
    try:
        evdev: Any = importlib.import_module("evdev")
    except ImportError:
        raise DeviceError("the library evdev is not installed; install the package with its “hardware” extra") from None
    paths = [wanted.path] if wanted.path is not None else [str(NODES / name) for name in fitting(wanted, sysfs)]
    if not paths:
        raise DeviceMissing(f"no scanner {wanted} is plugged in")
    troubles: list[DeviceError] = []
    for path in paths:
        try:
            keyboard = _opened(evdev, path)
        except DeviceError as error:
            troubles.append(error)
        else:
            yield keyboard
    if len(troubles) == len(paths):
        raise troubles[0]


def fitting(wanted: Wanted, sysfs: Path = SYSFS) -> list[str]:
    """The names (`event4`) of all devices that fit and can type digits, in the order in which they were plugged in.

    Asks sysfs, since opening every device of the machine takes tens of milliseconds, and some may not be opened.
    """
    found = []
    for node in sorted(sysfs.glob("event*"), key=lambda node: int(node.name.removeprefix("event"))):
        try:
            if _fits(wanted, node / "device"):
                found.append(node.name)
        except OSError:  # unplugged while it was looked at
            continue
    return found


@dataclass(frozen=True, slots=True)
class Plugged:
    """A device that can type digits, as sysfs knows it."""

    path: str
    name: str
    vendor: int
    product: int

    def __str__(self) -> str:
        """How a technician recognises it."""
        return f"{self.path}  {self.vendor:04x}:{self.product:04x}  {self.name}"


def plugged(wanted: Wanted, sysfs: Path = SYSFS) -> list[Plugged]:
    """All devices that `wanted` names, whether they may be opened or not; with its path, that one alone."""
    names = fitting(wanted, sysfs) if wanted.path is None else [Path(wanted.path).resolve().name]
    found = []
    for name in names:
        device = sysfs / name / "device"
        try:
            title = (device / "name").read_text(errors="replace").strip()
            ids = _number(device / "id" / "vendor"), _number(device / "id" / "product")
        except OSError:  # unplugged while it was looked at, or no input device
            continue
        found.append(Plugged(wanted.path or str(NODES / name), title, *ids))
    return found


def _fits(wanted: Wanted, device: Path) -> bool:
    # One scanner is often two devices: the keyboard, and one with the volume and power keys.
    keys = int((device / "capabilities" / "key").read_text().split()[-1], base=16)
    return (
        keys & _DIGIT_KEYS == _DIGIT_KEYS
        and (wanted.vendor is None or wanted.vendor == _number(device / "id" / "vendor"))
        and (wanted.product is None or wanted.product == _number(device / "id" / "product"))
        and (wanted.name is None or wanted.name in (device / "name").read_text(errors="replace"))
    )


def _number(file: Path) -> int:
    return int(file.read_text(), base=16)


def _opened(evdev: Any, path: str) -> Keyboard:
    try:
        device = evdev.InputDevice(path)
        try:
            # As the event loop counts: the machine's own time is put right while the kiosk starts.
            fcntl.ioctl(device, _EVIOCSCLOCKID, struct.pack("i", time.CLOCK_MONOTONIC))
            # Beside each key a USB keyboard tells its number in USB, which nobody asks for: without it the 64 events
            # that the kernel keeps are half as many keys again, and a card's whole code may wait there.
            fcntl.ioctl(device, _EVIOCSMASK, struct.pack("=IIQ", _EV_MSC, 0, 0))
        except OSError:
            device.close()
            raise
    except FileNotFoundError:
        raise DeviceMissing(f"no scanner {path} is plugged in") from None
    except PermissionError as error:
        raise DeviceClosed(path, "input") from error
    except OSError as error:
        raise DeviceError(f"{path} cannot be used as a scanner: {error.strerror}") from error
    return FetchedKeyboard(device)
