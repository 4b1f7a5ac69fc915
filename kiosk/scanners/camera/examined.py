"""What a technician is told of a camera: whether it gives pictures, how large, and how light."""

from __future__ import annotations

from kiosk.errors import DeviceError
from kiosk.findings import Finding
from kiosk.scanners.camera.frames import Frame, FrameSource

MOST_WAITS = 20
"""Ten seconds: a camera that has just been opened sets its exposure first."""
SETTLED_AFTER = 5
DARK, GLARING = 30, 225
"""Mean brightness from 0 to 255 below and above which a card is hard to read."""
NARROW_PX = 640


def examine(what: str, source: FrameSource) -> Finding:
    """Open the camera, look at some frames, and close it."""
    try:
        source.open()
        frame = _settled(source)
    except DeviceError as error:
        do = "If the kiosk runs, it holds the camera: systemctl stop kiosk. Else see docs/technician.md."
        return Finding(what, ok=False, seen=str(error), do=do)
    finally:
        source.close()
    if frame is None:
        return Finding(what, ok=False, seen="it gives no pictures", do="Plug it in anew, or look at its ribbon cable.")
    return _seen(what, frame)


def _settled(source: FrameSource) -> Frame | None:
    frame, seen = None, 0
    for _ in range(MOST_WAITS):
        newest = source.newest()
        if newest is not None:
            frame, seen = newest, seen + 1
        if seen >= SETTLED_AFTER:
            break
    return frame


def _seen(what: str, frame: Frame) -> Finding:
    rows, columns = frame.luma.shape
    light = round(float(frame.luma.mean()))
    seen = f"pictures of {columns} × {rows}, brightness {light} of 255"
    if light < DARK:
        return Finding(what, ok=False, seen=seen, do="It is dark there: light the pane (hw/camera.md).")
    if light > GLARING:
        return Finding(
            what, ok=False, seen=seen, do="It is too light there: turn lamps away from the lens (hw/camera.md)."
        )
    if columns < NARROW_PX:
        do = "Too few pixels for a card: use a camera of 1280 × 720 or more."
        return Finding(what, ok=False, seen=seen, do=do)
    return Finding(what, ok=True, seen=seen)
