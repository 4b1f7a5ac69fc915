"""A keyboard that behaves as evdev's does."""

from __future__ import annotations

import asyncio
import errno
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace

from kiosk.scanners.hid import EV_KEY, EV_SYN, SYN_DROPPED, SYN_REPORT

ENTER, KEY_1, KEY_7 = 28, 2, 8
TURNS = 3
"""Of the event loop, from the thread that fetched an event to who reads it."""
UNPLUGGED = OSError(errno.ENODEV, "No such device")
HELD = OSError(errno.EBUSY, "Device or resource busy")


@dataclass
class Event:
    """One event of the kernel."""

    type: int
    code: int
    value: int
    heard_at_s: float = field(default_factory=time.monotonic, compare=False)

    def timestamp(self) -> float:
        """See `kiosk.scanners.hid.KeyEvent`."""
        return self.heard_at_s


LOST = Event(EV_SYN, SYN_DROPPED, 0)
REPORT = Event(EV_SYN, SYN_REPORT, 0)


@dataclass
class FakeKeyboard:
    """Events come from a queue; an OSError in it is the pulled plug, as evdev raises it from the read."""

    events: asyncio.Queue[Event | OSError] = field(default_factory=asyncio.Queue)
    grab_fault: OSError | None = None
    did: list[str] = field(default_factory=list)
    endless: bool = False
    """A key is stuck."""
    held: list[int] = field(default_factory=list)
    grabbed: asyncio.Event = field(default_factory=asyncio.Event)

    def grab(self) -> None:
        """Take it, unless another has it."""
        if self.grab_fault is not None:
            raise self.grab_fault
        self.did.append("grab")
        self.grabbed.set()

    def active_keys(self) -> list[int]:
        """The keys that are down."""
        return self.held

    def ungrab(self) -> None:
        """Give it back."""
        self.did.append("ungrab")
        if "gone" in self.did:
            raise UNPLUGGED

    def close(self) -> None:
        """Close it."""
        self.did.append("close")

    async def async_read_loop(self) -> AsyncIterator[Event]:
        """What was sent, as it comes."""
        while self.endless:
            yield Event(EV_KEY, KEY_1, 1)
        while True:
            event = await self.events.get()
            for _ in range(TURNS):
                await asyncio.sleep(0)
            self.events.task_done()
            if isinstance(event, OSError):
                self.did.append("gone")
                raise event
            yield event

    def type(self, *codes: int, after_s: float = 0.0) -> None:
        """Press keys one after the other, as `send` does."""
        for code in codes:
            for value in (1, 0):
                self.send(Event(EV_KEY, code, value), REPORT, after_s=after_s)

    def send(self, *events: Event | OSError, after_s: float = 0.0) -> None:
        """Let events arrive, of which the kernel heard after so long."""
        at_s = time.monotonic() + after_s
        for event in events:
            self.events.put_nowait(event if isinstance(event, OSError) else replace(event, heard_at_s=at_s))
