"""A USB scanner that types: grabbed through evdev, so that no key of it reaches a console or a browser."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from typing import Protocol

from kiosk.errors import DeviceError
from kiosk.health import Health
from kiosk.scanners.assembler import KeyAssembler, Press
from kiosk.scanners.changes import Listen
from kiosk.scanners.coming import Coming
from kiosk.scanners.handover import HandOver
from kiosk.scanners.keymap import LAYOUTS
from kiosk.scanners.looking import Gone, Held, read_for_ever
from kiosk.scanners.receiver import Receiver

log = logging.getLogger(__name__)

EV_SYN, EV_KEY = 0, 1
SYN_REPORT, SYN_DROPPED = 0, 3
SILENCE_S = 0.1
"""A scanner sends a key every few milliseconds; this long a pause ends a code that has no Enter."""


class KeyEvent(Protocol):
    """One event of the kernel, as evdev gives it."""

    type: int
    code: int
    value: int

    def timestamp(self) -> float:
        """When the kernel heard of it, by the clock of the event loop."""
        ...


class Keyboard(Protocol):
    """An opened input device, as evdev gives it."""

    def grab(self) -> None:
        """Take every key for this process alone; raises OSError when another process has."""
        ...

    def active_keys(self) -> list[int]:
        """The codes of the keys that are held down; raises OSError when the device is gone."""
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


def take(found: Iterable[Keyboard]) -> Keyboard:
    """The first keyboard of `found` that can be had alone, grabbed; the others are closed. Raises DeviceError."""
    why = DeviceError("no device can be the scanner")
    for keyboard in found:
        try:
            keyboard.grab()
        except OSError as error:
            keyboard.close()
            if error.errno == errno.EBUSY:
                why = Held()
            else:
                why = DeviceError(f"the scanner cannot be had alone: {error.strerror}")
        else:
            return keyboard
    raise why


class HidScanner:
    """Finds, grabs and reads one scanner for ever, through every unplugging."""

    def __init__(
        self,
        name: str,
        layout: str,
        receiver: Receiver,
        health: Health,
        *,
        find: Callable[[], Iterator[Keyboard]],
        listen: Listen,
    ) -> None:
        """Hand each code to `receiver`.

        `find` opens the devices that may be the scanner, one by one, or raises DeviceError; the first that can be
        had alone is taken, so that two scanners of one kind share themselves out. `listen` tells when to look again.
        """
        self._name = name
        self._layout = LAYOUTS[layout]
        self._codes = HandOver(name, receiver)
        self._health = health
        self._find = find
        self._listen = listen

    async def run(self) -> None:
        """Read for ever; a scanner that is not there is looked for at each plugging, and said in health."""
        await read_for_ever(
            self._serve,
            name=self._name,
            subsystem="input",
            codes=self._codes,
            health=self._health,
            listen=self._listen,
        )

    async def _serve(self) -> None:
        keyboard = take(self._find())
        keys = KeyAssembler(self._layout)
        try:
            keys.begin(keyboard.active_keys())
            await self._read(keyboard, keys)
        except OSError as error:
            raise Gone(error.strerror, f"{keys.typed} characters" if keys.typed else "") from error
        finally:
            for leave in (keyboard.ungrab, keyboard.close):
                with contextlib.suppress(OSError):  # it may be gone
                    leave()

    async def _read(self, keyboard: Keyboard, keys: KeyAssembler) -> None:
        loop = asyncio.get_running_loop()
        coming = Coming(aiter(keyboard.async_read_loop()))
        in_step, heard_at_s = True, loop.time()
        typed_at_s = heard_at_s
        try:
            while True:
                event = await coming.within(heard_at_s + SILENCE_S - loop.time() if keys.unfinished else None)
                if event is None:
                    self._pass_on(keys, keys.silence())
                elif event.type == EV_KEY and in_step:
                    # A loop that is busy with a start sees the silence and the keys after it in one look. Of a code
                    # that was read from its beginning it is not so: there a gap is a machine that is late.
                    if keys.torn and event.timestamp() - typed_at_s > SILENCE_S:
                        self._pass_on(keys, keys.silence())
                    # A key that is held down, or stuck, is repeated for ever, and is silence.
                    if event.value != Press.REPEAT:
                        heard_at_s, typed_at_s = loop.time(), event.timestamp()
                    self._pass_on(keys, keys.feed(event.code, event.value))
                elif event.type == EV_SYN and event.code == SYN_DROPPED:
                    in_step, heard_at_s, typed_at_s = False, loop.time(), event.timestamp()
                    log.warning("%s: keys were lost; a code was thrown away after %d", self._name, keys.lose_keys())
                elif event.type == EV_SYN and event.code == SYN_REPORT:
                    # What stands between the loss and this is not to be trusted (kernel, event-codes.rst).
                    in_step = True
        finally:
            await coming.leave()

    def _pass_on(self, keys: KeyAssembler, code: str | None) -> None:
        if thrown_away := keys.thrown_away():
            log.warning(
                "%s: a code was not read from its beginning; %d characters thrown away", self._name, thrown_away
            )
        if code is not None:
            self._codes.put(code)
        if not keys.torn:
            self._health.ok(self._name)
