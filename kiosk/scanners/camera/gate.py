"""The change gate: tells a scene that moved from one that only flickers and rustles, at next to no cost."""

from __future__ import annotations

import zlib

import numpy as np
from numpy.typing import NDArray

from kiosk.scanners.camera.frames import Luma

STEP = 16
"""Every 16th pixel of every 16th row is looked at: 3600 of a 720p frame."""
LEAST_DIFFERENCE = 16
MOST_DIFFERENCE = 60
"""A pixel has changed by more than this even in the noisiest picture: black against white in a dim room."""
NOISE_FACTOR = 6
"""Six times the mean difference of a resting scene is nearly five standard deviations of it; lamps that flicker on
mains, in bands over the rows, raise it as well."""
NOISE_RISE = 1.1
"""How quickly the gate gets used to more noise, per frame: a dimmed lamp is forgotten within two seconds."""
NOISE_FALL = 0.8
CHANGED_SHARE = 0.004
"""So much of the scene: a code of 20 mm, as small as it can still be read, is more than twice this."""


class Gate:
    """Guards the scene as it was when it last changed, and how noisy this camera is."""

    def __init__(self) -> None:
        """Start with no scene: the first frame is a change."""
        self._scene: NDArray[np.int16] | None = None
        self._noise = MOST_DIFFERENCE / NOISE_FACTOR

    def changed(self, luma: Luma) -> bool:
        """Whether `luma` shows another scene than the last one that was a change."""
        sample = luma[::STEP, ::STEP].astype(np.int16)
        if self._scene is None or self._scene.shape != sample.shape:
            self._scene = sample
            return True
        difference = sample - self._scene
        np.abs(difference, out=difference)
        mean = float(difference.sum(dtype=np.int32)) / difference.size
        threshold = min(max(NOISE_FACTOR * self._noise, LEAST_DIFFERENCE), MOST_DIFFERENCE)
        moved = int(np.count_nonzero(difference > threshold))
        if mean:  # the same picture once more, from a file or a driver that repeats itself, says nothing of noise
            self._noise = min(self._noise * NOISE_RISE, max(mean, self._noise * NOISE_FALL))
        if moved <= CHANGED_SHARE * difference.size:
            return False
        self._scene = sample
        return True


def mark_of(luma: Luma) -> int:
    """A mark that two frames share only when they are the same picture: no two frames of a real camera are."""
    return zlib.crc32(np.ascontiguousarray(luma[::STEP, ::STEP]).tobytes())
