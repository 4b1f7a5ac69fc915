"""The real picamera2 on libcamera's virtual camera, which shows a folder of pictures: for a machine that has both.

README.md beside this file says how to make one. picamera2 lists the raw modes of a sensor and takes memory that a Pi
has; both is answered here, outside of the kiosk's own code.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest

from kiosk.errors import DeviceError
from kiosk.scanners.camera.decoder import Decoder
from kiosk.scanners.camera.engines import installed_engines
from kiosk.scanners.camera.frames import Frame
from kiosk.scanners.camera.picamera import MOST_EMPTY_WAITS, SIZE, Libraries, PiCamera, system_libraries
from kiosk.scanners.camera.readings import Symbology

PICTURES = os.environ.get("KIOSK_TEST_CAMERA_PICTURES")
"""The folder that libcamera's virtual.yaml names; its pictures show a card with this number."""
NUMBER = "DEMO00001LISA"

pytestmark = pytest.mark.skipif(PICTURES is None, reason="no virtual camera: see tests/machine/README.md")


def virtual_libraries() -> Libraries:
    """picamera2 as it is, with a camera that has no raw modes and brings its own memory."""
    from picamera2 import Picamera2  # type: ignore[import-not-found]  # where there is a camera
    from picamera2.allocators import LibcameraAllocator  # type: ignore[import-not-found]  # the same

    real = system_libraries()

    class Virtual(Picamera2):  # type: ignore[misc]  # untyped
        def _get_raw_modes(self) -> list[dict[str, Any]]:
            return [{"format": "NV12", "size": SIZE}]

    def opened(number: int) -> Any:
        camera = Virtual(number)
        camera.allocator = LibcameraAllocator(camera.camera)
        return camera

    return Libraries(opened, real.cameras, real.continuous_focus)


@pytest.fixture
def camera() -> Iterator[PiCamera]:
    camera = PiCamera(libraries=virtual_libraries)
    yield camera
    camera.close()


def first_frame(camera: PiCamera) -> Frame:
    return next(frame for frame in (camera.newest() for _ in range(MOST_EMPTY_WAITS)) if frame is not None)


def test_a_card_before_the_camera_is_read(camera: PiCamera) -> None:
    decoder = Decoder(installed_engines())
    camera.open()
    readings = decoder.read(first_frame(camera).luma)
    assert [(each.text, each.symbology) for each in readings] == [(NUMBER, Symbology.QR)]


def test_frames_go_on_for_longer_than_there_are_buffers(camera: PiCamera) -> None:
    camera.open()
    times = [first_frame(camera).at_ms for _ in range(20)]
    assert times == sorted(set(times))


def test_it_can_be_closed_and_opened_again(camera: PiCamera) -> None:
    for _ in range(2):
        camera.open()
        first_frame(camera)
        camera.close()


def test_a_camera_that_is_not_there_is_said() -> None:
    with pytest.raises(DeviceError, match="no camera was found"):
        PiCamera(7, libraries=virtual_libraries).open()
