"""The HID scanner on the kernel's own input devices, made through uinput.

Where this machine's kernel has none, `./dev machine` runs these on one that has.
"""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kiosk.cards.model import Scan
from kiosk.errors import DeviceError
from kiosk.health import Health
from kiosk.scanners.hid import HidScanner
from kiosk.scanners.keyboards import Wanted, find_keyboards
from kiosk.scanners.plugging import listen
from tests.support.clock import FixedClock

evdev = pytest.importorskip("evdev")
e: Any = evdev.ecodes

pytestmark = pytest.mark.skipif(
    not os.access("/dev/uinput", os.W_OK), reason="this kernel has no uinput; ./dev machine boots one that has"
)

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
        events = {e.EV_KEY: [*KEYS.values(), e.KEY_LEFTSHIFT]}
        self._device = evdev.UInput(events, name="Test scanner", vendor=VENDOR, product=product)

    def type(self, text: str) -> None:
        for character in text:
            if character.isupper():
                self._key(e.KEY_LEFTSHIFT, 1)
            self._key(KEYS[character.lower()], 1)
            self._key(KEYS[character.lower()], 0)
            if character.isupper():
                self._key(e.KEY_LEFTSHIFT, 0)

    def unplug(self) -> None:
        self._device.close()

    def _key(self, code: int, value: int) -> None:
        self._device.write(e.EV_KEY, code, value)
        self._device.syn()
        time.sleep(USB_REPORT_S)  # this is the speed of the device, not a wait for somebody


class Desk:
    def __init__(self) -> None:
        self.scans: asyncio.Queue[str] = asyncio.Queue()
        self.free = asyncio.Event()
        self.free.set()
        self.health = Health(FixedClock())
        self.told: list[str] = []
        self.health.watch(lambda: self.told.extend(part.why for part in self.health.parts().values() if part.why))

    async def scan(self, scan: Scan) -> None:
        self.scans.put_nowait(scan.text)
        await self.free.wait()

    async def next(self) -> str:
        async with asyncio.timeout(10):
            return await self.scans.get()

    async def until(self, *, ok: bool, name: str) -> str:
        changed = asyncio.Event()
        self.health.watch(changed.set)
        async with asyncio.timeout(10):
            while name not in self.health.parts() or self.health.parts()[name].ok is not ok:
                await changed.wait()
                changed.clear()
        return self.health.parts()[name].why


@pytest.fixture
def gun() -> Iterator[Gun]:
    gun = Gun()
    wait_for(lambda: bool(find(VENDOR, PRODUCT)))
    yield gun
    gun.unplug()


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    desk = Desk()
    yield desk
    for task in [task for task in asyncio.all_tasks() if task.get_name() == "scanner"]:
        task.cancel()
        await asyncio.wait({task})


def find(vendor: int, product: int) -> list[str]:
    found = []
    for path in evdev.list_devices():
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


def run(desk: Desk, wanted: Wanted = WANTED, name: str = "scanner", layout: str = "us") -> str:
    scanner = HidScanner(
        name,
        layout,
        desk,
        desk.health,
        find=lambda: find_keyboards(wanted),
        listen=lambda subsystem: listen(subsystem, desk.health),
    )
    asyncio.create_task(scanner.run(), name="scanner")  # noqa: RUF006  # the fixture finds it by its name
    return name


async def test_a_code_at_full_speed_is_read_whole_with_shift_and_equal_neighbours(gun: Gun, desk: Desk) -> None:
    await desk.until(ok=True, name=run(desk))
    await asyncio.to_thread(gun.type, "DEMO-0011-Vapaa\n")
    assert await desk.next() == "DEMO-0011-Vapaa"


async def test_tab_ends_a_code_and_silence_does_too(gun: Gun, desk: Desk) -> None:
    await desk.until(ok=True, name=run(desk))
    await asyncio.to_thread(gun.type, "one\ttwo")
    assert [await desk.next(), await desk.next()] == ["one", "two"]


async def test_codes_that_come_while_the_desk_is_busy_are_whole(gun: Gun, desk: Desk) -> None:
    codes = [f"demo-{number:04}-abcdefghij" for number in range(10)]  # each more than the kernel keeps
    await desk.until(ok=True, name=run(desk))
    desk.free.clear()
    for code in codes:
        await asyncio.to_thread(gun.type, f"{code}\n")
    desk.free.set()
    assert [await desk.next() for _ in codes] == codes


