"""A USB camera through the kernel's video interface (V4L2), the newest frame only."""

from __future__ import annotations

import contextlib
import errno
import select
import time
from collections.abc import Callable
from typing import Any, Protocol

from kiosk.errors import DeviceBusy, DeviceError, DeviceMissing, refused
from kiosk.scanners.camera.frames import Frame
from kiosk.scanners.camera.planes import PREFERRED, luma_of

SIZE = (1280, 720)
FRAMES_PER_S = 20
BUFFERS = 4
WAIT_S = 0.5
MOST_EMPTY_WAITS = 10
"""Five seconds without a readable frame."""
_REASONS = {
    errno.ENOENT: "it is not plugged in",
    errno.ENODEV: "it was unplugged",
    errno.EBUSY: "another program holds it",
}

_KINDS = {errno.ENOENT: DeviceMissing, errno.ENODEV: DeviceMissing, errno.EBUSY: DeviceBusy}


class Taken(Protocol):
    """A frame as linuxpy gives it."""

    data: bytes
    format: Any
    """With width, height, bytes_per_line and pixel_format."""


class Video(Protocol):
    """An opened and streaming device."""

    def fileno(self) -> int:
        """What select waits on: readable when a frame is ready."""
        ...

    def take(self) -> Taken:
        """The oldest frame that is ready; raises OSError when the device is gone."""
        ...

    def close(self) -> None:
        """Stop and close it; may raise OSError when the device is gone."""
        ...


class V4l2Camera:
    """Guards one opened video device."""

    def __init__(self, path: str, *, opened: Callable[[str], Video] | None = None, wait_s: float = WAIT_S) -> None:
        """Use the device at `path`, such as /dev/video0 or a name under /dev/v4l/by-id."""
        self._wait_s = wait_s
        self._path = path
        self._opened = opened or LinuxpyVideo
        self._video: Video | None = None
        self._empty_waits = 0

    def open(self) -> None:
        """Take the camera and let it stream; raises DeviceError."""
        try:
            self._video = self._opened(self._path)
        except OSError as error:
            raise self._fault(error) from error
        self._empty_waits = 0

    def newest(self) -> Frame | None:
        """The newest frame; older ones that were not looked at in time are passed over."""
        if self._video is None:
            raise DeviceError(f"the camera {self._path} is not open")
        try:
            taken = None
            while select.select([self._video], [], [], self._wait_s if taken is None else 0)[0]:
                taken = self._video.take()
        except OSError as error:
            raise self._fault(error) from error
        frame = None if taken is None else _frame(taken)
        self._empty_waits = 0 if frame is not None else self._empty_waits + 1
        if self._empty_waits >= MOST_EMPTY_WAITS:
            raise DeviceError(f"the camera {self._path} gives no pictures any more: plug it in anew")
        return frame

    def close(self) -> None:
        """Let the camera go."""
        video, self._video = self._video, None
        if video is not None:
            with contextlib.suppress(OSError):  # it may be gone
                video.close()

    def _fault(self, error: OSError) -> DeviceError:
        if error.errno in (errno.EACCES, errno.EPERM):
            return refused(f"the camera {self._path}", error, group="video", unit_file="camera.conf")
        why = _REASONS.get(error.errno or 0, error.strerror or str(error))
        kind = _KINDS.get(error.errno or 0, DeviceError)
        return kind(f"the camera {self._path} cannot be used: {why}")


def _frame(taken: Taken) -> Frame | None:
    at_ms = time.monotonic_ns() // 1_000_000
    layout = taken.format
    try:
        luma = luma_of(
            taken.data,
            layout.pixel_format.name,
            width=layout.width,
            height=layout.height,
            stride=layout.bytes_per_line,
        )
    except ValueError:  # USB cameras send a torn frame now and then, and the first one often
        return None
    return Frame(luma, at_ms)


def _settled(path: str, capture: Any, pixel_formats: Any) -> None:
    """Have the driver give a format that can be read.

    Asked for one after the other, since a driver answers a format that it has not with one that it has. (linuxpy 0.25
    also lists them, but fails on a device with an overlay.)
    """
    for name in PREFERRED:
        capture.set_format(*SIZE, pixel_formats[name])
        if capture.get_format().pixel_format.name == name:
            return
    raise DeviceError(f"{path} offers none of the pixel formats {', '.join(PREFERRED)}")


class LinuxpyVideo:
    """A real device."""

    def __init__(self, path: str) -> None:
        """Open and start it; raises OSError, and DeviceError where the device is no camera that can be read."""
        try:
            from linuxpy.video.device import Device, PixelFormat, V4L2Error, VideoCapture
        except ImportError as error:
            raise DeviceError(f"a USB camera needs the library linuxpy ({error})") from error
        self._device = Device(path)
        self._device.open()
        try:
            self._capture = VideoCapture(self._device, size=BUFFERS)
            _settled(path, self._capture, PixelFormat)
            with contextlib.suppress(OSError):  # some have only one speed
                self._capture.set_fps(FRAMES_PER_S)
            self._capture.open()
        except V4L2Error as error:
            self._device.close()
            raise DeviceError(f"{path} is no camera: {error}") from error
        except BaseException:
            self._device.close()
            raise

    def fileno(self) -> int:
        """The device's descriptor."""
        return int(self._device.fileno())

    def take(self) -> Taken:
        """The oldest frame that is ready."""
        taken: Taken = self._capture.buffer.raw_read()
        return taken

    def close(self) -> None:
        """Stop and close it."""
        try:
            self._capture.close()
        finally:
            self._device.close()
