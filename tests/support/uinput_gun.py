"""A scanner gun made through uinput, and a desk that its codes reach; only where the kernel has uinput."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import os
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from typing import Any

from kiosk.cards.model import Scan
from kiosk.health import Health
from kiosk.scanners.hid import HidScanner, Keyboard, KeyEvent
from kiosk.scanners.keyboards import Wanted, find_keyboards
from kiosk.scanners.plugging import listen
from tests.support.clock import FixedClock

evdev: Any = importlib.import_module("evdev")
e: Any = evdev.ecodes

VENDOR, PRODUCT = 0x1209, 0xC0DE
USB_REPORT_S = 0.001
"""A USB keyboard is asked once in a millisecond at most: the fastest that a scanner can type."""
WANTED = Wanted(vendor=VENDOR, product=PRODUCT)
KEYS = {
    **{letter: getattr(e, f"KEY_{letter.upper()}") for letter in "abcdefghijklmnopqrstuvwxyz"},
    **{digit: getattr(e, f"KEY_{digit}") for digit in "0123456789"},
    "-": e.KEY_MINUS,
    "/": e.KEY_SLASH,
    "\n": e.KEY_ENTER,
    "\t": e.KEY_TAB,
}


class Gun:
    """A scanner gun that types."""

    def __init__(self, product: int = PRODUCT) -> None:
        """Plug it in."""
        self._product = product
        events = {e.EV_KEY: list(range(1, 128)), e.EV_MSC: [e.MSC_SCAN]}
        self._device = evdev.UInput(events, name="Test scanner", vendor=VENDOR, product=product)

    def type(self, text: str) -> None:
        """Type `text` as fast as USB lets it."""
        for character in text:
            if character.isupper():
                self._key(e.KEY_LEFTSHIFT, 1)
            self._key(KEYS[character.lower()], 1)
            self._key(KEYS[character.lower()], 0)
            if character.isupper():
                self._key(e.KEY_LEFTSHIFT, 0)

    def press(self, keys: Iterable[tuple[int, int]]) -> None:
        """Send key events of (code, value)."""
        for code, value in keys:
            self._key(code, value)

    def type_until_grabbed(self, then: Iterable[tuple[int, int]] = ()) -> None:
        """Type on and on until another program takes the keys for itself, and `then` without a pause."""
        limit = time.monotonic() + 10
        wait_for(lambda: bool(find(VENDOR, self._product)))
        other = evdev.InputDevice(find(VENDOR, self._product)[0])
        try:
            while _hears(other, lambda: self.type("9")):
                assert time.monotonic() < limit, "not in time"
            self.press(then)
        finally:
            other.close()

    def flood(self) -> None:
        """Send more at once than the kernel keeps for a reader that does not read meanwhile."""
        for _ in range(500):
            for value in (1, 0):
                self._device.write(e.EV_KEY, e.KEY_9, value)
                self._device.syn()

    def unplug(self) -> None:
        """Pull the plug."""
        self._device.close()

    def _key(self, code: int, value: int) -> None:
        self._device.write(e.EV_MSC, e.MSC_SCAN, code)  # as the kernel does for a USB keyboard
        self._device.write(e.EV_KEY, code, value)
        self._device.syn()
        time.sleep(USB_REPORT_S)  # this is the speed of the device, not a wait for somebody


def _hears(other: Any, typed: Callable[[], None]) -> bool:
    typed()
    heard = False
    while (event := other.read_one()) is not None:
        heard = heard or event.type == e.EV_KEY
    return heard


class Desk:
    """Takes scans, as long as it is free, and hears how the scanners are."""

    def __init__(self) -> None:
        """Be free."""
        self.scans: asyncio.Queue[str] = asyncio.Queue()
        self.free = asyncio.Event()
        self.free.set()
        self.health = Health(FixedClock())
        self.told: list[str] = []
        self.health.watch(lambda: self.told.extend(part.why for part in self.health.parts().values() if part.why))

    async def scan(self, scan: Scan) -> None:
        """Take a scan; returns when free."""
        self.scans.put_nowait(scan.text)
        await self.free.wait()

    async def next(self) -> str:
        """The next code."""
        async with asyncio.timeout(10):
            return await self.scans.get()

    async def until(self, *, ok: bool, name: str) -> str:
        """Wait until the scanner works, or does not; why it does not."""
        changed = asyncio.Event()
        self.health.watch(changed.set)
        async with asyncio.timeout(10):
            while name not in self.health.parts() or self.health.parts()[name].ok is not ok:
                await changed.wait()
                changed.clear()
        return self.health.parts()[name].why


class Told:
    """A keyboard that tells when it is grabbed."""

    def __init__(self, keyboard: Keyboard, grabbed: asyncio.Event, loop: asyncio.AbstractEventLoop) -> None:
        """Be `keyboard`, and set `grabbed`, which is waited for on `loop`."""
        self._keyboard = keyboard
        self._grabbed = grabbed
        self._loop = loop
        self.active_keys, self.ungrab, self.close = keyboard.active_keys, keyboard.ungrab, keyboard.close

    def grab(self) -> None:
        """See `kiosk.scanners.hid.Keyboard`."""
        self._keyboard.grab()
        self._loop.call_soon_threadsafe(self._grabbed.set)

    def async_read_loop(self) -> AsyncIterator[KeyEvent]:
        """See `kiosk.scanners.hid.Keyboard`."""
        return self._keyboard.async_read_loop()


def find(vendor: int, product: int) -> list[str]:
    """The nodes of all devices of this kind."""
    found = []
    for path in evdev.list_devices():
        with contextlib.suppress(FileNotFoundError):  # unplugged just now
            device = evdev.InputDevice(path)
            if (device.info.vendor, device.info.product) == (vendor, product):
                found.append(path)
            device.close()
    return found


def wait_for(met: Callable[[], bool]) -> None:
    """The device node appears a moment after the device; there is nothing to wait on but the folder itself."""
    limit = time.monotonic() + 10
    while not met():
        assert time.monotonic() < limit, "not in time"
        os.sched_yield()


def run(
    desk: Desk,
    wanted: Wanted = WANTED,
    name: str = "scanner",
    layout: str = "us",
    find: Callable[[Wanted], Iterator[Keyboard]] = find_keyboards,
) -> str:
    """Let a scanner read for `desk`, in a task called `scanner`; its name in health."""
    scanner = HidScanner(
        name,
        layout,
        desk,
        desk.health,
        find=lambda: find(wanted),
        listen=lambda subsystem: listen(subsystem, desk.health),
    )
    asyncio.create_task(scanner.run(), name="scanner")  # noqa: RUF006  # the fixture finds it by its name
    return name


async def stop() -> None:
    """Stop all that `run` began."""
    for task in [task for task in asyncio.all_tasks() if task.get_name() == "scanner"]:
        task.cancel()
        await asyncio.wait({task})
