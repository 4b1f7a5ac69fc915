"""The machine that the playbook made, over an evening: a visit, and what goes wrong and is well again."""

import json

import pytest

from tests.booted.desk import ANNOUNCED, Desk, until_the_register_has
from tests.support.register import ServingRegister

HALF_A_CODE = "DEMO-01"
ALLOWED, FOREIGN = "0c2e", "1209"
THERE = "grep -q Vendor={} /proc/bus/input/devices"
REFUSED = "grep -lx 0 /sys/bus/usb/devices/*:1.0/authorized"
LEFT_KB = 8 * 1024
WATCHDOG_S, MARGIN_S = 30, 5
SWITCHES = {
    "kernel/dmesg_restrict": "1",
    "kernel/kptr_restrict": "2",
    "kernel/panic_on_oops": "1",
    "fs/suid_dumpable": "0",
    "fs/protected_hardlinks": "1",
    "net/ipv4/conf/all/accept_redirects": "0",
}
"""Some that this kernel has, of those that the playbook sets."""


@pytest.fixture
def desk(open_desk: Desk) -> Desk:
    """Nothing of the test before is announced any more."""
    open_desk.machine.told(f": >{ANNOUNCED}")
    return open_desk


def test_a_card_is_typed_green_answers_and_a_button_brings_it_to_the_register(
    desk: Desk, register: ServingRegister
) -> None:
    desk.listen_to_the_buzzer()
    desk.show(1001)
    desk.until_green()
    desk.until_it_buzzed()
    desk.listen_to_the_buzzer()
    desk.press_confirm("the record", '"phase":"recorded"')
    desk.until_it_buzzed()
    (use,) = desk.announced_records()
    until_the_register_has(register, [use])
    told = json.loads(desk.machine.run("runuser -u kiosk -- kiosk doctor --json")[1].splitlines()[-1])
    assert [finding["name"] for finding in told if finding["state"] == "fail"] == []


def test_the_kernels_switches_are_as_the_playbook_sets_them(desk: Desk) -> None:
    asked = " ".join(f"/proc/sys/{switch}" for switch in SWITCHES)
    assert dict(zip(SWITCHES, desk.machine.told(f"cat {asked}").split(), strict=True)) == SWITCHES


def test_a_scanner_that_is_pulled_out_in_the_middle_of_a_code_reads_the_next_one_when_it_is_back(
    desk: Desk, register: ServingRegister
) -> None:
    used = desk.use(1002)
    desk.machine.told(f"/opt/test/type -n {HALF_A_CODE}")
    desk.machine.told("/opt/test/scanner out")
    desk.machine.until("the scanner's absence", f"! {THERE.format(ALLOWED)}", 20)
    desk.machine.told("/opt/test/scanner in")
    desk.until_the_scanner_is_open()
    used += desk.use(1003)
    assert desk.machine.told(f"grep -o 'not-a-card' {ANNOUNCED} || true") == "", "half a code was taken for a whole one"
    until_the_register_has(register, used)


def test_a_keyboard_that_nobody_allowed_is_refused_in_the_scanners_port(desk: Desk) -> None:
    desk.machine.told("/opt/test/scanner out")
    desk.machine.told("/opt/test/scanner foreign")
    desk.machine.until("the refusal", REFUSED, 20)
    assert desk.machine.run(THERE.format(FOREIGN))[0] != 0
    desk.machine.told("/opt/test/scanner out")
    desk.machine.told("/opt/test/scanner in")
    desk.until_the_scanner_is_open()


def test_a_full_disk_closes_the_desk_which_opens_again_when_there_is_room(
    desk: Desk, register: ServingRegister
) -> None:
    desk.show(1011)
    desk.until_green()
    desk.machine.told(f"fallocate -l $(( $(stat -f -c '%a * %S' /) - {LEFT_KB} * 1024 )) /filler")
    try:
        desk.press_confirm("the closed desk", '"phase":"out-of-service".*"why":"disk-full"')
        assert desk.announced_records() == set()
    finally:
        desk.machine.told(f"rm /filler; : >{ANNOUNCED}")
    desk.until_announced("the open desk", '"phase":"ready"')
    until_the_register_has(register, desk.use(1012))


def test_a_kiosk_that_hangs_is_started_anew(desk: Desk) -> None:
    first = started_at_s(desk)
    hung_at_s = float(desk.machine.told("cut -d' ' -f1 /proc/uptime"))
    desk.machine.told("systemctl kill --kill-whom=main --signal=STOP kiosk.service")
    desk.machine.until(
        "the next start",
        "[ $(systemctl show --value -p NRestarts kiosk.service) = 1 ] && systemctl is-active --quiet kiosk.service",
    )
    second = started_at_s(desk)
    assert first < hung_at_s < second
    assert second - hung_at_s <= WATCHDOG_S + MARGIN_S
    desk.until_the_scanner_is_open()
    assert len(desk.use(1005)) == 1


def started_at_s(desk: Desk) -> float:
    """When the kiosk's process was started, since the boot."""
    return int(desk.machine.told("systemctl show --value -p ExecMainStartTimestampMonotonic kiosk.service")) / 1e6
