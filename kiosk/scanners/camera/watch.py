"""The camera's own thread: frame by frame through gate and decoder, as long as it is wanted."""

from __future__ import annotations

import threading
from collections.abc import Callable

from kiosk.scanners.camera.attention import Attention, attend
from kiosk.scanners.camera.decoder import Decoder
from kiosk.scanners.camera.frames import FrameSource
from kiosk.scanners.camera.gate import Gate, mark_of
from kiosk.scanners.camera.readings import Look


class Eye:
    """Guards gate, attention and decoder of one opened camera."""

    def __init__(self, decoder: Decoder) -> None:
        """Start with a scene that nobody has seen."""
        self._decoder = decoder
        self._gate = Gate()
        self._attention = Attention()

    def look(self, source: FrameSource) -> Look | None:
        """Wait for the next frame and decode it if that is worth while; None: nothing was decoded."""
        frame = source.newest()
        if frame is None:
            return None
        changed = self._gate.changed(frame.luma)
        self._attention, wanted = attend(self._attention, changed=changed, at_ms=frame.at_ms)
        return Look(self._decoder.read(frame.luma), frame.at_ms, mark_of(frame.luma)) if wanted else None


def watch(
    source: FrameSource,
    eye: Eye,
    *,
    opened: Callable[[], None],
    seen: Callable[[Look], None],
    stopped: threading.Event,
) -> None:
    """Look until `stopped`; raises DeviceError. Opens the camera and, whatever happens, closes it."""
    try:
        source.open()
        opened()
        while not stopped.is_set():
            look = eye.look(source)
            if look is not None:
                seen(look)
    finally:
        source.close()
