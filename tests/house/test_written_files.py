"""What the playbook writes with words of the inventory in it is validated before it is in place, or says why not."""

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

ANSIBLE = Path(__file__).parents[2] / "deploy" / "ansible"
WRITES = re.compile(r"ansible\.builtin\.(template|copy|lineinfile|blockinfile|replace):")
SHUT_OUT = {
    "/etc/nftables.conf": "nft --check",
    "/etc/ssh/sshd_config.d/10-kiosk.conf": "sshd -t",
    "/etc/sudoers.d/kiosk-admin": "visudo -c",
    "/etc/udev/rules.d/59-kiosk-usb.rules": "udevadm verify",
    "/home/{{ hardening_admin_user }}/.ssh/authorized_keys": "ssh-keygen -l",
}
"""A mistake in one of these and nobody comes in any more, or the machine does not start."""


def steps() -> Iterator[str]:
    """Every task of the playbooks and roles, with the comments just above it."""
    files = [path for path in ANSIBLE.rglob("*.yml") if path.parent.name == "tasks" or path.parent == ANSIBLE]
    for path in sorted(files):
        text = path.read_text(encoding="utf-8")
        begins = [found.start() for found in re.finditer(r"(?:^ *#.*\n)*^ *- name: ", text, re.MULTILINE)]
        yield from (text[begin:end] for begin, end in pairwise([*begins, len(text)]))


def written() -> list[tuple[str, str]]:
    """Each file, and the step that writes it."""
    found = [step for step in steps() if WRITES.search(step)]
    places = [re.search(r"^ *(?:dest|path): (.+)$", step, re.MULTILINE) for step in found]
    return [(place[1].strip('"'), step) for place, step in zip(places, found, strict=True) if place]


def takes_words(step: str) -> bool:
    """Whether something of the inventory may be in the file; what is only copied is as it was tried."""
    if "ansible.builtin.copy:" not in step:
        return True
    return any("{{" in content[0] for content in re.finditer(r"^( *)content:.*\n(?:\1 +.*\n)*", step, re.MULTILINE))


@pytest.mark.parametrize(
    ("written", "taken"),
    [
        ('content: "{{ hardening_admin_keys[0] }}\\n"', True),
        ("content: 'so many: {{ kiosk_keep_releases }}'", True),
        ("content: >-\n      folded,\n      {{ base_time_zone }}", True),
        ("content: |\n      Mechanism=zram\n      # {{ base_time_zone }}", True),
        ("content: |\n      Mechanism=zram\n    owner: '{{ hardening_admin_user }}'", False),
        ('content: ""', False),
    ],
    ids=["quoted", "one line", "folded", "several lines", "another word of the step", "empty"],
)
def test_words_of_the_inventory_are_seen_however_they_are_written(written: str, *, taken: bool) -> None:
    step = f"- name: Write\n  ansible.builtin.copy:\n    dest: /etc/x\n    {written}\n    mode: '0644'\n"
    assert takes_words(step) is taken


def test_every_file_that_takes_words_of_the_inventory_is_validated_or_says_why_not() -> None:
    taking = [(place, step) for place, step in written() if takes_words(step)]
    assert len(taking) > 15
    silent = [
        place
        for place, step in taking
        if not re.search(r"^ *validate: ", step, re.MULTILINE)
        and not re.search(r"^ *# Not validated: \S", step, re.MULTILINE)
    ]
    assert silent == []


@pytest.mark.parametrize(("place", "program"), SHUT_OUT.items())
def test_what_could_lock_everybody_out_is_validated_by_what_reads_it(place: str, program: str) -> None:
    (step,) = [step for there, step in written() if there == place]
    assert re.search(rf"^ *validate: .*{re.escape(program)}", step, re.MULTILINE)
