"""Devices that come and go, as udev and the kernel tell of them."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

from kiosk.health import Health

SAFETY_S = 30.0
"""Look again after so long even if nothing was heard: the last net, for an event that was lost."""
UDEV_RUNS = Path("/run/udev/control")
PART = "plugging"


class UdevChanges:
    """Wakes its one waiter when something was plugged in or out."""

    def __init__(self, safety_s: float = SAFETY_S) -> None:
        """Know of no change yet; `safety_s` is the longest wait."""
        self._safety_s = safety_s
        self._changed = asyncio.Event()

    def happened(self) -> None:
        """Something came or went."""
        self._changed.set()

    async def next(self, within_s: float | None = None) -> None:
        """Return at the next change, which may have come before the call, or when time is up."""
        limit_s = self._safety_s if within_s is None else min(within_s, self._safety_s)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(limit_s):
                await self._changed.wait()
        self._changed.clear()


class Monitor(Protocol):
    """Messages about devices from one sender, as pyudev gives them."""

    def fileno(self) -> int:
        """The socket they come through."""
        ...

    def poll(self, timeout: float) -> object | None:  # pyudev's own name; it is always 0 here
        """The next message, or None; raises OSError when some were lost."""
        ...


def udev_monitors(subsystem: str) -> tuple[Monitor, Monitor]:
    """Udev's messages and the kernel's own; raises ImportError without pyudev or libudev, OSError for a closed door."""
    pyudev: Any = importlib.import_module("pyudev")
    context = pyudev.Context()
    by_udev, by_kernel = (pyudev.Monitor.from_netlink(context, source=source) for source in ("udev", "kernel"))
    for monitor in (by_udev, by_kernel):
        monitor.filter_by(subsystem=subsystem)
        monitor.start()
    return by_udev, by_kernel


def udev_runs() -> bool:
    """Whether a udev looks after this machine's devices."""
    return UDEV_RUNS.exists()


@contextlib.contextmanager
def listen(
    subsystem: str,
    health: Health,
    *,
    monitors: Callable[[str], tuple[Monitor, Monitor]] = udev_monitors,
    by_udev_alone: Callable[[], bool] = udev_runs,
) -> Iterator[UdevChanges]:
    """Hear of every device of `subsystem` that comes or goes; without libudev only the slow look is left, and said.

    Both of udev's messages and the kernel's are heard. The kernel's count only where no udev runs: udev sets the
    rights of a device's node after the kernel made it, so that a scanner opened on the kernel's word could be refused.
    """
    changes = UdevChanges()
    with contextlib.ExitStack() as leave:
        try:
            by_udev, by_kernel = monitors(subsystem)
        except (ImportError, OSError) as error:
            health.failing(PART, f"devices that are plugged in are seen only after up to {SAFETY_S:g} s: {error}")
        else:
            health.ok(PART)
            loop = asyncio.get_running_loop()
            for monitor, counts in ((by_udev, lambda: True), (by_kernel, lambda: not by_udev_alone())):
                loop.add_reader(monitor.fileno(), _read, monitor, counts, changes)
                leave.callback(loop.remove_reader, monitor.fileno())
        yield changes


def _read(monitor: Monitor, counts: Callable[[], bool], changes: UdevChanges) -> None:
    try:
        while monitor.poll(timeout=0) is not None:
            if counts():
                changes.happened()
    except OSError:  # more came than the socket holds: something happened, whatever it was
        changes.happened()
