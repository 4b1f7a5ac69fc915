"""What a camera as the scanner needs of the system, by the playbook's own steps, with a stand-in for the archive."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.site.playbook import ANSIBLE
from tests.site.stand_ins import played_in, program

STEPS = ANSIBLE / "roles" / "kiosk" / "tasks" / "camera.yml"
APT = """#!/usr/bin/python3
import json, pathlib
from ansible.module_utils.basic import AnsibleModule
module = AnsibleModule(
    {{"name": {{"type": "list"}}, "state": {{}}, "install_recommends": {{"type": "bool"}}}}, supports_check_mode=True
)
place = pathlib.Path("{root}/installed.json")
there = json.loads(place.read_text())
wanted = [name for name in module.params["name"] if name not in there]
if not module.check_mode:
    place.write_text(json.dumps([*there, *wanted]))
module.exit_json(changed=bool(wanted))
"""
PLAY = """
- hosts: door
  connection: local
  gather_facts: false
  vars:
    ansible_python_interpreter: "{{{{ ansible_playbook_python }}}}"
    kiosk_config: {config}
  tasks:
    - ansible.builtin.include_tasks: camera.yml
  handlers:
    - name: Start the kiosk anew
      ansible.builtin.meta: noop
"""
EVERY = ["libzbar0", "python3-numpy"]
HAND_SCANNER = {"kind": "hid", "vendor": "0c2e", "product": "0b61"}
OF_THE_PI = {"kind": "camera", "path": "picamera"}
OF_USB = {"kind": "camera", "path": "/dev/v4l/by-id/usb-camera"}
TOLD = (
    "kiosk_config of door names the Pi's own camera (path: picamera), and this system has no package "
    "python3-picamera2: only Raspberry Pi OS has it. Use that, or a USB camera (path: /dev/v4l/by-id/…)."
)


class System:
    """Guards a folder that stands for a fresh system: what its archive offers, and what is installed."""

    def __init__(self, root: Path, *, offers_picamera2: bool = False, has_picamera2: bool = False) -> None:
        """`has_picamera2`: somebody brought it by another way than a package."""
        self._root = root
        (root / "library").mkdir()
        (root / "library" / "archive.py").write_text(APT.format(root=root), encoding="utf-8")
        (root / "installed.json").write_text("[]", encoding="ascii")
        (root / "bin").mkdir()
        shown = "echo Package: python3-picamera2" if offers_picamera2 else "exit 100"
        program(root / "bin" / "apt-cache", f"#!/bin/sh\n{shown}\n")
        program(root / "bin" / "python3", f"#!/bin/sh\nexit {0 if has_picamera2 else 1}\n")
        steps = STEPS.read_text(encoding="utf-8").replace("ansible.builtin.apt:", "archive:")
        (root / "camera.yml").write_text(steps.replace("/usr/bin/python3", "python3"), encoding="utf-8")

    def only_asks_for_picamera2(self) -> None:
        """A package of the archive names it, and none is it: apt-cache then ends well, and shows nothing."""
        program(self._root / "bin" / "apt-cache", "#!/bin/sh\n")

    def play(self, *scanners: dict[str, Any], words: tuple[str, ...] = ()) -> str:
        """Play the steps for a kiosk with `scanners`; why it was refused, or how many steps changed something."""
        config = json.dumps({"scanner": list(scanners)} if scanners else {})
        (self._root / "play.yml").write_text(PLAY.format(config=config), encoding="utf-8")
        refused, said = played_in(self._root, "door,", *words)
        return refused[0][1] if refused else said.split("changed=")[1].split()[0] + " changed"

    @property
    def installed(self) -> list[str]:
        """What was installed, in order."""
        names: list[str] = json.loads((self._root / "installed.json").read_text(encoding="ascii"))
        return names


@pytest.mark.parametrize("scanners", [[], [HAND_SCANNER], [{"vendor": "05f9", "product": "2214"}]])
def test_a_kiosk_without_a_camera_gets_nothing_of_it(tmp_path: Path, scanners: list[dict[str, Any]]) -> None:
    system = System(tmp_path, offers_picamera2=True)
    assert (system.play(*scanners), system.installed) == ("0 changed", [])


def test_a_usb_camera_needs_what_looks_at_pictures(tmp_path: Path) -> None:
    system = System(tmp_path, offers_picamera2=True)
    assert (system.play(HAND_SCANNER, OF_USB), system.installed) == ("1 changed", EVERY)


def test_the_pis_own_needs_its_library_too_and_a_second_run_changes_nothing(tmp_path: Path) -> None:
    system = System(tmp_path, offers_picamera2=True)
    assert (system.play(OF_THE_PI), system.installed) == ("2 changed", [*EVERY, "python3-picamera2"])
    assert (system.play(OF_THE_PI), system.installed) == ("0 changed", [*EVERY, "python3-picamera2"])


def test_a_rehearsal_tells_it_and_installs_nothing(tmp_path: Path) -> None:
    system = System(tmp_path, offers_picamera2=True)
    assert (system.play(OF_THE_PI, words=("--check",)), system.installed) == ("2 changed", [])


@pytest.mark.parametrize("words", [(), ("--check",)], ids=["played", "rehearsed"])
def test_where_there_is_no_such_library_it_is_said_and_nothing_is_installed(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    system = System(tmp_path)
    assert (system.play(OF_THE_PI, words=words), system.installed) == (TOLD, [])


def test_a_name_that_other_packages_only_ask_for_is_no_library(tmp_path: Path) -> None:
    system = System(tmp_path)
    system.only_asks_for_picamera2()
    assert (system.play(OF_THE_PI), system.installed) == (TOLD, [])


def test_a_library_that_somebody_else_brought_will_do(tmp_path: Path) -> None:
    system = System(tmp_path, has_picamera2=True)
    assert (system.play(OF_THE_PI), system.installed) == ("1 changed", EVERY)
