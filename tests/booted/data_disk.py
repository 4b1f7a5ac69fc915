"""The disk that a booted machine's data lie on, and what the kernel's device mapper makes of it."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

from tests.booted.machine import Machine
from tests.support.mapped_disk import HEALTHY, MappedDisk, run_on_disk

DEVICE = "/dev/ubdb"
SIZE_BYTES = 400 * 1024 * 1024
"""Sparse; less than 256 MB free is told as a fault of the disk."""
STATE, ASIDE = "/var/lib/kiosk", "/run/moving"
MAPPED = "/dev/mapper/data"
OPTIONS = "noatime,nodev,nosuid,data=ordered,barrier=1,commit=5,errors=remount-ro"
"""As the playbook mounts a partition of the kiosk's own."""


def empty_disk(file: Path) -> Path:
    """Make an empty disk of `file`, to be the machine's second one (`ubd1`)."""
    with file.open("wb") as disk:
        disk.truncate(SIZE_BYTES)
    run_on_disk("mkfs.ext4", "-q", "-F", "-E", "root_owner=0:0", file)
    return file


class DataDisk:
    """Guards that disk: the mapper's between its file system and itself, well until told otherwise."""

    def __init__(self, machine: Machine, file: Path) -> None:
        """Hold it; the machine was switched on with it, and does not use it yet."""
        self._machine = machine
        self._file = file

    def move_in(self) -> None:
        """Put what the kiosk has written onto it; the desk is closed meanwhile."""
        self._machine.told("systemctl stop kiosk.service")
        self._machine.told(f"printf '{self._table(HEALTHY)}' | dmsetup create data && udevadm settle")
        self._machine.told(f"mkdir {ASIDE} && mount {MAPPED} {ASIDE} && cp -a {STATE}/. {ASIDE}/ && umount {ASIDE}")
        self._machine.told(f"mount -t ext4 -o {OPTIONS} {MAPPED} {STATE} && systemctl start kiosk.service")

    def becomes(self, kind: MappedDisk) -> None:
        """Let it be of another kind from now on."""
        # What waits to be written is left to the new kind, as it is when a disk breaks.
        self._machine.told(
            f"printf '{self._table(kind)}' | dmsetup load data && dmsetup suspend --noflush --nolockfs data && "
            "dmsetup resume data"
        )

    def is_mounted_anew(self) -> None:
        """What a machine that is switched off and on does with it, and with the desk."""
        self._machine.told(f"systemctl stop kiosk.service && umount {STATE}")
        self._machine.told(f"mount -t ext4 -o {OPTIONS} {MAPPED} {STATE} && systemctl start kiosk.service")

    def uses_if_the_plug_were_pulled_now(self, folder: Path) -> set[str]:
        """The ids of the uses that a kiosk would find on it; `folder` is an empty one to work in."""
        # What has not left the machine's memory, or waits in the mapper, is not in the file.
        disk = shutil.copy(self._file, folder / "disk")
        run_on_disk("e2fsck", "-fy", disk, fine=(0, 1))
        run_on_disk("debugfs", "-R", f"rdump / {folder}", disk)
        db = sqlite3.connect(folder / "kiosk.db")
        try:
            return {use for (use,) in db.execute("SELECT id FROM uses")}
        finally:
            db.close()

    def _table(self, kind: MappedDisk) -> str:
        return kind.table(self._file, DEVICE)
