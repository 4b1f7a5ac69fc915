"""A scanner gun of the kernel's own making: types on a real input device."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from typing import Any

import pytest

VENDOR, PRODUCT = 0x1209, 0xC0DF
USB_REPORT_S = 0.001
"""A USB keyboard is asked once in a millisecond at most: the fastest that a scanner can type."""


class Gun:
    """Types in the US layout, as most scanners do when they come out of the box."""

    def __init__(self) -> None:
        """Plug it in."""
        import evdev

        self._codes: Any = evdev.ecodes
        self._keys = {
            **{letter: getattr(self._codes, f"KEY_{letter.upper()}") for letter in "abcdefghijklmnopqrstuvwxyz"},
            **{digit: getattr(self._codes, f"KEY_{digit}") for digit in "0123456789"},
            "-": self._codes.KEY_MINUS,
            "\n": self._codes.KEY_ENTER,
        }
        events: dict[int, Any] = {self._codes.EV_KEY: [*self._keys.values(), self._codes.KEY_LEFTSHIFT]}
        self._device = evdev.UInput(events, name="Test scanner", vendor=VENDOR, product=PRODUCT)

    def type(self, text: str) -> None:
        """Type `text`, and no Enter unless it is in it."""
        for character in text:
            if character.isupper():
                self._key(self._codes.KEY_LEFTSHIFT, 1)
            self._key(self._keys[character.lower()], 1)
            self._key(self._keys[character.lower()], 0)
            if character.isupper():
                self._key(self._codes.KEY_LEFTSHIFT, 0)

    def unplug(self) -> None:
        """Take it away."""
        self._device.close()

    def _key(self, code: int, value: int) -> None:
        self._device.write(self._codes.EV_KEY, code, value)
        self._device.syn()
        time.sleep(USB_REPORT_S)  # this is the speed of the device, not a wait for somebody


@contextlib.contextmanager
def gun() -> Iterator[Gun]:
    """A gun that is plugged in; skips where the kernel has no uinput, unless the devices are said to be there."""
    if not os.access("/dev/uinput", os.W_OK):
        if os.environ.get("KIOSK_TEST_DEVICES") == "there":
            raise AssertionError("this kernel has no uinput")
        pytest.skip("this kernel has no uinput; see ./dev machine")
    held = Gun()
    try:
        yield held
    finally:
        held.unplug()
