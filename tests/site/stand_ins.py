"""What an update finds on a kiosk, as a folder: two releases, the records, a systemd that begins what is in use."""

from __future__ import annotations

import contextlib
import json
import os
import re
import sqlite3
import subprocess
from collections.abc import Sequence
from pathlib import Path

from tests.site.playbook import ANSIBLE, BIN

SYSTEMCTL = """#!/bin/sh
case $* in *--property=NRestarts* | *--property=ExecMain*) echo 0; exit ;; esac
case $1 in
  show) echo LoadState=loaded; echo ActiveState=$(cat {root}/state) ;;
  stop) echo inactive >{root}/state ;;
  start | restart) echo active >{root}/state; {root}/opt/kiosk/current/begin ;;
esac
"""
OLD_BEGINS = "#!/bin/sh\n"
NEW_BEGINS = """#!/bin/sh
[ ! -e {root}/new.db ] || mv {root}/new.db {root}/kiosk.db
"""
KIOSK = """#!/bin/sh
case $1 in
  backup) cp {root}/kiosk.db {root}/before.db && echo "{root}/before.db: whole, with 0 uses." ;;
  doctor) echo '[{{"name": "red", "state": "{lamp}"}}]' ;;
  restore) [ ! -e {root}/no-way-back ] || {{ cat {root}/no-way-back >&2; exit 1; }}; cp "$2" {root}/kiosk.db ;;
esac
"""
PLAY = """
- hosts: door
  connection: local
  gather_facts: false
  vars:
    ansible_python_interpreter: "{{{{ ansible_playbook_python }}}}"
    kiosk_as: []
    kiosk_in_use: {root}/opt/kiosk/current/bin/kiosk
    kiosk_records: ["{{{{ ansible_playbook_python }}}}", {root}/tasks/records.py, {root}/kiosk.db]
    kiosk_release: {{release: new, migrations: [first, later]}}
    update_before: {{stdout: releases/old}}
  tasks:
    - ansible.builtin.include_tasks: tasks/look_at_records.yml
    - ansible.builtin.include_tasks: tasks/change_release.yml
"""


class Kiosk:
    """Guards a folder that would be a kiosk's; the playbook's own steps are played on it, with its paths."""

    def __init__(self, root: Path) -> None:
        """Both releases are there, the old one in use; where the new one is begun, a lamp fails."""
        self._root = root
        (root / "state").write_text("active\n", encoding="ascii")
        self._lay("old", "pass", OLD_BEGINS)
        self._lay("new", "fail", NEW_BEGINS)
        self._current.symlink_to("releases/old")
        program(root / "bin" / "systemctl", SYSTEMCTL.format(root=root))
        (root / "tasks").mkdir()
        for path in (ANSIBLE / "tasks").iterdir():
            text = path.read_text(encoding="utf-8").replace("/opt/kiosk", f"{root}/opt/kiosk")
            (root / "tasks" / path.name).write_text(text, encoding="utf-8")

    @property
    def _current(self) -> Path:
        return self._root / "opt" / "kiosk" / "current"

    def _lay(self, release: str, lamp: str, begins: str) -> None:
        place = self._root / "opt" / "kiosk" / "releases" / release
        program(place / "bin" / "kiosk", KIOSK.format(root=self._root, lamp=lamp))
        program(place / "begin", begins.format(root=self._root))

    def has_records(self, *migrations: str) -> None:
        """A database of this shape, of which the register has all."""
        records_in(self._root / "kiosk.db", migrations, 0)

    def new_release_makes(self, *migrations: str, waiting: int = 0) -> None:
        """What the new release makes of the records: this shape, and so many that wait for the register."""
        records_in(self._root / "new.db", migrations, waiting)

    def new_release_damages_them(self) -> None:
        """So that nobody can read them."""
        (self._root / "new.db").write_text("no database " * 100, encoding="ascii")

    def old_release_cannot_restore(self, why: str) -> None:
        """It says so, and leaves the records as they are."""
        (self._root / "no-way-back").write_text(f"{why}\n", encoding="utf-8")

    def update(self) -> str:
        """Play the change to the new release, which fails; what is said last, with `COPY` for the copy's path."""
        (self._root / "play.yml").write_text(PLAY.format(root=self._root), encoding="utf-8")
        failed, said = played_in(self._root, "door,")
        assert failed, said
        return failed[-1][1].replace(f"{self._root}/before.db", "COPY")

    def is_left(self) -> tuple[str, str, list[str]]:
        """Which release is in use, whether it serves, and which shape the records have."""
        with contextlib.closing(sqlite3.connect(self._root / "kiosk.db")) as db:
            shape = [name for (name,) in db.execute("SELECT name FROM _sqlite_migrations")]
        return str(self._current.readlink()), (self._root / "state").read_text(encoding="ascii").strip(), shape


def records_in(database: Path, migrations: Sequence[str], waiting: int) -> None:
    """Make a database of this shape, with so many records that wait for the register."""
    with contextlib.closing(sqlite3.connect(database, isolation_level=None)) as db:
        db.execute("CREATE TABLE _sqlite_migrations (migration_set TEXT, name TEXT)")
        db.executemany("INSERT INTO _sqlite_migrations VALUES ('kiosk', ?)", [(each,) for each in migrations])
        db.execute("CREATE TABLE outbox (item_id TEXT, fate TEXT)")
        db.executemany("INSERT INTO outbox VALUES (?, 'waiting')", [(str(each),) for each in range(waiting)])


def played_in(folder: Path, inventory: str, *words: str) -> tuple[list[tuple[str, str]], str]:
    """Play `play.yml` of `folder`, its programs before the machine's: whom it failed for and why, and all it said."""
    done = subprocess.run(
        [BIN / "ansible-playbook", "-i", inventory, "play.yml", *words],
        cwd=folder, capture_output=True, text=True, check=False, timeout=120,
        env={**os.environ, "ANSIBLE_NOCOLOR": "1", "PATH": f"{folder}/bin:{os.environ['PATH']}"},
    )  # fmt: skip
    failed = re.findall(r"^fatal: \[(\S+)\]: FAILED! => (.*)$", done.stdout, re.MULTILINE)
    return [(host, str(json.loads(how)["msg"])) for host, how in failed], done.stdout + done.stderr


def program(path: Path, text: str) -> None:
    """Lay a program down."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)
