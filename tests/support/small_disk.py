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


class BreakableDisk(SmallDisk):
    """A disk with a file system that the kernel makes read-only when it meets an error, as on an SD card."""

    def break_(self) -> None:
        """Let the file system meet an error."""
        loop = Path(_run("findmnt", "-no", "SOURCE", str(self.folder)).strip()).name
        Path("/sys/fs/ext4", loop, "trigger_fs_error").write_text("a test", encoding="ascii")

    def mend(self) -> None:
        """Unmount, check and mount again, as a new start of the machine does; nobody may use it."""
        _run("umount", str(self.folder))
        # Exit code 1: errors were corrected.
        subprocess.run(["e2fsck", "-fy", str(self._image)], check=False, capture_output=True, timeout=60)
        _run("mount", "-o", "loop,errors=remount-ro", str(self._image), str(self.folder))

    @property
    def _image(self) -> Path:
        return self.folder.with_suffix(".img")


@contextlib.contextmanager
def breakable_disk(folder: Path, megabytes: int) -> Iterator[BreakableDisk]:
    """An ext4 disk mounted at `folder`; skips the test where that is not possible."""
    folder.mkdir(parents=True)
    image = folder.with_suffix(".img")
    with image.open("wb") as file:
        file.truncate(megabytes * MB)
    try:
        _run("mkfs.ext4", "-q", "-F", str(image))
        _run("mount", "-o", "loop,errors=remount-ro", str(image), str(folder))
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("mounting an ext4 image needs root, loop devices and mkfs.ext4")
    try:
        yield BreakableDisk(folder)
    finally:
        _run("umount", str(folder))


def _run(*words: str) -> str:
    return subprocess.run(words, check=True, capture_output=True, timeout=20, text=True).stdout
