"""Times of day in the inventory: what systemd could not read is refused in words, by the roles' own first steps."""

import json
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.site.playbook import ANSIBLE
from tests.site.stand_ins import played_in

STEP = "The hours must be times of day"
PLAY = """
- hosts: all
  connection: local
  gather_facts: false
  vars:
    ansible_python_interpreter: "{{{{ ansible_playbook_python }}}}"
  tasks:
{steps}
"""
DEFAULTS = {
    "display_on_at": "07:00",
    "display_off_at": "22:00",
    "hardening_updates_at": "03:30",
    "hardening_reboot_at": "04:15",
}
GOOD = ["0:00", "7:05", "07:00", "19:59", "23:59"]
# 1320 is what YAML makes of 22:00 without quotes.
BAD = [1320, "24:00", "7.30", "07:60", "noon", "07:00 ", "07:00\nOnCalendar=minutely"]


def told(folder: Path, role: str, kiosks: dict[str, dict[str, Any]]) -> dict[str, str]:
    """Whom of `kiosks` the role's step about hours refuses, and what it says is wrong."""
    steps = (ANSIBLE / "roles" / role / "tasks" / "main.yml").read_text(encoding="utf-8")
    (step,) = re.findall(rf"^- name: {STEP}\n(?:  .*\n)+", steps, re.MULTILINE)
    (folder / "play.yml").write_text(PLAY.format(steps=re.sub("^", "    ", step, flags=re.MULTILINE)), encoding="utf-8")
    inventory = {"all": {"hosts": kiosks, "vars": DEFAULTS}}
    (folder / "hosts.json").write_text(json.dumps(inventory), encoding="utf-8")
    refused, said = played_in(folder, "hosts.json")
    assert "PLAY RECAP" in said
    return {host: why.partition(": a time of day is wanted, in quotes")[0] for host, why in refused}


def kiosks(setting: str, hours: Sequence[object]) -> dict[str, dict[str, Any]]:
    return {f"kiosk{number}": {setting: hour} for number, hour in enumerate(hours)}


@pytest.mark.parametrize("setting", DEFAULTS)
def test_what_is_no_time_of_day_is_refused_and_named(tmp_path: Path, setting: str) -> None:
    role = setting.partition("_")[0]
    wrong = kiosks(setting, BAD)
    assert told(tmp_path, role, wrong) == {kiosk: f"{setting} is {hour[setting]}" for kiosk, hour in wrong.items()}


def test_a_screen_may_be_lit_for_ever(tmp_path: Path) -> None:
    assert told(tmp_path, "display", {"door": {"display_on_at": "", "display_off_at": ""}}) == {}


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not here")
def test_systemd_reads_every_time_of_day_that_is_not_refused(tmp_path: Path) -> None:
    for setting in DEFAULTS:
        assert told(tmp_path, setting.partition("_")[0], kiosks(setting, GOOD)) == {}
    spans = [f"*-*-* {hour}" for hour in GOOD]
    assert subprocess.run(["systemd-analyze", "calendar", *spans], capture_output=True, check=False).returncode == 0
