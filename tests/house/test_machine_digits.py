"""The digits by which update.yml knows a machine that is as its release needs it, and what changes them."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROGRAM = ROOT / "deploy" / "ansible" / "tasks" / "machine.py"
ROLES = "deploy/ansible/roles"


def digits(project: Path) -> str:
    return subprocess.run([sys.executable, PROGRAM, project], capture_output=True, text=True, check=True).stdout


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """As a USB stick brings it."""
    for part in ("systemd", f"{ROLES}/base", f"{ROLES}/kiosk", f"{ROLES}/display"):
        shutil.copytree(ROOT / part, tmp_path / part)
    return tmp_path


def test_a_copy_of_the_project_has_the_same(copied: Path) -> None:
    here = subprocess.run([sys.executable, PROGRAM], capture_output=True, text=True, check=True).stdout
    assert digits(copied) == here == digits(ROOT)


@pytest.mark.parametrize(
    "path",
    [
        "systemd/kiosk.service",
        "systemd/optional/later.conf",
        f"{ROLES}/base/tasks/main.yml",
        f"{ROLES}/kiosk/tasks/units.yml",
    ],
)
def test_a_unit_or_a_step_that_makes_the_machine_changes_them(copied: Path, path: str) -> None:
    before = digits(copied)
    with (copied / path).open("a", encoding="utf-8") as file:
        file.write("# another\n")
    assert digits(copied) != before


def test_a_unit_under_another_name_changes_them(copied: Path) -> None:
    before = digits(copied)
    # It stays between the same two, so that only its name tells.
    (copied / "systemd/kiosk.service").rename(copied / "systemd/kiosk.servicee")
    assert digits(copied) != before


@pytest.mark.parametrize(
    "path",
    [
        "systemd/.DS_Store",
        "systemd/kiosk.service~",
        f"{ROLES}/kiosk/meta/argument_specs.yml",
        f"{ROLES}/kiosk/tasks/release.yml",
        f"{ROLES}/display/tasks/main.yml",
    ],
)
def test_what_is_no_part_of_it_does_not(copied: Path, path: str) -> None:
    before = digits(copied)
    with (copied / path).open("a", encoding="utf-8") as file:
        file.write("# another\n")
    assert digits(copied) == before
