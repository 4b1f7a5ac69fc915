"""How much of a disk was written to, by the map in front of the layer that a machine has of it."""

from __future__ import annotations

import struct
from pathlib import Path

HEAD = struct.Struct("!4sIIQIII4096s")
"""User-mode Linux's `cow_header_v3`: mark, version, age, size of the disk, of a sector and of a page, format, path."""


def sectors_written(layer: Path) -> int:
    """How many sectors of the disk lie in `layer`: each that was ever written to, with whatever."""
    with layer.open("rb") as file:
        mark, version, _, size, sector, page, _, _ = HEAD.unpack(file.read(HEAD.size))
        assert (mark, version) == (b"OOOM", 3), "no layer"
        file.seek(-(-HEAD.size // page) * page)
        return sum(byte.bit_count() for byte in file.read(size // sector // 8))