async def test_no_key_reaches_anyone_else(gun: Gun, desk: Desk) -> None:
    other = evdev.InputDevice(find(VENDOR, PRODUCT)[0])
    gun.type("x")
    assert other.read_one() is not None
    while other.read_one() is not None:
        pass
    await desk.until(ok=True, name=run(desk))
    await asyncio.to_thread(gun.type, "secret\n")
    assert await desk.next() == "secret"
    assert other.read_one() is None
    other.close()


async def test_a_scanner_that_somebody_else_holds_is_said(gun: Gun, desk: Desk) -> None:
    other = evdev.InputDevice(find(VENDOR, PRODUCT)[0])
    other.grab()
    name = run(desk)
    assert await desk.until(ok=False, name=name) == "another program holds the scanner"
    other.ungrab()
    await desk.until(ok=True, name=name)
    await asyncio.to_thread(gun.type, "mine\n")
    assert await desk.next() == "mine"
    other.close()


async def test_a_scanner_that_stops_gives_its_keys_back(gun: Gun, desk: Desk) -> None:
    await desk.until(ok=True, name=run(desk))
    (running,) = [task for task in asyncio.all_tasks() if task.get_name() == "scanner"]
    running.cancel()
    await asyncio.wait({running})
    other = evdev.InputDevice(find(VENDOR, PRODUCT)[0])
    other.grab()
    other.close()


async def test_unplugged_in_the_middle_of_a_code_and_plugged_in_again(desk: Desk) -> None:
    gun = Gun()
    wait_for(lambda: bool(find(VENDOR, PRODUCT)))
    name = run(desk)
    await desk.until(ok=True, name=name)
    await asyncio.to_thread(gun.type, "half")
    gun.unplug()
    await desk.until(ok=False, name=name)
    assert [why for why in desk.told if "the scanner is gone (No such device)" in why]
    again = Gun()
    await desk.until(ok=True, name=name)
    await asyncio.to_thread(again.type, "whole\n")
    # The half may have ended by silence just before the plug was pulled; it never becomes part of the next code.
    read = await desk.next()
    assert (await desk.next() if read in {"h", "ha", "hal", "half"} else read) == "whole"
    again.unplug()


async def test_two_scanners_at_once_keep_their_codes_apart(gun: Gun, desk: Desk) -> None:
    second = Gun(product=PRODUCT + 1)
    wait_for(lambda: bool(find(VENDOR, PRODUCT + 1)))
    await desk.until(ok=True, name=run(desk))
    await desk.until(ok=True, name=run(desk, Wanted(vendor=VENDOR, product=PRODUCT + 1), name="second"))
    await asyncio.gather(asyncio.to_thread(gun.type, "first\n"), asyncio.to_thread(second.type, "second\n"))
    assert {await desk.next(), await desk.next()} == {"first", "second"}
    second.unplug()


async def test_two_scanners_of_one_kind_share_themselves_out(gun: Gun, desk: Desk) -> None:
    twin = Gun()
    wait_for(lambda: len(find(VENDOR, PRODUCT)) == 2)
    await desk.until(ok=True, name=run(desk, name="one"))
    await desk.until(ok=True, name=run(desk, name="other"))
    for each, text in ((gun, "left"), (twin, "right")):
        await asyncio.to_thread(each.type, f"{text}\n")
        assert await desk.next() == text
    twin.unplug()


async def test_a_path_such_as_by_id_names_the_scanner(gun: Gun, desk: Desk, tmp_path: Path) -> None:
    by_id = tmp_path / "usb-test-event-kbd"
    by_id.symlink_to(find(VENDOR, PRODUCT)[0])
    await desk.until(ok=True, name=run(desk, Wanted(path=str(by_id))))
    await asyncio.to_thread(gun.type, "here\n")
    assert await desk.next() == "here"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can try it as somebody else")
def test_a_user_who_may_not_open_it_is_told_the_group(gun: Gun) -> None:
    (path,) = find(VENDOR, PRODUCT)
    os.seteuid(65_534)
    try:
        with pytest.raises(DeviceError, match=f"{path} may not be opened: the user must be in the group “input”"):
            next(find_keyboards(WANTED))
    finally:
        os.seteuid(0)
