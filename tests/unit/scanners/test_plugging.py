"""Devices that come and go, told by senders that behave as pyudev's monitors do."""

import asyncio
import errno
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from kiosk.health import Health
from kiosk.scanners.plugging import PART, SAFETY_S, UdevChanges, listen
from tests.support.clock import FixedClock


@dataclass
class FakeMonitor:
    """Messages come through a real socket; a socket that held too few says so when it is read."""

    ends: tuple[socket.socket, socket.socket] = field(default_factory=socket.socketpair)
    overflown: bool = False

    def fileno(self) -> int:
        return self.ends[0].fileno()

    def poll(self, timeout: float) -> bytes | None:
        assert timeout == 0
        if self.overflown:
            self.overflown = False
            self.ends[0].recv(1)
            raise OSError(errno.ENOBUFS, "No buffer space available")
        try:
            return self.ends[0].recv(1, socket.MSG_DONTWAIT)
        except BlockingIOError:
            return None

    def tell(self) -> None:
        self.ends[1].send(b"+")

    def close(self) -> None:
        for end in self.ends:
            end.close()


@dataclass
class Senders:
    udev: FakeMonitor = field(default_factory=FakeMonitor)
    kernel: FakeMonitor = field(default_factory=FakeMonitor)

    def __call__(self, subsystem: str) -> tuple[FakeMonitor, FakeMonitor]:
        assert subsystem == "input"
        return self.udev, self.kernel


@pytest.fixture
def senders() -> Iterator[Senders]:
    senders = Senders()
    yield senders
    senders.udev.close()
    senders.kernel.close()


@pytest.fixture
def health() -> Health:
    return Health(FixedClock())


async def soon(changes: UdevChanges) -> bool:
    """Whether a change is heard before a limit that is short of the slow look by far."""
    waiting = asyncio.ensure_future(changes.next())
    done, _ = await asyncio.wait({waiting}, timeout=0.2)
    waiting.cancel()
    return bool(done)


async def test_a_device_that_udev_tells_of_wakes_the_waiter_once(senders: Senders, health: Health) -> None:
    with listen("input", health, monitors=senders, by_udev_alone=lambda: True) as changes:
        senders.udev.tell()
        assert [await soon(changes), await soon(changes)] == [True, False]
    assert health.parts()[PART].ok


async def test_what_came_before_the_wait_is_not_missed(senders: Senders, health: Health) -> None:
    with listen("input", health, monitors=senders) as changes:
        changes.happened()
        assert await soon(changes)


@pytest.mark.parametrize(("udev", "counts"), [(False, True), (True, False)])
async def test_the_kernels_word_counts_only_where_no_udev_sets_rights_after_it(
    senders: Senders, health: Health, udev: bool, counts: bool
) -> None:
    with listen("input", health, monitors=senders, by_udev_alone=lambda: udev) as changes:
        senders.kernel.tell()
        assert await soon(changes) is counts


async def test_messages_that_were_lost_are_a_change(senders: Senders, health: Health) -> None:
    with listen("input", health, monitors=senders) as changes:
        senders.udev.overflown = True
        senders.udev.tell()
        assert await soon(changes)


async def test_nothing_is_listened_to_after_it_was_left(senders: Senders, health: Health) -> None:
    with listen("input", health, monitors=senders) as changes:
        pass
    senders.udev.tell()
    assert not await soon(changes)
    assert not asyncio.get_running_loop().remove_reader(senders.udev.fileno())


def refused(error: Exception) -> Callable[[str], tuple[FakeMonitor, FakeMonitor]]:
    def monitors(subsystem: str) -> tuple[FakeMonitor, FakeMonitor]:
        raise error

    return monitors


@pytest.mark.parametrize("error", [ImportError("No library named udev"), OSError(errno.EAFNOSUPPORT, "not allowed")])
async def test_without_libudev_the_slow_look_is_left_and_that_is_said(error: Exception, health: Health) -> None:
    with listen("input", health, monitors=refused(error)):
        pass
    assert health.parts()[PART].why == f"devices that are plugged in are seen only after up to 30 s: {error}"


async def test_the_slow_look_ends_a_wait_in_which_nothing_was_heard() -> None:
    async with asyncio.timeout(10):
        await UdevChanges(safety_s=0).next()
        await UdevChanges().next(within_s=0)
    assert SAFETY_S == 30
