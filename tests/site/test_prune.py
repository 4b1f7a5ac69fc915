"""Which releases make room, by the playbook's own steps, on a folder."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.site.playbook import ANSIBLE, BIN

PLAY = """
- hosts: localhost
  connection: local
  gather_facts: false
  vars:
    kiosk_keep_releases: {keep}
    update_before: {{stdout: releases/{before}}}
  tasks:
    - ansible.builtin.include_tasks: prune.yml
"""


def left(folder: Path, releases: list[str], *, before: str, now: str, keep: int) -> list[str]:
    """What there is of `releases`, each laid down after the one before it in the list, when room was made."""
    place = folder / "kiosk" / "releases"
    for age, release in enumerate(releases):
        (place / release).mkdir(parents=True)
        os.utime(place / release, (age, age))
    (folder / "kiosk" / "current").symlink_to(f"releases/{now}")
    steps = (ANSIBLE / "roles" / "kiosk" / "tasks" / "prune.yml").read_text(encoding="utf-8")
    (folder / "prune.yml").write_text(steps.replace("/opt/kiosk", f"{folder}/kiosk"), encoding="utf-8")
    (folder / "play.yml").write_text(PLAY.format(keep=keep, before=before), encoding="utf-8")
    subprocess.run([BIN / "ansible-playbook", "play.yml"], cwd=folder, check=True, capture_output=True, timeout=120)
    return [release for release in releases if (place / release).exists()]


@pytest.mark.parametrize(
    ("keep", "stay"),
    [(2, ["worked", "failed-too", "works"]), (1, ["worked", "works"]), (0, ["worked", "works"])],
)
def test_the_release_to_go_back_to_stays_however_many_came_and_failed_since(
    tmp_path: Path, keep: int, stay: list[str]
) -> None:
    releases = ["oldest", "worked", "failed", "failed-too", "works"]
    assert left(tmp_path, releases, before="worked", now="works", keep=keep) == stay


def test_the_release_in_use_stays_though_it_is_the_oldest(tmp_path: Path) -> None:
    assert left(tmp_path, ["works", "worked", "failed"], before="worked", now="works", keep=1) == ["works", "worked"]
