"""Which kiosks an update comes to: `update.yml` itself, played on folders, one for each kiosk."""

import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.site.playbook import ANSIBLE
from tests.site.stand_ins import SYSTEMCTL, played_in, program, records_in

OF_EACH = """  connection: local
  environment:
    PATH: "{root}/{{{{ inventory_hostname }}}}/bin:{{{{ lookup('ansible.builtin.env', 'PATH') }}}}"
"""
NEW = {"release": "new", "migrations": ["first"], "machine": "0000abcd"}
LAY_DOWN = """
- ansible.builtin.command: touch {root}/{{{{ inventory_hostname }}}}/laid-down
  when: not ansible_check_mode
"""
KIOSK = """#!/bin/sh
case $1 in
  backup) cp {root}/kiosk.db {root}/before.db && echo "{root}/before.db: whole, with 0 uses." ;;
  doctor) echo '[{{"name": "red", "state": "{lamp}"}}]' ;;
esac
"""
WAITS = (
    "new does not know later, and 1 record was not sent. "
    "Let the kiosk deliver what waits, or rescue it with collect.yml, first."
)
MADE_OTHERWISE = (
    "new needs units and packages as site.yml makes them at 0000abcd, and canary {}. Nothing was changed. "
    "Play site.yml --limit canary of the same version as the wheelhouse, then update.yml again."
)
OLDER = "new is older than the records of this kiosk. Wipe the kiosk (wipe.yml) to use it."
REHEARSED_TOO = pytest.mark.parametrize("words", [(), ("--check",)], ids=["played", "rehearsed"])
CANARY, OTHERS = "canary", ["second", "third"]


class Fleet:
    """Guards a folder for each kiosk: an old release in use, records, a systemd that says what it is told to."""

    def __init__(self, root: Path, *, lamp_of_the_new: dict[str, str]) -> None:
        """`lamp_of_the_new`: what the doctor finds under the new release, for kiosks where that is no good lamp."""
        self._root = root
        self.told: list[str] = []
        """Why the last update failed, kiosk by kiosk."""
        for kiosk in [CANARY, *OTHERS]:
            place = root / kiosk
            for release, lamp in (("old", "pass"), ("new", lamp_of_the_new.get(kiosk, "pass"))):
                program(place / "opt/kiosk/releases" / release / "bin/kiosk", KIOSK.format(root=place, lamp=lamp))
                program(place / "opt/kiosk/releases" / release / "begin", "#!/bin/sh\n")
            (place / "opt/kiosk/current").symlink_to("releases/old")
            (place / "state").write_text("active\n", encoding="ascii")
            (place / "etc/kiosk").mkdir(parents=True)
            (place / "etc/kiosk/machine").write_text("0000abcd\n", encoding="ascii")
            records_in(place / "kiosk.db", ["first"], 0)
            program(place / "bin/systemctl", SYSTEMCTL.format(root=place))
            program(place / "bin/runuser", '#!/bin/sh\nshift 3\nexec "$@"\n')
            program(place / "bin/curl", "#!/bin/sh\n")
        self._lay_the_playbook()

    def _lay_the_playbook(self) -> None:
        update = self._moved(ANSIBLE / "update.yml").replace("  become: true\n", OF_EACH.format(root=self._root))
        (self._root / "play.yml").write_text(update, encoding="utf-8")
        (self._root / "tasks").mkdir()
        for path in (ANSIBLE / "tasks").iterdir():
            (self._root / "tasks" / path.name).write_text(self._moved(path), encoding="utf-8")
        steps = self._root / "roles" / "kiosk" / "tasks"
        steps.mkdir(parents=True)
        (steps / "release.yml").write_text(LAY_DOWN.format(root=self._root), encoding="utf-8")
        for name in ("which.yml", "prune.yml"):
            (steps / name).write_text(self._moved(ANSIBLE / "roles/kiosk/tasks" / name), encoding="utf-8")
        self.brings(NEW)

    def _moved(self, path: Path) -> str:
        """A part of the playbook, with each kiosk's own folder in place of the machine's places."""
        text = path.read_text(encoding="utf-8")
        own = f"{self._root}/{{{{ inventory_hostname }}}}"
        text = text.replace("/opt/kiosk", f"{own}/opt/kiosk").replace("/etc/kiosk", f"{own}/etc/kiosk")
        return text.replace("/var/lib/kiosk/kiosk.db", f'"{own}/kiosk.db"')

    def brings(self, release: Mapping[str, object]) -> None:
        """What the wheelhouse tells of its release."""
        (self._root / "release.json").write_text(json.dumps(release), encoding="utf-8")

    def was_made_as(self, kiosk: str, digits: str | None) -> None:
        """What site.yml noted on `kiosk`, if it ever came to its end."""
        note = self._root / kiosk / "etc/kiosk/machine"
        note.unlink() if digits is None else note.write_text(f"{digits}\n", encoding="ascii")

    def update(self, *words: str, **variables: object) -> tuple[list[str], list[str]]:
        """Play it: the kiosks that it came to, in order, and those that it failed for."""
        shared = {
            "ansible_python_interpreter": "{{ ansible_playbook_python }}",
            "kiosk_wheelhouse": str(self._root),
            "kiosk_gate_s": 0,
            "kiosk_keep_releases": 1,
            "kiosk_config": {},
            **variables,
        }
        hosts: dict[str, object] = {kiosk: {} for kiosk in [CANARY, *OTHERS]}
        inventory = {"kiosks": {"hosts": hosts, "vars": shared}}
        (self._root / "hosts.json").write_text(json.dumps(inventory), encoding="utf-8")
        failed, said = played_in(self._root, "hosts.json", *words)
        came = re.findall(r"^(?:ok|changed|skipping|fatal|failed): \[(\w+)\]", said, re.MULTILINE)
        assert came, said
        self.told = [why for _, why in failed]
        return list(dict.fromkeys(came)), list(dict.fromkeys(kiosk for kiosk, _ in failed))

    def has_records(self, kiosk: str, *migrations: str, waiting: int) -> None:
        """A database of this shape on `kiosk`, and so many records that the register has not got."""
        (self._root / kiosk / "kiosk.db").unlink()
        records_in(self._root / kiosk / "kiosk.db", migrations, waiting)

    def serves(self) -> dict[str, str]:
        """Which release is in use on each kiosk."""
        return {kiosk: (self._root / kiosk / "opt/kiosk/current").readlink().name for kiosk in [CANARY, *OTHERS]}

    def was_touched(self, kiosk: str) -> bool:
        """Whether anything was laid down there."""
        return (self._root / kiosk / "laid-down").exists()


