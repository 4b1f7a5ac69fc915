"""Make the disks that the machines boot from, while there is a network: `python -m tests.booted.disks`."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.booted.camera import INTERPRETER, WITH_CAMERA
from tests.booted.disk import made_disk
from tests.booted.machine import kernel
from tests.booted.read_only import made_disks


def make() -> None:
    """All, or those without the camera where its cannot be made."""
    with tempfile.TemporaryDirectory() as plain, tempfile.TemporaryDirectory() as read_only:
        print(made := made_disk(Path(plain)))
        print(made_disks(Path(read_only), made, kernel()).root)
    if INTERPRETER.exists():
        with tempfile.TemporaryDirectory() as folder:
            print(made_disk(Path(folder), WITH_CAMERA))


if __name__ == "__main__":
    make()
