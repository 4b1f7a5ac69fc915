"""A root that is only read, by overlayroot in the first RAM disk: the plug takes what is not on the partition."""

import json

import pytest

from tests.booted.desk import Desk, until_the_register_has
from tests.booted.layer import sectors_written
from tests.support.register import ServingRegister

MARK, WARNED = "/etc/written-by-nobody", "the plug sparks"
PLACES = {
    "/": ("overlayroot", "overlay", "rw"),
    "/media/root-rw": ("tmpfs-root", "tmpfs", "rw"),
    "/media/root-ro": ("/dev/ubda", "ext4", "ro"),
    "/data": ("/dev/ubdb", "ext4", "rw"),
    "/opt/kiosk": ("/dev/ubdb[/opt]", "ext4", "rw"),
    "/var/lib/kiosk": ("/dev/ubdb[/state]", "ext4", "rw"),
    "/var/lib/systemd/timesync": ("/dev/ubdb[/timesync]", "ext4", "rw"),
}
"""What lies where, and whether it can be written to."""
FAILS_IN_THIS_KERNEL = "systemd-sysctl.service"  # it knows no process numbers as large as Debian asks for


def places(desk: Desk) -> dict[str, tuple[str, str, str]]:
    """As `PLACES`, of now."""
    told = json.loads(desk.machine.told("findmnt --json --list --output TARGET,SOURCE,FSTYPE,OPTIONS"))["filesystems"]
    seen = {each["target"]: (each["source"], each["fstype"], each["options"].split(",")[0]) for each in told}
    return {place: seen[place] for place in PLACES if place in seen}


@pytest.mark.timeout(900)
def test_the_plug_takes_all_but_the_kiosks_own_and_the_roots_disk_is_never_written_to(
    desk_read_only: Desk, register: ServingRegister
) -> None:
    desk, machine = desk_read_only, desk_read_only.machine
    desk.switch_on()
    desk.until_it_trusts_its_list()
    assert places(desk) == PLACES
    desk.cable.pull_out()
    (use,) = desk.use(1061)
    machine.told(f"echo nobody >{MARK}; echo {WARNED} | systemd-cat --priority=warning")
    machine.told("systemctl start kiosk-log-tail.service; sync")
    machine.pull_the_plug()
    desk.cable.plug_in()
    desk.switch_on()
    assert places(desk) == PLACES
    assert machine.run(f"cat {MARK}") == (1, f"cat: {MARK}: No such file or directory")
    until_the_register_has(register, [use])
    kept = json.loads(machine.told("runuser -u kiosk -- kiosk queue list --all --json"))
    assert [row["id"] for row in kept] == [use]
    assert WARNED in machine.told("cat /data/log/kiosk-tail.log")
    assert machine.told("stat -c %U /data/timesync/clock") == "systemd-timesync"
    desk.until_it_trusts_its_list()
    told = json.loads(machine.run("runuser -u kiosk -- kiosk doctor --json")[1].splitlines()[-1])
    assert [finding["name"] for finding in told if finding["state"] == "fail"] == []
    machine.told("systemctl start kiosk-storage.service")
    assert machine.told("systemctl --failed --plain --no-legend | cut -d' ' -f1") == FAILS_IN_THIS_KERNEL
    machine.told("sync")
    machine.pull_the_plug()
    assert sectors_written(machine.layer) == 0
