"""Bytes to lines, with bounded memory."""

from __future__ import annotations

CR, LF = 0x0D, 0x0A
MAX_LINE_BYTES = 16_384
"""A longer line is cut here; what is cut off was no card number either."""


class LineSplitter:
    """Guards the line that is not finished yet; lines end with CR, LF or both."""

    def __init__(self) -> None:
        """Start with nothing read."""
        self._line = bytearray()
        self._after_cr = False

    def feed(self, data: bytes) -> list[str]:
        """The lines that `data` finishes; bytes that are not UTF-8 become replacement characters."""
        lines = []
        for byte in data:
            if byte == LF and self._after_cr:
                self._after_cr = False
                continue
            self._after_cr = byte == CR
            if byte in (CR, LF):
                lines.append(self._taken())
            elif len(self._line) < MAX_LINE_BYTES:
                self._line.append(byte)
        return lines

    def end(self) -> list[str]:
        """The last line, where the bytes ended without finishing it."""
        return [self._taken()] if self._line else []

    def _taken(self) -> str:
        line = self._line.decode(errors="replace")
        self._line.clear()
        return line
