"""From the name of a camera in the configuration to the camera."""

from __future__ import annotations

import stat
from pathlib import Path

from kiosk.scanners.camera.frames import FrameSource
from kiosk.scanners.camera.picamera import PiCamera
from kiosk.scanners.camera.pictures import FolderPictures, NamedPictures
from kiosk.scanners.camera.v4l2 import V4l2Camera

RASPBERRY = "picamera"


def source_of(name: str) -> FrameSource:
    """The camera that `name` means: `picamera`, a video device, a folder of pictures, or a FIFO that names pictures.

    What does not exist yet is taken for a video device that is not plugged in.
    """
    if name == RASPBERRY:
        return PiCamera()
    path = Path(name)
    if path.is_dir():
        return FolderPictures(path)
    try:
        if stat.S_ISFIFO(path.stat().st_mode):
            return NamedPictures(path)
    except OSError:
        pass
    return V4l2Camera(name)
