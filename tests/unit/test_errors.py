"""What a technician is told of a device that may not be opened."""

import errno

import pytest

from kiosk.errors import refused


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (errno.EACCES, "the user must be in the group “dialout”"),
        (
            errno.EPERM,
            "the service's sandbox bars it; lay systemd/optional/serial.conf into /etc/systemd/system/kiosk.service.d",
        ),
    ],
)
def test_a_device_that_the_sandbox_bars_is_told_from_one_that_the_user_may_not_open(error: int, words: str) -> None:
    why = refused("/dev/ttyACM0", PermissionError(error, "no"), group="dialout", unit_file="serial.conf")
    assert str(why) == f"/dev/ttyACM0 may not be opened: {words}"
