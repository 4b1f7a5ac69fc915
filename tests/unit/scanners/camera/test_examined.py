"""What a technician is told of a camera."""

import os
from pathlib import Path

import numpy as np
import pytest

from kiosk.errors import DeviceBusy, DeviceClosed, DeviceError, DeviceMissing
from kiosk.findings import Finding, failed, passed, warned
from kiosk.scanners.camera.examined import MOST_WAITS, SETTLED_AFTER, examine, examine_named
from kiosk.scanners.camera.frames import Frame


class Camera:
    """Gives frames of one brightness, after some that are darker, as a camera that sets its exposure."""

    def __init__(self, light: int, *, columns: int = 1280, fault: DeviceError | None = None, frames: int = 100) -> None:
        self._light = light
        self._columns = columns
        self._fault = fault
        self._left = frames
        self.did: list[str] = []

    def open(self) -> None:
        self.did.append("open")
        if self._fault is not None:
            raise self._fault

    def newest(self) -> Frame | None:
        self.did.append("newest")
        if self._left == 0:
            return None
        self._left -= 1
        light = self._light if self.did.count("newest") >= SETTLED_AFTER else 0
        return Frame(np.full((720, self._columns), light, dtype=np.uint8), len(self.did))

    def close(self) -> None:
        self.did.append("close")


GROUP = "`sudo usermod -aG video USER` for the kiosk's user, then start the kiosk anew."
OTHER = "The kiosk is not running, so end the program that has it: `sudo fuser -v /dev/video* /dev/media*`."
CABLE = "Look at its cable on both ends; `rpicam-hello --list-cameras` and /dev/v4l/by-id list what is there."


def seen(light: int, columns: int = 1280) -> str:
    return f"V4L2: pictures of {columns} × 720, brightness {light} of 255"


@pytest.mark.parametrize(
    ("camera", "runs", "finding"),
    [
        pytest.param(Camera(120), False, passed("c", seen(120)), id="good"),
        pytest.param(
            Camera(12),
            False,
            warned("c", seen(12), "It is too dark there to read a card: light the pane (hw/camera.md)."),
            id="dark",
        ),
        pytest.param(
            Camera(250),
            False,
            warned(
                "c", seen(250), "It is too light there to read a card: turn lamps away from the lens (hw/camera.md)."
            ),
            id="glaring",
        ),
        pytest.param(
            Camera(120, columns=320),
            False,
            failed("c", seen(120, 320), "Too few pixels for a card: use a camera of 1280 × 720 or more."),
            id="narrow",
        ),
        pytest.param(
            Camera(120, frames=0),
            False,
            failed("c", "V4L2: it gives no pictures", "Plug it in anew, or look at its ribbon cable."),
            id="blind",
        ),
        pytest.param(
            Camera(0, fault=DeviceBusy("x")),
            True,
            passed("c", "V4L2: held by the running kiosk"),
            id="the kiosk has it",
        ),
        pytest.param(
            Camera(0, fault=DeviceBusy("it is busy")), False, failed("c", "V4L2: it is busy", OTHER), id="busy"
        ),
        pytest.param(
            Camera(0, fault=DeviceBusy("x")),
            None,
            warned(
                "c",
                "V4L2: held, by the kiosk or another program: this user cannot see whether the kiosk runs",
                "Ask again as root, or as the kiosk's user.",
            ),
            id="somebody has it",
        ),
        pytest.param(
            Camera(0, fault=DeviceClosed("it", "video")),
            False,
            failed("c", "V4L2: it may not be opened: the user must be in the group “video”", GROUP),
            id="no rights",
        ),
        pytest.param(
            Camera(0, fault=DeviceMissing("not there")), False, failed("c", "V4L2: not there", CABLE), id="not there"
        ),
        pytest.param(
            Camera(0, fault=DeviceError("odd")),
            False,
            failed("c", "V4L2: odd", "See “A camera as the scanner” in docs/technician.md."),
            id="anything else",
        ),
    ],
)
def test_each_camera_is_described_and_closed(camera: Camera, runs: bool | None, finding: Finding) -> None:
    assert examine("c", camera, kind="V4L2", runs=runs) == finding
    assert (camera.did[0], camera.did[-1], camera.did.count("newest") <= MOST_WAITS) == ("open", "close", True)


def test_a_fifo_of_pictures_is_left_to_the_kiosk(tmp_path: Path) -> None:
    fifo = tmp_path / "pictures"
    os.mkfifo(fifo)
    held = os.open(fifo, os.O_RDWR | os.O_NONBLOCK)
    os.write(held, b"card.png\n")
    finding = examine_named("c", str(fifo), runs=True)
    assert os.read(held, 100) == b"card.png\n"
    os.close(held)
    assert finding == passed("c", f"FIFO {fifo}, which names pictures; not read, since they are for the kiosk")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("/dev/no-such-video", "/dev/no-such-video (V4L2): "),
        ("picamera", "the Pi's own (picamera2): "),
        (".", "folder .: "),
    ],
)
def test_it_is_said_which_kind_of_camera_was_meant(name: str, kind: str) -> None:
    assert examine_named("c", name, runs=False).saw.startswith(kind)
