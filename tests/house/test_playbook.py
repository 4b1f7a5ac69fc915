"""The order of the playbook's steps, where half of them would shut somebody out."""

import re
from pathlib import Path

PEOPLE = Path(__file__).parents[2] / "deploy" / "ansible" / "roles" / "hardening" / "tasks" / "people.yml"


def steps() -> list[str]:
    """The tasks about people, each with its name, in the order in which they are done."""
    return re.split(r"^- name: ", PEOPLE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]


def place(*signs: str) -> int:
    """Which step it is in which all of `signs` stand."""
    (found,) = [number for number, step in enumerate(steps()) if all(sign in step for sign in signs)]
    return found


def test_a_password_that_asks_for_root_is_locked_only_when_it_takes_none() -> None:
    locked = place("ansible.builtin.user:", "{{ hardening_admin_user }}", 'password: "!"', "update_password: always")
    assert place("dest: /home/{{ hardening_admin_user }}/.ssh/authorized_keys") < locked
    assert place("dest: /etc/sudoers.d/kiosk-admin") < locked
