"""Reads the codes in a frame: one pass over the whole, and one along slanted lines where that finds nothing."""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from kiosk.scanners.camera.engines import Engine
from kiosk.scanners.camera.frames import Luma
from kiosk.scanners.camera.readings import Reading

TURNS_DEG = (22.0, 40.0)
"""A row of the frame crosses all bars of a Code39 only when the card is held within some 10° of level."""
LINES_APART_PX = 4


class Decoder:
    """Guards whose turn it is: each unread frame gets one further pass, of another slant than the frame before."""

    def __init__(self, engines: Sequence[Engine]) -> None:
        """Read with the first of `engines`; the others look now and then at what that cannot read."""
        self._engine, *self._others = engines
        self._unread = 0

    def read(self, luma: Luma) -> tuple[Reading, ...]:
        """The codes in `luma`; none when nothing could be read. `luma` must be contiguous."""
        found = self._engine.whole(luma)
        if found:
            self._unread = 0
            return found
        turn = self._unread % (len(TURNS_DEG) + len(self._others))
        self._unread += 1
        if turn >= len(TURNS_DEG):
            return self._others[turn - len(TURNS_DEG)].whole(luma)
        slant = TURNS_DEG[turn]
        return self._engine.lines(along_lines(luma, slant)) or self._engine.lines(along_lines(luma, -slant))


def along_lines(luma: Luma, slant_deg: float) -> Luma:
    """The brightness along parallel lines across the frame, one line in a row; they fall by `slant_deg` to the right.

    Costs what it reads: every fourth line of the frame, at full sharpness, and not a rotated copy of the whole.
    """
    lines: Luma = np.take(luma, _places(luma.shape[0], luma.shape[1], slant_deg))
    return lines


@functools.lru_cache(maxsize=2 * len(TURNS_DEG))
def _places(height: int, width: int, slant_deg: float) -> NDArray[np.int32]:
    slope = math.tan(math.radians(slant_deg))
    columns = np.arange(width, dtype=np.int32)
    fall = np.round((columns - width / 2) * slope).astype(np.int32)
    beyond = int(abs(slope) * width / 4)  # lines that cross only a half of the frame hold no whole code
    starts = np.arange(-beyond, height + beyond, LINES_APART_PX, dtype=np.int32)
    rows = np.clip(starts[:, None] + fall[None, :], 0, height - 1)
    places: NDArray[np.int32] = (rows * width + columns[None, :]).astype(np.int32)
    return places
