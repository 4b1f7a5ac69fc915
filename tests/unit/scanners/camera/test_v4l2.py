"""A USB camera, against a device that is a pipe and gives what it is told to."""

import errno
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from kiosk.errors import DeviceError
from kiosk.scanners.camera.v4l2 import MOST_EMPTY_WAITS, V4l2Camera

UNPLUGGED = OSError(errno.ENODEV, "No such device")
SIDE = 8


@dataclass
class Frame:
    data: bytes
    format: Any


def grey(level: int) -> Frame:
    layout = SimpleNamespace(pixel_format=SimpleNamespace(name="GREY"), width=SIDE, height=SIDE, bytes_per_line=SIDE)
    return Frame(bytes([level]) * SIDE * SIDE, layout)


@dataclass
class FakeVideo:
    """Its descriptor is readable while frames wait, as the kernel's is; one that is gone is readable, too."""

    frames: list[Frame | OSError] = field(default_factory=list)
    closed: bool = False
    ends: tuple[int, int] = field(default_factory=os.pipe)

    def give(self, *frames: Frame | OSError) -> None:
        self.frames += frames
        os.write(self.ends[1], b"." * len(frames))

    def fileno(self) -> int:
        return self.ends[0]

    def take(self) -> Frame:
        os.read(self.ends[0], 1)
        frame = self.frames.pop(0)
        if isinstance(frame, OSError):
            raise frame
        return frame

    def close(self) -> None:
        self.closed = True
        raise UNPLUGGED


@pytest.fixture
def video() -> Iterator[FakeVideo]:
    video = FakeVideo()
    yield video
    for end in video.ends:
        os.close(end)


@pytest.fixture
def camera(video: FakeVideo) -> V4l2Camera:
    camera = V4l2Camera("/dev/video0", opened=lambda _: video, wait_s=0.01)
    camera.open()
    return camera


def test_the_newest_frame_is_given_and_older_ones_are_passed_over(video: FakeVideo, camera: V4l2Camera) -> None:
    video.give(grey(1), grey(2), grey(3))
    frame = camera.newest()
    assert frame is not None
    assert (frame.luma == np.full((SIDE, SIDE), 3)).all()
    assert camera.newest() is None


def test_a_torn_frame_is_passed_over_and_only_torn_ones_are_a_fault(video: FakeVideo, camera: V4l2Camera) -> None:
    torn = Frame(b"torn", grey(1).format)
    for _ in range(MOST_EMPTY_WAITS - 1):
        video.give(torn)
        assert camera.newest() is None
    video.give(grey(1))
    assert camera.newest() is not None
    for _ in range(MOST_EMPTY_WAITS - 1):
        video.give(torn)
        assert camera.newest() is None
    video.give(torn)
    with pytest.raises(DeviceError, match="gives no pictures any more"):
        camera.newest()


def test_one_that_is_unplugged_is_said_and_closed_without_a_further_word(video: FakeVideo, camera: V4l2Camera) -> None:
    video.give(UNPLUGGED)
    with pytest.raises(DeviceError, match="the camera /dev/video0 cannot be used: it was unplugged"):
        camera.newest()
    camera.close()
    camera.close()
    assert video.closed
    with pytest.raises(DeviceError, match="is not open"):
        camera.newest()


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOENT, "it is not plugged in"),
        (errno.EBUSY, "another program holds it"),
        (errno.EPERM, "the service's sandbox bars it; lay systemd/optional/camera.conf into"),
        (errno.EACCES, "the user must be in the group “video”"),
        (errno.EIO, "Input/output error"),
    ],
)
def test_a_device_that_cannot_be_opened_is_said_in_words(number: int, words: str) -> None:
    def opened(_: str) -> FakeVideo:
        raise OSError(number, os.strerror(number))

    with pytest.raises(DeviceError, match=words):
        V4l2Camera("/dev/video0", opened=opened).open()
