"""A USB scanner that types: grabbed through evdev, so that no key of it reaches a console or a browser."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from kiosk.cards.model import Scan
from kiosk.errors import DeviceError
from kiosk.health import Health
from kiosk.scanners.assembler import KeyAssembler
from kiosk.scanners.keymap import LAYOUTS
from kiosk.scanners.receiver import Receiver

log = logging.getLogger(__name__)

EV_SYN, EV_KEY = 0, 1
SYN_REPORT, SYN_DROPPED = 0, 3
SILENCE_S = 0.1
"""A scanner sends a key every few milliseconds; this long a pause ends a code that has no Enter."""
LOOK_AGAIN_S = 1.0


class KeyEvent(Protocol):
    """One event of the kernel, as evdev gives it."""

    type: int
    code: int
    value: int


class Keyboard(Protocol):
    """An opened input device, as evdev gives it."""

    name: str

    def grab(self) -> None:
        """Take every key for this process alone; raises OSError when another process has."""
        ...

    def ungrab(self) -> None:
        """Give the keys back; raises OSError when the device is gone."""
        ...

    def close(self) -> None:
        """Close the device."""
        ...

    def async_read_loop(self) -> AsyncIterator[KeyEvent]:
        """The events as they come; raises OSError when the device is unplugged."""
        ...


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which keyboard is the scanner; what is None may be anything."""

    vendor: int | None = None
    product: int | None = None
    name: str | None = None
    """A part of the device's name."""
    path: str | None = None
    """Such as /dev/input/by-id/usb-…-event-kbd."""

    def __str__(self) -> str:
        """How a technician knows it."""
        ids = f"{self.vendor:04x}:{self.product:04x}" if self.vendor is not None and self.product is not None else None
        return self.path or self.name or ids or "any"


class HidScanner:
    """Finds, grabs and reads one scanner for ever, through every unplugging."""

    def __init__(
        self,
        wanted: Wanted,
        layout: str,
        receiver: Receiver,
        health: Health,
        *,
        find: Callable[[Wanted], Keyboard],
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Hand each code to `receiver`; `find` opens the device or raises DeviceError (see `find_keyboard`)."""
        self._wanted = wanted
        self._layout = LAYOUTS[layout]
        self._receiver = receiver
        self._health = health
        self._find = find
        self._pause = pause
        self._name = f"scanner {wanted}"

    async def run(self) -> None:
        """Read for ever; a scanner that is not there is looked for again, and said in health."""
        while True:
            try:
                keyboard = self._find(self._wanted)
            except DeviceError as error:
                self._health.failing(self._name, str(error))
            else:
                await self._serve(keyboard)
            await self._pause(LOOK_AGAIN_S)

    async def _serve(self, keyboard: Keyboard) -> None:
        assembler = KeyAssembler(self._layout)
        try:
            _grab(keyboard)
            self._health.ok(self._name)
            await self._read(keyboard, assembler)
        except DeviceError as error:
            self._health.failing(self._name, str(error))
        except OSError as error:
            lost = assembler.throw_away()
            half = f"; {lost} characters of an unfinished code were thrown away" if lost else ""
            self._health.failing(self._name, f"the scanner is gone ({error.strerror}){half}")
        finally:
            with contextlib.suppress(OSError):
                keyboard.ungrab()
            keyboard.close()

    async def _read(self, keyboard: Keyboard, assembler: KeyAssembler) -> None:
        events = aiter(keyboard.async_read_loop())
        # A read that is cut off by a time limit would lose the keys that it was about to bring, so it is kept.
        coming: asyncio.Future[KeyEvent] | None = None
        whole = True
        try:
            while True:
                coming = coming or asyncio.ensure_future(anext(events))
                done, _ = await asyncio.wait({coming}, timeout=SILENCE_S if assembler.typed else None)
                if not done:
                    await self._hand_over(assembler.silence())
                    continue
                event = coming.result()
                coming = None
                if event.type == EV_SYN and event.code == SYN_DROPPED:
                    whole = False
                    lost = assembler.throw_away()
                    log.warning("%s: the kernel dropped keys; %d characters were thrown away", self._name, lost)
                elif event.type == EV_SYN and event.code == SYN_REPORT:
                    # What stands between the loss and this report is not to be trusted (kernel, event-codes.rst).
                    whole = True
                elif event.type == EV_KEY and whole:
                    await self._hand_over(assembler.feed(event.code, event.value))
        finally:
            if coming is not None:
                coming.cancel()
                with contextlib.suppress(OSError, asyncio.CancelledError, StopAsyncIteration):
                    await coming

    async def _hand_over(self, code: str | None) -> None:
        if code is not None:
            await self._receiver.scan(Scan(code, self._name))


def _grab(keyboard: Keyboard) -> None:
    try:
        keyboard.grab()
    except OSError as error:
        raise DeviceError(f"the scanner cannot be had alone ({error.strerror}): another program holds it") from error


def find_keyboard(wanted: Wanted) -> Keyboard:
    """Open the wanted device through evdev; raises DeviceError in words a technician can act on."""
    try:
        evdev: Any = importlib.import_module("evdev")
    except ImportError:
        raise DeviceError("the library evdev is not installed; install the package with its “hardware” extra") from None
    try:
        if wanted.path is not None:
            device: Keyboard = evdev.InputDevice(wanted.path)
            return device
        return _chosen(wanted, [evdev.InputDevice(path) for path in evdev.list_devices()])
    except PermissionError as error:
        raise DeviceError(f"{error.filename} may not be opened: the user must be in the group “input”") from error
    except OSError as error:
        raise DeviceError(f"no scanner {wanted}: {error.strerror}") from error


def _chosen(wanted: Wanted, devices: Iterable[Any]) -> Keyboard:
    chosen: Keyboard | None = None
    for device in devices:
        if chosen is None and _fits(wanted, device):
            chosen = device
        else:
            device.close()
    if chosen is None:
        raise DeviceError(f"no scanner {wanted} is plugged in")
    return chosen


def _fits(wanted: Wanted, device: Any) -> bool:
    return (
        (wanted.vendor is None or device.info.vendor == wanted.vendor)
        and (wanted.product is None or device.info.product == wanted.product)
        and (wanted.name is None or wanted.name in device.name)
    )
