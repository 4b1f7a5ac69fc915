"""A stick with the label KIOSKCOPY takes the nightly copy whenever it is plugged in, and may be pulled out."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.booted.desk import PID, Desk

PLACE, LABELLED = "/srv/kiosk-copies", "/dev/disk/by-label/KIOSKCOPY"
SIZE = "400M"
"""Sparse; a copy that leaves less than 64 MB free is not made."""
# The label is looked for by itself: where no disk has one, its folder is gone too, and both names would be empty.
MOUNTED = f'[ -e {LABELLED} ] && [ "$(findmnt --noheadings --output SOURCE {PLACE})" = "$(readlink -f {LABELLED})" ]'
MOUNT = r"'srv-kiosk\x2dcopies.mount'"
COPIES = f"find {PLACE} -name '*.db' -newer /before -printf '%u %m\\n'"
RULES = "/run/udev/rules.d/99-gone.rules"
GONE = r"KERNEL==\"{}\", ENV{{SYSTEMD_READY}}=\"0\", SYMLINK=\"\""


class Stick:
    """Guards a file system with the label, on a file that is plugged in as a disk."""

    def __init__(self, desk: Desk, name: str) -> None:
        """Make it, as the README says; it is not plugged in."""
        self._machine = desk.machine
        self._image = f"/{name}.img"
        self._machine.told(f"truncate -s {SIZE} {self._image} && mkfs.ext4 -q -F -L KIOSKCOPY {self._image}")

    def plug_in(self) -> None:
        """Wait until it is mounted, by nobody's hand."""
        self._machine.told(f"losetup --find {self._image}")
        self._machine.until("the mounted stick", MOUNTED, 30)

    def pull_out(self) -> None:
        """Wait until the machine has forgotten it."""
        # A loop device outlives its users, a stick does not: its unmounting comes first here, and last there.
        self._machine.told(f"systemctl stop {MOUNT}; losetup --detach $(readlink -f {LABELLED})")
        self._until_forgotten()

    def pull_out_in_use(self) -> None:
        """The same for systemd, which hears that the disk is gone; its users have it still."""
        disk = self._machine.told(f"basename $(readlink -f {LABELLED})")
        self._machine.told(f'mkdir -p {RULES.rpartition("/")[0]} && echo "{GONE.format(disk)}" >{RULES}')
        self._machine.told("udevadm control --reload")
        self._machine.told(f"udevadm trigger --settle --action=change /dev/{disk}")
        self._until_forgotten()

    def throw_away(self) -> None:
        """Leave nothing of it."""
        disks = f"losetup --associated {self._image} | cut -d: -f1"
        self._machine.told(f"rm -f {RULES}; udevadm control --reload; ! mountpoint -q {PLACE} || umount --lazy {PLACE}")
        self._machine.told(f"{disks} | xargs -r losetup --detach; rm -f {self._image} /before")

    def _until_forgotten(self) -> None:
        self._machine.until("the stick's absence", f"! [ -e {LABELLED} ]", 30)
        self._machine.until("an empty place", f"! mountpoint -q {PLACE}", 30)


@pytest.fixture
def stick_named(open_desk: Desk) -> Iterator[Callable[[str], Stick]]:
    with ExitStack() as thrown_away:

        def make(name: str) -> Stick:
            stick = Stick(open_desk, name)
            thrown_away.callback(stick.throw_away)
            return stick

        yield make


def copies_of_tonight(desk: Desk) -> list[str]:
    """Whose the copies are, and who may read them, that the nightly unit has just made."""
    desk.machine.told("touch /before; systemctl start kiosk-backup.service")
    return desk.machine.told(COPIES).splitlines()


def said_of_the_stick(desk: Desk) -> str:
    """How the doctor finds it."""
    told = json.loads(desk.machine.run("runuser -u kiosk -- kiosk doctor --json")[1].splitlines()[-1])
    (state,) = (finding["state"] for finding in told if finding["name"] == "stick")
    return str(state)


def test_a_stick_takes_the_nightly_copy_whenever_it_is_plugged_in(
    open_desk: Desk, stick_named: Callable[[str], Stick]
) -> None:
    stick = stick_named("stick")
    assert copies_of_tonight(open_desk) == []
    stick.plug_in()
    assert copies_of_tonight(open_desk) == ["kiosk 600"]
    stick.pull_out()
    assert copies_of_tonight(open_desk) == []
    stick.plug_in()
    assert copies_of_tonight(open_desk) == ["kiosk 600"]


def test_a_stick_that_is_waited_for_is_said_to_be_missing_until_a_copy_is_on_it(
    open_desk: Desk, stick_named: Callable[[str], Stick]
) -> None:
    open_desk.machine.told("journalctl --no-pager -u kiosk.service | grep -q 'stick fails: no stick is in'")
    assert said_of_the_stick(open_desk) == "warn"
    stick_named("stick").plug_in()
    copies_of_tonight(open_desk)
    assert said_of_the_stick(open_desk) == "ok"
    open_desk.machine.told(f"ls /proc/{PID}/root{PLACE}/kiosk-*.db")  # the serving kiosk, in its sandbox, sees it too


def test_a_stick_that_is_pulled_out_while_somebody_is_in_its_folder_keeps_no_other_one_out(
    open_desk: Desk, stick_named: Callable[[str], Stick]
) -> None:
    stick, other = stick_named("stick"), stick_named("other")
    stick.plug_in()
    open_desk.machine.told(f"cd {PLACE}; sleep 600 & echo $! >/run/somebody; cd /")
    stick.pull_out_in_use()
    other.plug_in()
    assert copies_of_tonight(open_desk) == ["kiosk 600"]
    open_desk.machine.told("kill $(cat /run/somebody)")


def test_a_stick_that_sits_loosely_is_mounted_each_time(open_desk: Desk, stick_named: Callable[[str], Stick]) -> None:
    stick_named("stick").plug_in()
    open_desk.machine.told(f"for time in $(seq 12); do umount {PLACE} && systemctl start {MOUNT}; done")
    open_desk.machine.until("the mounted stick", MOUNTED, 30)
