"""Reads the codes in a frame: one pass over the whole, and further ones for bars where that finds nothing."""

from __future__ import annotations

from collections.abc import Sequence

from kiosk.scanners.camera.engines import Engine
from kiosk.scanners.camera.frames import Luma
from kiosk.scanners.camera.lines import along_lines, sharpened
from kiosk.scanners.camera.readings import Reading

TURNS_DEG = (22.0, 40.0)
"""A row of the frame crosses all bars of a Code39 only when the card is held within some 10° of level."""


class Decoder:
    """Guards whose turn it is: each unread frame gets further passes, of another slant than the frame before."""

    def __init__(self, engines: Sequence[Engine]) -> None:
        """Read with the first of `engines`; the others look now and then at what that cannot read."""
        self._engine, *self._others = engines
        self._unread = 0
        self._slant_deg: float | None = None
        """Along which lines the last card was read: it may lie there still."""

    def read(self, luma: Luma) -> tuple[Reading, ...]:
        """The codes in `luma`; none when nothing could be read. `luma` must be contiguous."""
        found = self._engine.whole(luma)
        if found:
            self._unread = 0
            return found
        if self._slant_deg is not None and (again := self._engine.lines(along_lines(luma, self._slant_deg))):
            return again
        turn = self._unread % (len(TURNS_DEG) + len(self._others))
        self._unread += 1
        if turn >= len(TURNS_DEG):
            return self._others[turn - len(TURNS_DEG)].whole(luma)
        for slant in (TURNS_DEG[turn], -TURNS_DEG[turn]):
            if found := self._engine.lines(along_lines(luma, slant)):
                self._slant_deg = slant
                return found
        return self._engine.lines(sharpened(luma))