def test_a_release_that_works_on_the_first_kiosk_goes_to_the_others_too(tmp_path: Path) -> None:
    fleet = Fleet(tmp_path, lamp_of_the_new={})
    assert fleet.update() == ([CANARY, *OTHERS], [])
    assert fleet.serves() == dict.fromkeys([CANARY, *OTHERS], "new")


def test_one_that_does_not_work_there_goes_to_no_other(tmp_path: Path) -> None:
    fleet = Fleet(tmp_path, lamp_of_the_new={CANARY: "fail"})
    assert fleet.update() == ([CANARY], [CANARY])
    assert fleet.serves() == dict.fromkeys([CANARY, *OTHERS], "old")
    assert [kiosk for kiosk in OTHERS if fleet.was_touched(kiosk)] == []


def test_one_that_does_not_work_on_the_second_stops_there(tmp_path: Path) -> None:
    fleet = Fleet(tmp_path, lamp_of_the_new={"second": "fail"})
    assert fleet.update() == ([CANARY, "second"], ["second"])
    assert fleet.serves() == {CANARY: "new", **dict.fromkeys(OTHERS, "old")}


def test_a_rehearsal_comes_to_all_and_changes_none(tmp_path: Path) -> None:
    fleet = Fleet(tmp_path, lamp_of_the_new={CANARY: "fail"})
    assert fleet.update("--check") == ([CANARY, *OTHERS], [])
    assert fleet.serves() == dict.fromkeys([CANARY, *OTHERS], "old")
    assert [kiosk for kiosk in [CANARY, *OTHERS] if fleet.was_touched(kiosk)] == []


@REHEARSED_TOO
@pytest.mark.parametrize(("waiting", "why"), [(1, WAITS), (0, OLDER)])
def test_a_release_that_does_not_know_the_records_is_refused_in_a_rehearsal_too(
    tmp_path: Path, words: tuple[str, ...], waiting: int, why: str
) -> None:
    fleet = Fleet(tmp_path, lamp_of_the_new={})
    fleet.has_records(CANARY, "first", "later", waiting=waiting)
    assert (fleet.update(*words), fleet.told) == (([CANARY], [CANARY]), [why])
    assert fleet.serves() == dict.fromkeys([CANARY, *OTHERS], "old")


@REHEARSED_TOO
def test_a_machine_that_is_no_kiosk_yet_is_told_so_and_left_alone(tmp_path: Path, words: tuple[str, ...]) -> None:
    fleet = Fleet(tmp_path, lamp_of_the_new={})
    (tmp_path / CANARY / "opt/kiosk/current").unlink()
    assert fleet.update(*words) == ([CANARY], [CANARY])
    assert not fleet.was_touched(CANARY)


@REHEARSED_TOO
@pytest.mark.parametrize(
    ("digits", "has"),
    [("9999dcba", "has those of 9999dcba"), (None, "has none that site.yml brought to its end")],
    ids=["of another version", "never finished"],
)
def test_a_release_that_needs_other_units_is_refused_before_anything_is_changed(
    tmp_path: Path, words: tuple[str, ...], digits: str | None, has: str
) -> None:
    fleet = Fleet(tmp_path, lamp_of_the_new={})
    fleet.was_made_as(CANARY, digits)
    assert (fleet.update(*words), fleet.told) == (([CANARY], [CANARY]), [MADE_OTHERWISE.format(has)])
    assert fleet.serves() == dict.fromkeys([CANARY, *OTHERS], "old")
    assert [kiosk for kiosk in [CANARY, *OTHERS] if fleet.was_touched(kiosk)] == []


def test_a_wheelhouse_that_does_not_tell_which_units_it_needs_is_refused(tmp_path: Path) -> None:
    fleet = Fleet(tmp_path, lamp_of_the_new={})
    fleet.brings({"release": "new", "migrations": ["first"]})
    why = "The wheelhouse does not tell which units new needs: make it anew with ./dev wheelhouse."
    assert (fleet.update(), fleet.told) == (([CANARY], [CANARY]), [why])
    assert not fleet.was_touched(CANARY)


def test_the_inventory_says_in_which_groups_it_comes(tmp_path: Path) -> None:
    fleet = Fleet(tmp_path, lamp_of_the_new={CANARY: "fail"})
    came, failed = fleet.update(kiosk_batches=[2, "100%"])
    assert (sorted(came), failed) == ([CANARY, OTHERS[0]], [CANARY])
    assert not fleet.was_touched(OTHERS[1])
