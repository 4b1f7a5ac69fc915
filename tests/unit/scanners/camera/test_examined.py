"""What a technician is told of a camera."""

import numpy as np
import pytest

from kiosk.errors import DeviceError
from kiosk.findings import Finding
from kiosk.scanners.camera.examined import MOST_WAITS, SETTLED_AFTER, examine
from kiosk.scanners.camera.frames import Frame


class Camera:
    """Gives frames of one brightness, after some that are darker, as a camera that sets its exposure."""

    def __init__(self, light: int, *, columns: int = 1280, fault: str | None = None, frames: int = 100) -> None:
        self._light = light
        self._columns = columns
        self._fault = fault
        self._left = frames
        self.did: list[str] = []

    def open(self) -> None:
        self.did.append("open")
        if self._fault is not None:
            raise DeviceError(self._fault)

    def newest(self) -> Frame | None:
        self.did.append("newest")
        if self._left == 0:
            return None
        self._left -= 1
        light = self._light if self.did.count("newest") >= SETTLED_AFTER else 0
        return Frame(np.full((720, self._columns), light, dtype=np.uint8), len(self.did))

    def close(self) -> None:
        self.did.append("close")


@pytest.mark.parametrize(
    ("camera", "finding"),
    [
        pytest.param(
            Camera(120), Finding("c", ok=True, seen="pictures of 1280 × 720, brightness 120 of 255"), id="good"
        ),
        pytest.param(
            Camera(12),
            Finding(
                "c",
                ok=False,
                seen="pictures of 1280 × 720, brightness 12 of 255",
                do="It is dark there: light the pane (hw/camera.md).",
            ),
            id="dark",
        ),
        pytest.param(
            Camera(250),
            Finding(
                "c",
                ok=False,
                seen="pictures of 1280 × 720, brightness 250 of 255",
                do="It is too light there: turn lamps away from the lens (hw/camera.md).",
            ),
            id="glaring",
        ),
        pytest.param(
            Camera(120, columns=320),
            Finding(
                "c",
                ok=False,
                seen="pictures of 320 × 720, brightness 120 of 255",
                do="Too few pixels for a card: use a camera of 1280 × 720 or more.",
            ),
            id="narrow",
        ),
        pytest.param(
            Camera(120, frames=0),
            Finding("c", ok=False, seen="it gives no pictures", do="Plug it in anew, or look at its ribbon cable."),
            id="blind",
        ),
        pytest.param(
            Camera(120, fault="the camera is busy"),
            Finding(
                "c",
                ok=False,
                seen="the camera is busy",
                do="If the kiosk runs, it holds the camera: systemctl stop kiosk. Else see docs/technician.md.",
            ),
            id="busy",
        ),
    ],
)
def test_each_camera_is_described_and_closed(camera: Camera, finding: Finding) -> None:
    assert examine("c", camera) == finding
    assert (camera.did[0], camera.did[-1], camera.did.count("newest") <= MOST_WAITS) == ("open", "close", True)
