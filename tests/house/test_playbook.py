"""The playbook's steps: in an order that shuts nobody out, and without a compiler."""

import re
from pathlib import Path

ROLES = Path(__file__).parents[2] / "deploy" / "ansible" / "roles"
PEOPLE = ROLES / "hardening" / "tasks" / "people.yml"
COMPILERS = re.compile(
    r"^ *(?:- |name: )(build-essential|clang|cmake|g\+\+|gcc|make|meson|pkg-config|rustc|\S+-dev)\b", re.MULTILINE
)


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


def test_a_release_is_laid_down_from_wheels_alone() -> None:
    """The image may bring a compiler; nothing of the kiosk's is ever made with it, nor brought from a network."""
    release = (ROLES / "kiosk" / "tasks" / "release.yml").read_text(encoding="utf-8")
    (pip,) = [step for step in release.split("- name: ") if "          - pip\n" in step]
    words = set(re.findall(r'^          - "?([^"\n]+)"?$', pip, re.MULTILINE))
    assert {"--isolated", "--no-index", "--only-binary=:all:", "--no-deps", "--require-hashes"} <= words


def test_no_role_installs_a_compiler() -> None:
    tasks = {path: path.read_text(encoding="utf-8") for path in ROLES.rglob("tasks/*.yml")}
    assert len(tasks) > 10
    assert {path.name: found for path, text in tasks.items() if (found := COMPILERS.findall(text))} == {}
