"""A real video device: in the test kernel a simulated webcam that draws bars, elsewhere whatever is plugged in."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.errors import DeviceError
from kiosk.scanners.camera.frames import Frame
from kiosk.scanners.camera.v4l2 import MOST_EMPTY_WAITS, V4l2Camera

LEAST_CONTRAST = 20
"""Standard deviation of the brightness; noise in the dark has less, bars have far more."""


@pytest.fixture
def device() -> str:
    found = sorted(Path("/dev").glob("video*"))
    if not found:
        if os.environ.get("KIOSK_TEST_DEVICES") == "there":
            raise AssertionError("this kernel has no video device")
        pytest.skip("this kernel has no video device; see ./dev machine")
    return str(found[0])


@pytest.fixture
def camera(device: str) -> Iterator[V4l2Camera]:
    camera = V4l2Camera(device)
    yield camera
    camera.close()


def first_frame(camera: V4l2Camera) -> Frame:
    frames = (camera.newest() for _ in range(MOST_EMPTY_WAITS))
    return next(each for each in frames if each is not None)


def test_it_gives_pictures_with_something_in_them(camera: V4l2Camera) -> None:
    camera.open()
    luma = first_frame(camera).luma
    assert (luma.ndim, min(luma.shape) > 0, float(luma.std()) > LEAST_CONTRAST) == (2, True, True)


def test_frames_follow_each_other_in_time(camera: V4l2Camera) -> None:
    camera.open()
    first, second = first_frame(camera), first_frame(camera)
    assert first.at_ms < second.at_ms


def test_it_can_be_closed_and_opened_again_and_leaves_no_thread(camera: V4l2Camera) -> None:
    before = threading.active_count()
    for _ in range(2):
        camera.open()
        first_frame(camera)
        camera.close()
    assert threading.active_count() == before


def test_a_device_that_is_held_is_said_to_be_held(device: str, camera: V4l2Camera) -> None:
    camera.open()
    with pytest.raises(DeviceError, match=f"the camera {device} cannot be used: another program holds it"):
        V4l2Camera(device).open()
