"""A real video device (v4l2loopback, vivid or a USB camera), where the kernel has one."""

import threading
from pathlib import Path

import pytest

from kiosk.scanners.camera.frames import Frame
from kiosk.scanners.camera.v4l2 import MOST_EMPTY_WAITS, V4l2Camera

DEVICES = sorted(Path("/dev").glob("video*"))


@pytest.mark.skipif(not DEVICES, reason="this kernel has no video device")
def test_a_real_device_gives_frames_can_be_closed_and_opened_again() -> None:
    camera = V4l2Camera(str(DEVICES[0]))
    before = threading.active_count()
    for _ in range(2):
        camera.open()
        try:
            frames = (camera.newest() for _ in range(MOST_EMPTY_WAITS))
            frame = next((each for each in frames if each is not None), None)
        finally:
            camera.close()
        assert isinstance(frame, Frame)
        assert frame.luma.ndim == 2
        assert min(frame.luma.shape) > 0
    assert threading.active_count() == before
