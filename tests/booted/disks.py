"""Make the disks that the machines boot from, while there is a network: `python -m tests.booted.disks`."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.booted.camera import INTERPRETER, WITH_CAMERA
from tests.booted.disk import PLAIN, made_disk


def make() -> None:
    """Both, or the plain one alone where the camera's cannot be made."""
    for kind in (PLAIN, WITH_CAMERA) if INTERPRETER.exists() else (PLAIN,):
        with tempfile.TemporaryDirectory() as folder:
            print(made_disk(Path(folder), kind))


if __name__ == "__main__":
    make()
