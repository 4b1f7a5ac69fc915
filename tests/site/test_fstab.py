"""What the kiosk takes out of /etc/fstab, by the role's own step on a file: swap, whatever else stands there."""

import re
from pathlib import Path

import pytest

from tests.site.playbook import ANSIBLE
from tests.site.stand_ins import played_in

STEP = "Mount nothing that swaps"
PLAY = """
- hosts: door
  connection: local
  gather_facts: false
  vars:
    ansible_python_interpreter: "{{{{ ansible_playbook_python }}}}"
  tasks:
{step}
"""
KEPT = """# /etc/fstab: made by the image; swap was on UUID=2
proc /proc proc defaults 0 0
/dev/disk/by-label/A-STICK-THAT-IS-NOT-IN /mnt/of-somebody ext4 nofail 0 0
"""
SWAPS = "UUID=2 none swap sw 0 0\n  /var/swap swap swap defaults 0 0\n"


@pytest.mark.parametrize("changes", [1, 0], ids=["first", "second"])
def test_swap_goes_and_no_other_line_stands_in_the_way_or_is_changed(tmp_path: Path, changes: int) -> None:
    fstab = tmp_path / "fstab"
    fstab.write_text(KEPT + changes * SWAPS, encoding="utf-8")
    steps = (ANSIBLE / "roles" / "storage" / "tasks" / "main.yml").read_text(encoding="utf-8")
    (step,) = re.findall(rf"^- name: {STEP}\n(?:  .*\n)+", steps, re.MULTILINE)
    step = re.sub("^", "    ", step.replace("/etc/fstab", str(fstab)), flags=re.MULTILINE)
    (tmp_path / "play.yml").write_text(PLAY.format(step=step), encoding="utf-8")
    failed, said = played_in(tmp_path, "door,")
    assert (failed, fstab.read_text(encoding="utf-8")) == ([], KEPT)
    assert f"changed={changes} " in said
