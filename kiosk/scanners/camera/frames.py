"""What a camera gives: single frames, the newest first and only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Luma = NDArray[np.uint8]
"""Brightness alone, rows × columns; codes have no colour."""


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One look of the camera; nobody writes into it once it is made."""

    luma: Luma
    at_ms: int
    """When it was taken; monotonic, and comparable only with frames of the same source."""


class FrameSource(Protocol):
    """A camera, or what stands for one; every call comes from one and the same thread."""

    def open(self) -> None:
        """Take the camera; raises DeviceError in words that a technician can act on."""
        ...

    def newest(self) -> Frame | None:
        """The newest frame that was not given yet, waited for at most half a second; None when there is none.

        Raises DeviceError when the camera is gone, or gives nothing for too long.
        """
        ...

    def close(self) -> None:
        """Let the camera go; never raises, and does nothing where it is not open."""
        ...
