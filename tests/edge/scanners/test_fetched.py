"""The thread that fetches keys, on a pipe in the place of the kernel's queue."""

import asyncio
import errno
import os
import threading
from collections.abc import Iterator

import pytest

from kiosk.scanners.fetched import FetchedKeyboard
from tests.support.fake_keyboard import Event

LIMIT_S = 10
GONE = OSError(errno.ENODEV, "No such device")


class Pipe:
    """Behaves as evdev's device: a byte is a key pressed, the closed end is the pulled plug."""

    def __init__(self) -> None:
        self._end, self._hand = os.pipe2(os.O_NONBLOCK)
        self.did: list[str] = []
        self.empty = threading.Event()

    def press(self, *codes: int) -> None:
        self.empty.clear()
        os.write(self._hand, bytes(codes))

    def unplug(self) -> None:
        os.close(self._hand)

    def fileno(self) -> int:
        return self._end

    def read(self) -> Iterator[Event]:
        codes = os.read(self._end, 64)
        if not codes:
            raise GONE
        self.empty.set()
        return (Event(1, code, 1) for code in codes)

    def grab(self) -> None:
        self.did.append("grab")

    def active_keys(self) -> list[int]:
        return [42]

    def ungrab(self) -> None:
        self.did.append("ungrab")

    def close(self) -> None:
        self.did.append("close")
        os.close(self._end)


@pytest.fixture
def device() -> Pipe:
    return Pipe()


async def test_keys_are_fetched_while_the_loop_does_nothing(device: Pipe) -> None:
    keyboard = FetchedKeyboard(device)
    events = keyboard.async_read_loop()
    for codes in ((1, 2), (3, 4)):
        device.press(*codes)
        # On purpose on the loop's own thread: nothing else gets a turn until the keys are out of the "kernel".
        assert device.empty.wait(LIMIT_S)
    async with asyncio.timeout(LIMIT_S):
        assert [(await anext(events)).code for _ in range(4)] == [1, 2, 3, 4]
    device.unplug()
    keyboard.close()


async def test_a_pulled_plug_comes_after_the_keys_before_it_and_stays(device: Pipe) -> None:
    keyboard = FetchedKeyboard(device)
    events = keyboard.async_read_loop()
    device.press(7)
    device.unplug()
    async with asyncio.timeout(LIMIT_S):
        assert (await anext(events)).code == 7
        for _ in range(2):
            with pytest.raises(OSError, match="No such device"):
                await anext(events)
    keyboard.close()


async def test_closing_ends_the_thread_and_closes_the_device(device: Pipe) -> None:
    keyboard = FetchedKeyboard(device)
    keyboard.grab()
    keyboard.async_read_loop()
    before = [thread.name for thread in threading.enumerate()]
    keyboard.ungrab()
    keyboard.close()
    after = [thread.name for thread in threading.enumerate()]
    assert (before.count("scanner"), after.count("scanner"), device.did) == (1, 0, ["grab", "ungrab", "close"])
    device.unplug()


async def test_what_is_only_looked_at_needs_no_thread(device: Pipe) -> None:
    keyboard = FetchedKeyboard(device)
    assert (keyboard.active_keys(), [each.name for each in threading.enumerate()].count("scanner")) == ([42], 0)
    keyboard.close()
    device.unplug()


def test_keys_that_come_when_the_loop_has_ended_hurt_nobody(device: Pipe) -> None:
    keyboard: list[FetchedKeyboard] = []

    async def begin() -> None:
        keyboard.append(FetchedKeyboard(device))
        keyboard[0].async_read_loop()

    asyncio.run(begin())
    device.press(1)
    assert device.empty.wait(LIMIT_S)
    keyboard[0].close()
    device.unplug()
