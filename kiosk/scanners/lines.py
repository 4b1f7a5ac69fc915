"""Bytes to lines, with bounded memory."""

from __future__ import annotations

from collections.abc import Callable

TAB, LF, CR = 0x09, 0x0A, 0x0D
MAX_LINE_BYTES = 16_384
"""A longer line is cut here; what is cut off was no card number either."""
_GOES_ON = {TAB: (CR, LF), CR: (LF,)}
"""What may follow an end of a line and still be the same end."""


def _utf8(line: bytes) -> str:
    """`line` as UTF-8, with replacement characters for bytes that are not."""
    return line.decode(errors="replace")


class LineSplitter:
    """Guards the line that is not finished yet; a line ends with CR, LF or both, and a Tab may stand before these."""

    def __init__(self, decode: Callable[[bytes], str] = _utf8) -> None:
        """Start with nothing read; `decode` makes text of a line, whatever is in it."""
        self._decode = decode
        self._line = bytearray()
        self._end: int | None = None
        """The byte that ended a line just now."""

    @property
    def waiting(self) -> int:
        """How many bytes of an unfinished line are there."""
        return len(self._line)

    def feed(self, data: bytes) -> list[str]:
        """The lines that `data` finishes."""
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
        line = self._decode(bytes(self._line))
        self._line.clear()
        return line
