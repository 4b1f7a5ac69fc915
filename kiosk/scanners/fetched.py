"""A keyboard whose keys are fetched on a thread of their own, so that none is lost while the event loop is late."""

from __future__ import annotations

import asyncio
import contextlib
import os
import select
import threading
from collections import deque
from collections.abc import Callable, Iterable
from typing import Protocol

from kiosk.scanners.hid import KeyEvent

Batch = list[KeyEvent] | OSError


class Device(Protocol):
    """An opened input device, as evdev's is: read when its descriptor says so."""

    def fileno(self) -> int:
        """What to wait on."""
        ...

    def read(self) -> Iterable[KeyEvent]:
        """All that has arrived; raises BlockingIOError when nothing has, OSError when the device is gone."""
        ...

    def grab(self) -> None:
        """See `kiosk.scanners.hid.Keyboard`."""
        ...

    def active_keys(self) -> list[int]:
        """See `kiosk.scanners.hid.Keyboard`."""
        ...

    def ungrab(self) -> None:
        """See `kiosk.scanners.hid.Keyboard`."""
        ...

    def close(self) -> None:
        """Close the descriptor."""
        ...


class FetchedKeyboard:
    """Guards one device and the thread that reads it.

    The kernel keeps 64 events for a reader (evdev_compute_buffer_size), some sixteen characters, and throws all away
    when one more comes. A fast scanner types these in 30 ms, and a loop that decodes, writes or starts is late by more.
    """

    def __init__(self, device: Device) -> None:
        """Guard `device`; the thread begins with the first wish to read."""
        self._device = device
        self._reading: _Reading | None = None

    def grab(self) -> None:
        """See `kiosk.scanners.hid.Keyboard`."""
        self._device.grab()

    def active_keys(self) -> list[int]:
        """See `kiosk.scanners.hid.Keyboard`."""
        return self._device.active_keys()

    def ungrab(self) -> None:
        """See `kiosk.scanners.hid.Keyboard`."""
        self._device.ungrab()

    def close(self) -> None:
        """Stop reading, and close the device; nothing is read afterwards."""
        if self._reading is not None:
            self._reading.stop()
            self._reading = None
        self._device.close()

    def async_read_loop(self) -> _Reading:
        """The events as they come, to be asked for once; raises OSError when the device is unplugged."""
        self._reading = _Reading(self._device, asyncio.get_running_loop())
        return self._reading


class _Reading:
    """The loop's end: events in the order in which the kernel gave them."""

    def __init__(self, device: Device, loop: asyncio.AbstractEventLoop) -> None:
        self._batches: asyncio.Queue[Batch] = asyncio.Queue()
        self._came: deque[KeyEvent] = deque()
        # A thread in poll() hears of nothing but descriptors: the end of this pipe is its end.
        self._stop_seen, self._stop = os.pipe2(os.O_CLOEXEC)

        def hand_over(batch: Batch) -> None:
            with contextlib.suppress(RuntimeError):  # the loop is closed, and nobody asks any more
                loop.call_soon_threadsafe(self._batches.put_nowait, batch)

        self._thread = threading.Thread(
            target=_fetch, args=(device, self._stop_seen, hand_over), name="scanner", daemon=True
        )
        self._thread.start()

    def __aiter__(self) -> _Reading:
        return self

    async def __anext__(self) -> KeyEvent:
        while not self._came:
            batch = await self._batches.get()
            if isinstance(batch, OSError):
                self._batches.put_nowait(batch)  # gone stays gone, however often it is asked
                raise batch
            self._came.extend(batch)
        return self._came.popleft()

    def stop(self) -> None:
        """End the thread; it never waits for the loop, so this takes no time."""
        os.close(self._stop)
        self._thread.join()
        os.close(self._stop_seen)


def _fetch(device: Device, stop: int, hand_over: Callable[[Batch], None]) -> None:
    """Hand over all that arrives until `stop` is closed at its other end, or the device is gone."""
    ready = select.poll()
    ready.register(device.fileno(), select.POLLIN)
    ready.register(stop, 0)  # POLLHUP is told unasked
    while True:
        told = dict(ready.poll())
        if stop in told:
            return
        try:
            batch = list(device.read())
        except BlockingIOError:
            continue
        except OSError as error:
            hand_over(error)
            return
        hand_over(batch)
