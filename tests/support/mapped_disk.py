"""What the kernel's device mapper makes of a disk: one that is well, dead, slow, or forgets what it is told."""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

DEVICE = "/dev/ubda"
SECTOR_BYTES = 512
FOR_EVER_S = 1_000_000
LIMIT_S = 120


@dataclass(frozen=True, slots=True)
class MappedDisk:
    """A target of the mapper (`linear`, `flakey`, `delay` of the kernel's documentation) over the disk."""

    target: str
    words: str = ""
    """What the target wants besides the place on the disk; `{device}` and `{start}` are that place."""
    but_the_journal: bool = False
    """The file system's journal lies on good blocks."""

    def table(self, disk: Path, device: str = DEVICE) -> str:
        """The mapper's table for the disk that is the file `disk`, and `device` inside, as printf takes it."""
        end = disk.stat().st_size // SECTOR_BYTES
        if not self.but_the_journal:
            return self._part(device, 0, end)
        first, behind = _journal_of(disk)
        journal = MappedDisk("linear")._part(device, first, behind)
        return "\\n".join([self._part(device, 0, first), journal, self._part(device, behind, end)])

    def _part(self, device: str, start: int, end: int) -> str:
        words = self.words.format(device=device, start=start)
        return f"{start} {end - start} {self.target} {device} {start}{words}"


HEALTHY = MappedDisk("linear")
DEAD = MappedDisk("flakey", f" 0 {FOR_EVER_S}")
"""It neither reads nor writes."""
TAKES_NOTHING = MappedDisk("flakey", f" 0 {FOR_EVER_S} 1 error_writes")
"""It can be read, and refuses to be written."""
BAD_BLOCKS = MappedDisk("flakey", f" 0 {FOR_EVER_S} 1 error_writes", but_the_journal=True)
"""It refuses to be written where files lie; the file system bears it."""
FORGETS = MappedDisk("flakey", f" 0 {FOR_EVER_S} 1 drop_writes")
"""It says that it has written, and has not."""
SLOW = MappedDisk("delay", " 0 {device} {start} 200")
"""It takes 200 ms for each write, and is quick to be read."""
VERY_SLOW = MappedDisk("delay", " 0 {device} {start} 400")


def run_on_disk(*command: str | Path, fine: tuple[int, ...] = (0,)) -> str:
    """What one of the file system's programs prints; an exit status that is not `fine` fails."""
    path = f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin"
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=LIMIT_S, env={"PATH": path, "LC_ALL": "C"}
    )
    assert done.returncode in fine, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout


def _journal_of(disk: Path) -> tuple[int, int]:
    """The sectors of the ext4 journal on `disk`: its first, and the one behind it."""
    size = re.search(r"^Block size: +(\d+)$", run_on_disk("dumpe2fs", "-h", disk), re.MULTILINE)
    extent = re.search(r"^\(0-\d+\):(\d+)-(\d+)$", run_on_disk("debugfs", "-R", "stat <8>", disk), re.MULTILINE)
    assert size is not None, "ext4 says how large its blocks are"
    assert extent is not None, "the journal lies in one piece"
    sectors = int(size[1]) // SECTOR_BYTES
    return int(extent[1]) * sectors, (int(extent[2]) + 1) * sectors
