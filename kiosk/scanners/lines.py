"""Bytes to lines, with bounded memory."""

from __future__ import annotations

TAB, LF, CR = 0x09, 0x0A, 0x0D
MAX_LINE_BYTES = 16_384
"""A longer line is cut here; what is cut off was no card number either."""
_GOES_ON = {TAB: (CR, LF), CR: (LF,)}
"""What may follow an end of a line and still be the same end."""


class LineSplitter:
    """Guards the line that is not finished yet; a line ends with CR, LF or both, and a Tab may stand before these."""

    def __init__(self) -> None:
        """Start with nothing read."""
        self._line = bytearray()
        self._end: int | None = None
        """The byte that ended a line just now."""

    def feed(self, data: bytes) -> list[str]:
        """The lines that `data` finishes; bytes that are not UTF-8 become replacement characters."""
        lines = []
        for byte in data:
            if byte == TAB and not self._line:
                continue  # an indent, not a reading of nothing: scanners send a Tab after a code only
            if byte not in (TAB, LF, CR):
                self._end = None
                if len(self._line) < MAX_LINE_BYTES:
                    self._line.append(byte)
                continue
            if self._end is None or byte not in _GOES_ON.get(self._end, ()):
                lines.append(self._taken())
            self._end = byte
        return lines

    def end(self) -> list[str]:
        """The last line, where the bytes ended without finishing it."""
        return [self._taken()] if self._line else []

    def _taken(self) -> str:
        line = self._line.decode(errors="replace")
        self._line.clear()
        return line
