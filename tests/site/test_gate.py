"""Which machines `site.yml` comes to, and what it notes there: the playbook itself, on folders, with stand-in roles."""

import json
import re
from pathlib import Path

import pytest

from tests.site.playbook import ANSIBLE
from tests.site.stand_ins import SYSTEMCTL, played_in, program

FIRST, OTHERS = "first", ["second", "third"]
ALL = [FIRST, *OTHERS]
ROLES = ("base", "storage", "kiosk", "display", "hardening")
OF_EACH = """  connection: local
  environment:
    PATH: "{root}/{{{{ inventory_hostname }}}}/bin:{{{{ lookup('ansible.builtin.env', 'PATH') }}}}"
"""
A_DEBIAN = """
- hosts: kiosks
  gather_facts: false
  tags: always
  tasks:
    - ansible.builtin.set_fact:
        os_family: Debian
        distribution_major_version: "12"
        architecture: aarch64
        cacheable: true
"""
SPECIFIED = "argument_specs: {main: {options: {kiosk_config: {type: dict}, display_enabled: {type: bool}}}}\n"
# What the roles do to a kiosk: it is played on, and from then on its lamp is as `after` says.
MAKES_IT = """
- ansible.builtin.shell: |
    cd {own}
    touch played
    mkdir -p etc/kiosk etc/systemd/system/multi-user.target.wants opt/kiosk/current/bin
    touch etc/systemd/system/multi-user.target.wants/kiosk.service
    cp after lamp
    cp kiosk opt/kiosk/current/bin/kiosk
  when: not ansible_check_mode
  changed_when: false
"""
KIOSK = """#!/bin/sh
case $1 in doctor) echo '[{{"name": "red", "state": "'$(cat {own}/lamp)'"}}]' ;; esac
"""


class Fleet:
    """Guards a folder for each machine; those of `blank` are no kiosks yet."""

    def __init__(self, root: Path, *, after: dict[str, str], blank: tuple[str, ...] = ()) -> None:
        """`after`: what the doctor finds of the lamp once it was played, where that is no good lamp."""
        self._root = root
        self.told: list[str] = []
        """Why the last play failed, machine by machine."""
        for machine in ALL:
            own = root / machine
            program(own / "kiosk", KIOSK.format(own=own))
            if machine not in blank:
                program(own / "opt/kiosk/current/bin/kiosk", KIOSK.format(own=own))
                (own / "etc/kiosk").mkdir(parents=True)
            (own / "lamp").write_text("ok", encoding="ascii")
            (own / "after").write_text(after.get(machine, "ok"), encoding="ascii")
            (own / "state").write_text("active\n", encoding="ascii")
            program(own / "bin/systemctl", SYSTEMCTL.format(root=own))
            program(own / "bin/runuser", '#!/bin/sh\nshift 3\nexec "$@"\n')
            program(own / "bin/findmnt", "#!/bin/sh\necho ext4\n")
            program(own / "bin/curl", "#!/bin/sh\n")
        self._lay_the_playbook()

    def _lay_the_playbook(self) -> None:
        # Two levels below, as in the project: it looks for `systemd` from there.
        folder = self._root / "deploy" / "ansible"
        (folder / "tasks").mkdir(parents=True)
        site = self._moved(ANSIBLE / "site.yml").replace("  become: true\n", OF_EACH.format(root=self._root))
        site = site.replace("gather_facts: true", "gather_facts: false")
        (folder / "play.yml").write_text(A_DEBIAN + site.removeprefix("---\n"), encoding="utf-8")
        for path in (ANSIBLE / "tasks").iterdir():
            (folder / "tasks" / path.name).write_text(self._moved(path), encoding="utf-8")
        for role in ROLES:
            (folder / "roles" / role / "meta").mkdir(parents=True)
            (folder / "roles" / role / "meta" / "argument_specs.yml").write_text(SPECIFIED, encoding="utf-8")
        steps = folder / "roles" / "kiosk" / "tasks"
        steps.mkdir()
        (steps / "main.yml").write_text(MAKES_IT.format(own=self._own), encoding="utf-8")
        self.units_are("[Unit]")

    @property
    def _own(self) -> str:
        return f"{self._root}/{{{{ inventory_hostname }}}}"

    def _moved(self, path: Path) -> str:
        """A part of the playbook, with each machine's own folder in place of its places."""
        return re.sub(r"(?<=[ :])/(?=(?:opt|etc)/)", f"{self._own}/", path.read_text(encoding="utf-8"))

    def units_are(self, text: str) -> None:
        """What the project's units say from now on."""
        (self._root / "systemd").mkdir(exist_ok=True)
        (self._root / "systemd" / "kiosk.service").write_text(text, encoding="ascii")

    def play(self, *words: str) -> tuple[list[str], list[str]]:
        """Play `site.yml`: the machines that its roles came to, and those that it failed for."""
        shared = {
            "ansible_python_interpreter": "{{ ansible_playbook_python }}",
            "kiosk_gate_s": 0,
            "kiosk_config": {},
            "display_enabled": False,
        }
        inventory = {"kiosks": {"hosts": {machine: {} for machine in ALL}, "vars": shared}}
        folder = self._root / "deploy" / "ansible"
        (folder / "hosts.json").write_text(json.dumps(inventory), encoding="utf-8")
        failed, said = played_in(folder, "hosts.json", *words)
        self.told = [why for _, why in failed]
        assert "PLAY RECAP" in said, said
        came = [machine for machine in ALL if (self._root / machine / "played").exists()]
        return came, [machine for machine, _ in failed]

    def notes(self) -> dict[str, str]:
        """What each machine was made as, as far as it is noted."""
        found = {machine: self._root / machine / "etc/kiosk/machine" for machine in ALL}
        return {machine: note.read_text(encoding="ascii") for machine, note in found.items() if note.exists()}


def test_blank_machines_become_kiosks_one_after_the_other_and_whole_plays_are_noted(tmp_path: Path) -> None:
    fleet = Fleet(tmp_path, after={FIRST: "fail"}, blank=(FIRST, "second", "third"))
    assert fleet.play() == (ALL, [])  # they had no devices to lose
    (made_as,) = set(fleet.notes().values())
    assert re.fullmatch(r"[0-9a-f]{8}\n", made_as)
    assert list(fleet.notes()) == ALL
    fleet.units_are("[Unit]\nDescription=Another\n")
    fleet.play("--tags", "kiosk")
    assert fleet.notes() == {}  # neither the one nor the other, until it is made as a whole
    fleet.play()
    (made_otherwise,) = set(fleet.notes().values())
    assert made_otherwise != made_as


@pytest.mark.parametrize("lost_on", [FIRST, "second"])
def test_where_a_device_is_lost_no_further_kiosk_is_touched(tmp_path: Path, lost_on: str) -> None:
    fleet = Fleet(tmp_path, after={lost_on: "fail"})
    assert fleet.play() == (ALL[: ALL.index(lost_on) + 1], [lost_on])
    (why,) = fleet.told
    assert why.startswith(f"On {lost_on} fails what did not before: red. `kiosk doctor` there says what to do.")


def test_a_rehearsal_comes_to_all_and_changes_none(tmp_path: Path) -> None:
    assert Fleet(tmp_path, after={FIRST: "fail"}, blank=("second",)).play("--check") == ([], [])
