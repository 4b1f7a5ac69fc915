"""A disk of a few megabytes that can be filled and made read-only, without any harm to the machine's own."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

MB = 1024 * 1024


class SmallDisk:
    """Guards a tmpfs of its own."""

    def __init__(self, folder: Path) -> None:
        """The file system that is mounted at `folder`."""
        self.folder = folder

    def fill(self, *, but_bytes: int) -> None:
        """Leave only `but_bytes` free."""
        disk = os.statvfs(self.folder)
        with self._filler.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, disk.f_bavail * disk.f_frsize - but_bytes)

    def clear(self) -> None:
        """Make room again."""
        self._filler.unlink()

    def make_read_only(self) -> None:
        """Refuse every write; no file on it may be open for writing."""
        _run("mount", "-o", "remount,ro", str(self.folder))

    def make_writable(self) -> None:
        """Take writes again."""
        _run("mount", "-o", "remount,rw", str(self.folder))

    @property
    def _filler(self) -> Path:
        return self.folder / "filler"


@contextlib.contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[SmallDisk]:
    """A disk mounted at `folder`; skips the test where mounting is not permitted."""
    folder.mkdir(parents=True)
    try:
        _run("mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder))
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("mounting a file system needs root")
    try:
        yield SmallDisk(folder)
    finally:
        _run("umount", str(folder))


def _run(*words: str) -> None:
    subprocess.run(words, check=True, capture_output=True, timeout=20)
