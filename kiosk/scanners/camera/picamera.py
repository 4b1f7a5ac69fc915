"""The Raspberry Pi's own camera through picamera2: the small stream's brightness plane, the newest frame only."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from kiosk.errors import DeviceBusy, DeviceError, DeviceMissing
from kiosk.scanners.camera.frames import Frame, Luma

SIZE = (1280, 720)
FRAME_US = 50_000
"""Twenty frames a second: a card is held for half a second, and a slower camera stays cooler."""
BUFFERS = 4
WAIT_S = 0.5
MOST_EMPTY_WAITS = 10
"""Five seconds without a frame: the ribbon cable came loose, or the driver hangs."""
HELD = ("busy", "failed to acquire camera", "returned unexpected code: -16")
"""How picamera2's versions say that another process has the camera (raspberrypi/picamera2, issues 399 and 587)."""
NOT_INSTALLED = (
    "picamera2 cannot be loaded: install the system's package python3-picamera2, and let the kiosk's Python see the "
    "system's packages"
)


@dataclass(frozen=True, slots=True)
class Libraries:
    """The two libraries as far as they are needed; both come with Raspberry Pi OS and with nothing else."""

    camera: Callable[[int], Any]
    """picamera2.Picamera2"""
    cameras: Callable[[], list[dict[str, Any]]]
    """picamera2.Picamera2.global_camera_info"""
    continuous_focus: Any
    """libcamera.controls.AfModeEnum.Continuous"""


def system_libraries() -> Libraries:
    """The system's picamera2; raises DeviceError where it is not installed."""
    try:
        from libcamera import controls  # type: ignore[import-not-found]  # a package of Raspberry Pi OS only
        from picamera2 import Picamera2  # type: ignore[import-not-found]  # the same
    except Exception as error:  # a library built for another numpy raises ValueError, a missing one ImportError
        raise DeviceError(f"{NOT_INSTALLED} ({error})") from error
    return Libraries(Picamera2, Picamera2.global_camera_info, controls.AfModeEnum.Continuous)


class PiCamera:
    """Guards one opened camera."""

    def __init__(
        self, number: int = 0, *, libraries: Callable[[], Libraries] = system_libraries, wait_s: float = WAIT_S
    ) -> None:
        """Use the camera that libcamera lists at place `number`; a frame is waited for `wait_s` at a time."""
        self._wait_s = wait_s
        self._number = number
        self._libraries = libraries
        self._camera: Any = None
        self._stride = 0
        self._size = SIZE
        self._job: Any = None
        self._ready = threading.Event()
        self._empty_waits = 0

    def open(self) -> None:
        """Take the camera and start it; raises DeviceError."""
        libraries = self._libraries()
        try:
            if len(libraries.cameras()) <= self._number:
                raise DeviceMissing(
                    "no camera was found: look at its ribbon cable on both ends, then start the Pi anew"
                )
            self._camera = libraries.camera(self._number)
            self._configure(libraries)
            self._camera.start()
        # libcamera throws what its many drivers throw, as RuntimeError mostly, and picamera2 adds its own.
        except (RuntimeError, OSError, IndexError, ValueError, KeyError) as error:
            self.close()
            why = _why(error)
            if any(words in why.lower() for words in HELD):
                raise DeviceBusy(f"another program holds the camera ({why})") from error
            raise DeviceError(f"the camera cannot be started; another program may hold it ({why})") from error
        self._empty_waits = 0

    def newest(self) -> Frame | None:
        """The newest frame; raises DeviceError when none came for five seconds."""
        try:
            if self._job is None:
                self._ready = threading.Event()
                # picamera2 keeps the last frame only, and hands it out at once when it was not handed out before.
                self._job = self._camera.capture_request(signal_function=_setting(self._ready))
            if not self._ready.wait(self._wait_s):
                self._empty_waits += 1
                if self._empty_waits < MOST_EMPTY_WAITS:
                    return None
                raise DeviceError("the camera gives no pictures any more: look at its ribbon cable")
            job, self._job = self._job, None
            luma = self._luma(self._camera.wait(job))
        except (RuntimeError, OSError, ValueError) as error:
            raise DeviceError(f"the camera went away: {error}") from error
        self._empty_waits = 0
        return Frame(luma, time.monotonic_ns() // 1_000_000)

    def close(self) -> None:
        """Let the camera go."""
        camera, self._camera = self._camera, None
        waiting, self._job = self._job is not None, None
        if camera is None:
            return
        if waiting:
            # A frame that is asked for and never comes would hold up `stop` for ever: a loose ribbon cable, most often.
            with contextlib.suppress(RuntimeError, OSError):
                camera.cancel_all_and_flush()
        for leave in (camera.stop, camera.close):
            with contextlib.suppress(RuntimeError, OSError):  # it may be gone
                leave()

    def _luma(self, request: Any) -> Luma:
        try:
            buffer = request.make_buffer("lores")
        finally:
            # Until then the camera cannot fill this buffer anew, and with all of them taken it stands still.
            request.release()
        width, height = self._size
        rows = np.asarray(buffer, dtype=np.uint8)[: height * self._stride].reshape(height, self._stride)
        return np.ascontiguousarray(rows[:, :width])

    def _configure(self, libraries: Libraries) -> None:
        stream = {"size": SIZE, "format": "YUV420"}
        camera = self._camera
        # No raw stream and no display: memory for both would be set aside, and nobody looks at them.
        camera.configure(
            camera.create_video_configuration(
                main=dict(stream),
                lores=dict(stream),
                raw=None,
                buffer_count=BUFFERS,
                controls={"FrameDurationLimits": (FRAME_US, FRAME_US)},
                display=None,
                encode=None,
            )
        )
        lores = camera.camera_configuration()["lores"]
        self._size = lores["size"]
        self._stride = int(lores["stride"])
        if "AfMode" in camera.camera_controls:
            camera.set_controls({"AfMode": libraries.continuous_focus})


def _why(error: BaseException) -> str:
    """All that is said of `error`: picamera2 puts a sentence of its own before what libcamera said."""
    causes = [error]
    while (cause := causes[-1].__cause__ or causes[-1].__context__) is not None and cause not in causes:
        causes.append(cause)
    return "; ".join(str(each) for each in causes)


def _setting(ready: threading.Event) -> Callable[[object], None]:
    return lambda _: ready.set()
