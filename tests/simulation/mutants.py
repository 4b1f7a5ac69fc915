"""Putting a mistake into a copy of the product, to see that the worlds show it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.simulation.mistake import Mistake

ROOT = Path(__file__).parents[2]
PARTS = ("kiosk", "register", "contract", "tests/simulation")
WORLDS = ("-m", "tests.simulation", "--jobs", "1", "--as-found")
FOUND = re.compile(r"^seed (\d+) is wrong: (.+\n(?:  .+\n)*)", re.MULTILINE)


def hunt(mistake: Mistake, *, first: int, worlds: int) -> tuple[int, str] | None:
    """How many worlds it takes until the mistake shows, and what shows it; None: it does not."""
    with tempfile.TemporaryDirectory(prefix="kaikukortti-mutant-") as name:
        folder = Path(name)
        for part in PARTS:
            shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
        file = folder / mistake.file
        text = file.read_text(encoding="utf-8")
        if text.count(mistake.right) != 1:
            raise AssertionError(f"{mistake.file} does not hold this once: {mistake.right}")
        file.write_text(text.replace(mistake.right, mistake.wrong), encoding="utf-8")
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "tests.simulation",
                "--first",
                str(first),
                "--seeds",
                str(worlds),
                "--jobs",
                "1",
                "--as-found",
            ],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(folder)},
            capture_output=True,
            text=True,
            check=False,
            timeout=110,
        )
    found = FOUND.search(done.stdout)
    if found is None:
        if done.returncode:
            raise AssertionError(done.stderr)
        return None
    return int(found[1]) - first + 1, found[2]
