"""A stick with the label KIOSKCOPY takes the nightly copy whenever it is plugged in, and may be pulled out."""

from collections.abc import Iterator

import pytest

from tests.booted.desk import Desk

IMAGE, PLACE, LABELLED = "/stick.img", "/srv/kiosk-copies", "/dev/disk/by-label/KIOSKCOPY"
SIZE = "400M"
"""Sparse; a copy that leaves less than 64 MB free is not made."""
MOUNTED = f'[ "$(findmnt --noheadings --output SOURCE {PLACE})" = "$(readlink -f {LABELLED})" ]'
COPIES = f"find {PLACE} -name '*.db' -newer /before -printf '%u %m\\n'"


class Stick:
    """Guards a file system with the label, on a file that is plugged in as a disk."""

    def __init__(self, desk: Desk) -> None:
        """Make it, as the README says; it is not plugged in."""
        self._machine = desk.machine
        self._machine.told(f"truncate -s {SIZE} {IMAGE} && mkfs.ext4 -q -F -L KIOSKCOPY {IMAGE}")

    def plug_in(self) -> None:
        """Wait until it is mounted, by nobody's hand."""
        self._machine.told(f"losetup --find --show {IMAGE}")
        self._machine.until("the mounted stick", MOUNTED, 30)

    def pull_out(self) -> None:
        """Wait until the machine has forgotten it."""
        # A loop device outlives its users, a stick does not: whoever pulls it out is preceded by its unmounting here.
        self._machine.told(rf"systemctl stop 'srv-kiosk\x2dcopies.mount'; losetup --detach $(readlink -f {LABELLED})")
        self._machine.until("the stick's absence", f"! [ -e {LABELLED} ]", 30)
        self._machine.told(f"! mountpoint -q {PLACE}")


@pytest.fixture
def stick(open_desk: Desk) -> Iterator[Stick]:
    yield Stick(open_desk)
    open_desk.machine.told(f"umount -q {PLACE}; losetup --associated {IMAGE} | cut -d: -f1 | xargs -r losetup --detach")
    open_desk.machine.told(f"rm -f {IMAGE} /before")


def copies_of_tonight(desk: Desk) -> list[str]:
    """Whose the copies are, and who may read them, that the nightly unit has just made."""
    desk.machine.told("touch /before; systemctl start kiosk-backup.service")
    return desk.machine.told(COPIES).splitlines()


def test_a_stick_takes_the_nightly_copy_whenever_it_is_plugged_in(open_desk: Desk, stick: Stick) -> None:
    assert copies_of_tonight(open_desk) == []
    stick.plug_in()
    assert copies_of_tonight(open_desk) == ["kiosk 600"]
    stick.pull_out()
    assert copies_of_tonight(open_desk) == []
    stick.plug_in()
    assert copies_of_tonight(open_desk) == ["kiosk 600"]
