"""Devices that come and go, by the system's own libudev.

That a plugged scanner is really heard is in test_hid_uinput.py, where a kernel has devices to plug.
"""

import pytest

from kiosk.health import Health
from kiosk.scanners.plugging import PART, listen
from tests.support.clock import FixedClock

pytest.importorskip("pyudev")


@pytest.mark.parametrize("subsystem", ["input", "tty"])
async def test_udev_and_the_kernel_can_be_listened_to(subsystem: str) -> None:
    health = Health(FixedClock())
    with listen(subsystem, health):
        assert health.parts()[PART].ok
