"""How the disk under a folder is: room, errors the file system met, bytes written, wear that the medium tells of."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from kiosk.store.files import free_bytes

SYSFS = Path("/sys")
WORN_AT = 9  # JEDEC eMMC 5.1, DEVICE_LIFE_TIME_EST: steps of a tenth; 0x0a is 90–100 % used


@dataclass(frozen=True, slots=True)
class Wear:
    """What can be known; None for what this disk does not tell."""

    free_bytes: int
    errors: int | None
    """Errors that ext4 has met since the file system was made."""
    written_kib: int | None
    """KiB written to the file system in its whole life."""
    life_used_tenths: int | None
    """Tenths of its life that the medium itself takes for used; SD cards mostly do not tell."""


def wear_of(folder: Path, sysfs: Path = SYSFS) -> Wear:
    """The wear of the disk that holds `folder`; raises OSError where the folder cannot be looked at."""
    number = folder.stat().st_dev
    block = (sysfs / "dev" / "block" / f"{os.major(number)}:{os.minor(number)}").resolve()
    ext4 = sysfs / "fs" / "ext4" / block.name
    # A partition's folder lies in its disk's.
    life = _words(block / "device" / "life_time") or _words(block.parent / "device" / "life_time")
    return Wear(
        free_bytes=free_bytes(folder),
        errors=_whole(ext4 / "errors_count"),
        written_kib=_whole(ext4 / "lifetime_write_kbytes"),
        life_used_tenths=max((int(word, 16) for word in life), default=None),
    )


def _whole(file: Path) -> int | None:
    words = _words(file)
    return int(words[0]) if words else None


def _words(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="ascii").split()
    except OSError:
        return []
