"""What a technician is told of a camera: whether it gives pictures, how large, and how light."""

from __future__ import annotations

import stat
from pathlib import Path

from kiosk.errors import DeviceBusy, DeviceClosed, DeviceError, DeviceMissing
from kiosk.findings import Finding, failed, passed, warned
from kiosk.scanners.camera.frames import Frame, FrameSource
from kiosk.scanners.camera.sources import RASPBERRY, source_of

KIOSK_RUNS = "held by the running kiosk"
MOST_WAITS = 20
"""Ten seconds: a camera that has just been opened sets its exposure first."""
SETTLED_AFTER = 5
DARK, GLARING = 30, 225
"""Mean brightness from 0 to 255 below and above which a card is hard to read."""
NARROW_PX = 640


def examine_named(name: str, camera: str, *, runs: bool | None) -> Finding:
    """Examine the camera that the configuration calls `camera`.

    A FIFO of names is not opened: what is in it is for the kiosk.
    """
    path = Path(camera)
    if camera == RASPBERRY:
        return examine(name, source_of(camera), kind="the Pi's own (picamera2)", runs=runs)
    if path.is_dir():
        return examine(name, source_of(camera), kind=f"folder {camera}", runs=None)
    if path.exists() and stat.S_ISFIFO(path.stat().st_mode):
        return passed(name, f"FIFO {camera}, which names pictures; not read, since they are for the kiosk")
    return examine(name, source_of(camera), kind=f"{camera} (V4L2)", runs=runs)


def examine(name: str, source: FrameSource, *, kind: str, runs: bool | None) -> Finding:
    """Open the camera, look at some frames, and close it; `runs`: whether the kiosk does, None: cannot be seen."""
    try:
        source.open()
        frame = _settled(source)
    except DeviceError as error:
        return _refused(name, kind, error, runs=runs)
    finally:
        source.close()
    if frame is None:
        return failed(name, f"{kind}: it gives no pictures", "Plug it in anew, or look at its ribbon cable.")
    return _seen(name, kind, frame)


def _refused(name: str, kind: str, error: DeviceError, *, runs: bool | None) -> Finding:
    match error:
        case DeviceBusy() if runs:
            return passed(name, f"{kind}: {KIOSK_RUNS}")
        case DeviceBusy() if runs is None:
            saw = f"{kind}: held, by the kiosk or another program: this user cannot see whether the kiosk runs"
            return warned(name, saw, "Ask again as root, or as the kiosk's user.")
        case DeviceBusy():
            do = "The kiosk is not running, so end the program that has it: `sudo fuser -v /dev/video* /dev/media*`."
            return failed(name, f"{kind}: {error}", do)
        case DeviceClosed():
            do = f"`sudo usermod -aG {error.group} USER` for the kiosk's user, then start the kiosk anew."
            return failed(name, f"{kind}: {error}", do)
        case DeviceMissing():
            do = "Look at its cable on both ends; `rpicam-hello --list-cameras` and /dev/v4l/by-id list what is there."
            return failed(name, f"{kind}: {error}", do)
        case _:
            return failed(name, f"{kind}: {error}", "See “A camera as the scanner” in docs/technician.md.")


def _settled(source: FrameSource) -> Frame | None:
    frame, seen = None, 0
    for _ in range(MOST_WAITS):
        newest = source.newest()
        if newest is not None:
            frame, seen = newest, seen + 1
        if seen >= SETTLED_AFTER:
            break
    return frame


def _seen(name: str, kind: str, frame: Frame) -> Finding:
    rows, columns = frame.luma.shape
    light = round(float(frame.luma.mean()))
    saw = f"{kind}: pictures of {columns} × {rows}, brightness {light} of 255"
    if columns < NARROW_PX:
        return failed(name, saw, "Too few pixels for a card: use a camera of 1280 × 720 or more.")
    # No fault: an update at night is looked at in the dark.
    if light < DARK:
        return warned(name, saw, "It is too dark there to read a card: light the pane (hw/camera.md).")
    if light > GLARING:
        return warned(name, saw, "It is too light there to read a card: turn lamps away from the lens (hw/camera.md).")
    return passed(name, saw)
