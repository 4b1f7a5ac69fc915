"""Pictures in place of a camera: a folder that is played once, or a FIFO that names one picture after the other."""

from __future__ import annotations

import os
import select
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np

from kiosk.errors import DeviceError
from kiosk.scanners.camera.frames import Frame, Luma

SIZE = (1280, 720)
EMPTY_GREY = 120
ENDINGS = frozenset({".bmp", ".jpeg", ".jpg", ".pgm", ".png", ".webp"})
INTERVAL_MS = 50
"""Twenty frames a second, as the kiosk's camera gives."""
SHOWN_FRAMES = 20
EMPTY_FRAMES = 20
BETWEEN_FRAMES = 50
"""Between two pictures of a folder: the same card in both is shown, and shown again after more than three seconds,
which is how a card confirms itself (SCREEN.md)."""
WAIT_MS = 500
_CHUNK_BYTES = 65_536


class FolderPictures:
    """Every picture of a folder, once, in the order of their names, and an empty desk before, between and after."""

    def __init__(self, folder: Path, *, pause: Callable[[float], None] = time.sleep) -> None:
        """Show the pictures that `folder` holds when it is opened; `pause` waits for so many seconds."""
        self._folder = folder
        self._pause = pause
        self._files: Iterator[Path] | None = None
        self._frames: Iterator[Luma] = iter(())
        self._at_ms = 0

    def open(self) -> None:
        """Look for the pictures; raises DeviceError when there is none. Opened again, it goes on where it was."""
        self._files = self._files or self._found()
        self._frames = _played(self._files)

    def newest(self) -> Frame | None:
        """The next frame, at a camera's pace; raises DeviceError for a file that is no picture."""
        luma = next(self._frames, None)
        if luma is None:
            self._pause(WAIT_MS / 1000)
            return None
        self._pause(INTERVAL_MS / 1000)
        self._at_ms += INTERVAL_MS
        return Frame(luma, self._at_ms)

    def close(self) -> None:
        """Stop in the middle of a picture; those that were not shown yet are kept for the next time."""
        self._frames = iter(())

    def _found(self) -> Iterator[Path]:
        try:
            files = sorted(file for file in self._folder.iterdir() if file.suffix.lower() in ENDINGS)
        except OSError as error:
            raise DeviceError(f"the folder of pictures {self._folder} cannot be read: {error.strerror}") from error
        if not files:
            raise DeviceError(f"there is no picture in {self._folder}; it takes {', '.join(sorted(ENDINGS))}")
        return iter(files)


class NamedPictures:
    """A FIFO into which each line names a picture; it is shown for a while, and then the desk is empty again."""

    def __init__(self, fifo: Path, *, pause: Callable[[float], None] = time.sleep) -> None:
        """Read the names from `fifo`; `pause` waits for so many seconds."""
        self._fifo = fifo
        self._pause = pause
        self._descriptor: int | None = None
        self._unfinished = b""
        self._files: deque[Path] = deque()
        self._frames: Iterator[Luma] = iter(())
        self._showing = False

    def open(self) -> None:
        """Open the FIFO; raises DeviceError when that cannot be done."""
        try:
            # For both ways, so that it never ends while nobody writes.
            self._descriptor = os.open(self._fifo, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError as error:
            raise DeviceError(f"the FIFO of pictures {self._fifo} cannot be opened: {error.strerror}") from error

    def newest(self) -> Frame | None:
        """The next frame of the picture that was named first and not shown; None while none is named."""
        if self._descriptor is None:
            raise DeviceError(f"the FIFO of pictures {self._fifo} is not open")
        if select.select([self._descriptor], [], [], 0 if self._files or self._showing else WAIT_MS / 1000)[0]:
            self._read(self._descriptor)
        luma = next(self._frames, None)
        while luma is None and self._files:
            self._frames = _shown(self._files.popleft(), EMPTY_FRAMES)
            luma = next(self._frames, None)
        self._showing = luma is not None
        if luma is None:
            return None
        self._pause(INTERVAL_MS / 1000)
        return Frame(luma, time.monotonic_ns() // 1_000_000)

    def close(self) -> None:
        """Close the FIFO; names that were read and not shown are kept for the next time."""
        if self._descriptor is not None:
            os.close(self._descriptor)
        self._descriptor = None
        self._unfinished = b""
        self._frames = iter(())

    def _read(self, descriptor: int) -> None:
        *names, self._unfinished = (self._unfinished + os.read(descriptor, _CHUNK_BYTES)).split(b"\n")
        self._files.extend(Path(os.fsdecode(name.strip())) for name in names if name.strip())


def _played(files: Iterable[Path]) -> Iterator[Luma]:
    yield from _steady(_empty(), BETWEEN_FRAMES)  # a kiosk that has just started is not ready for a card
    for file in files:
        yield from _shown(file, BETWEEN_FRAMES)


def _shown(file: Path, empty_frames: int) -> Iterator[Luma]:
    yield from _steady(picture(file), SHOWN_FRAMES)
    yield from _steady(_empty(), empty_frames)


def _steady(scene: Luma, frames: int) -> Iterator[Luma]:
    """`scene` as a camera sees it that is never wholly still: each frame is another witness."""
    for position in range(frames):
        yield np.ascontiguousarray(np.roll(scene, position % 3, axis=1) + np.uint8(position % 2))


def _empty() -> Luma:
    return np.full((SIZE[1], SIZE[0]), EMPTY_GREY, dtype=np.uint8)


def picture(file: Path) -> Luma:
    """The picture as the camera's luma plane, fitted into its size; raises DeviceError where it cannot be read."""
    from PIL import Image, ImageOps

    try:
        with Image.open(file) as opened:
            grey = ImageOps.exif_transpose(opened).convert("L")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise DeviceError(f"{file} cannot be shown as a picture: {error}") from error
    fitted = ImageOps.pad(grey, SIZE, color=EMPTY_GREY)
    return np.minimum(np.asarray(fitted, dtype=np.uint8), 254)
