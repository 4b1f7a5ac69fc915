"""A picamera2 that behaves as the real one does, and the libcamera beneath it, without a camera."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from kiosk.scanners.camera.frames import Luma
from kiosk.scanners.camera.picamera import Libraries

ALIGNMENT = 64
CONTINUOUS = 2
COLOUR = 128


class Job:
    """What an asynchronous call gives; its result is there once its signal was given."""

    def __init__(self, signal: Callable[[Any], None]) -> None:
        self.signal = signal
        self.result: Request | None = None


class Request:
    """A filled buffer, which is the camera's again only after `release`."""

    def __init__(self, camera: Picamera2, buffer: np.ndarray[Any, np.dtype[np.uint8]]) -> None:
        self._camera = camera
        self._buffer = buffer

    def make_buffer(self, name: str) -> np.ndarray[Any, np.dtype[np.uint8]]:
        if name != "lores":
            raise RuntimeError(f"Stream {name!r} is not defined")
        return self._buffer.copy()

    def release(self) -> None:
        self._camera.taken -= 1
        assert self._camera.taken >= 0, "released twice"


class Picamera2:
    """One camera; `machine` is what is plugged in."""

    def __init__(self, machine: Machine, number: int) -> None:
        machine.did.append("open")
        if machine.busy:
            # It says no more than this, whatever the reason; libcamera's own word is its cause.
            raise RuntimeError("Camera __init__ sequence did not complete.") from RuntimeError(machine.busy)
        self._machine = machine
        self._number = number
        self._config: dict[str, Any] | None = None
        self._started = False
        self._newest: Request | None = None
        self._jobs: list[Job] = []
        self._lock = threading.Lock()
        self.taken = 0
        self.camera_controls = {"AfMode": (0, 2, 0)} if machine.autofocus else {"ExposureTime": (1, 9, 5)}
        machine.opened = self

    def create_video_configuration(self, **wanted: Any) -> dict[str, Any]:
        assert wanted["main"]["size"] >= wanted["lores"]["size"], "lores stream dimensions may not exceed main stream"
        return wanted

    def configure(self, config: dict[str, Any]) -> None:
        if self._started:
            raise RuntimeError("Camera must be stopped before configuring")
        for stream in ("main", "lores"):
            width = config[stream]["size"][0]
            # The hardware's own rows, which may be longer than the picture's.
            config[stream]["stride"] = -(-width // ALIGNMENT) * ALIGNMENT + self._machine.padding
        self._config = config

    def camera_configuration(self) -> dict[str, Any]:
        assert self._config is not None
        return self._config

    def set_controls(self, controls: dict[str, Any]) -> None:
        for name in controls:
            if name not in self.camera_controls:
                raise RuntimeError(f"Control {name} is not advertised by libcamera")
        self._machine.controls |= controls

    def start(self) -> None:
        if self._config is None:
            raise RuntimeError("Camera has not been configured")
        self._machine.did.append("start")
        self._started = True

    def fill(self, luma: Luma) -> None:
        """The sensor has a frame: it goes to who waits for it, else it takes the place of the last one."""
        assert self._config is not None
        if self.taken >= self._config["buffer_count"]:
            return  # no buffer is free: the frame is lost, as on the sensor
        stride = self._config["lores"]["stride"]
        rows = np.zeros((luma.shape[0], stride), np.uint8)
        rows[:, : luma.shape[1]] = luma
        colours = np.full(rows.size // 2, COLOUR, np.uint8)
        with self._lock:
            if self._newest is not None:
                self._newest.release()
            self._newest = Request(self, np.concatenate([rows.ravel(), colours]))
            self.taken += 1
            self._serve()

    def capture_request(self, *, signal_function: Callable[[Any], None]) -> Job:
        if not self._started:
            raise RuntimeError("Camera is not started")
        with self._lock:
            job = Job(signal_function)
            self._jobs.append(job)
            self._serve()
            return job

    def wait(self, job: Job) -> Request:
        assert job.result is not None
        return job.result

    def cancel_all_and_flush(self) -> None:
        self._machine.did.append("cancel")
        with self._lock:
            self._jobs.clear()

    def stop(self) -> None:
        # The real one waits its turn behind every job, and a job waits for a frame.
        assert not self._jobs, "stop() waits for ever behind a frame that never comes"
        self._machine.did.append("stop")
        self._started = False

    def close(self) -> None:
        self._machine.did.append("close")

    def _serve(self) -> None:
        if self._jobs and self._newest is not None:
            job = self._jobs.pop(0)
            job.result, self._newest = self._newest, None
            job.signal(job)


@dataclass
class Machine:
    """A Raspberry Pi with a number of cameras."""

    cameras: int = 1
    busy: str = ""
    """Why the camera cannot be opened."""
    autofocus: bool = True
    padding: int = 0
    did: list[str] = field(default_factory=list)
    controls: dict[str, Any] = field(default_factory=dict)
    opened: Picamera2 | None = None

    def libraries(self) -> Libraries:
        """What `import picamera2` would give on it."""
        return Libraries(
            camera=lambda number: Picamera2(self, number),
            cameras=lambda: [{"Model": "imx708", "Num": number} for number in range(self.cameras)],
            continuous_focus=CONTINUOUS,
        )
