"""The machine that the playbook made, over an evening: a visit, and what goes wrong and is well again."""

import datetime as dt
import itertools
import json
from pathlib import Path

import pytest

from tests.booted.data_disk import DataDisk
from tests.booted.desk import ANNOUNCED, Desk, recorded, until_the_register_has
from tests.support.mapped_disk import BAD_BLOCKS, HEALTHY, TAKES_NOTHING, VERY_SLOW
from tests.support.register import ServingRegister

HALF_A_CODE = "DEMO-01"
ALLOWED, FOREIGN = "0c2e", "1209"
THERE = "grep -q Vendor={} /proc/bus/input/devices"
REFUSED = "grep -lx 0 /sys/bus/usb/devices/*:1.0/authorized"
LEFT_KB = 8 * 1024
WATCHDOG_S, MARGIN_S = 30, 5
CUT_TO_S = 0.001
"""A record's time is cut to whole milliseconds."""
CLOSED = r'"phase":"out-of-service".*"why":"\(store-failing\|disk-read-only\)"'
"""The kernel makes the file system read-only when it notices, which may be a moment later."""
WHAT_TO_DO = "The file system met errors: make a copy (`kiosk backup`), and put in a new card."
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


def test_what_is_recorded_while_the_link_is_down_arrives_once_with_its_own_time(
    desk: Desk, register: ServingRegister
) -> None:
    desk.machine.told("ip link set vec0 down")
    try:
        times = [desk.now_s()]
        used = []
        for card in (1021, 1022, 1023):
            used += desk.use(card)
            times.append(desk.now_s())
        desk.until_announced("the want of a network", f'"online":false,"waiting":{len(used)}')
        assert [use["id"] for use in register.uses() if use["id"] in used] == []
    finally:
        desk.machine.told("ip link set vec0 up")
    until_the_register_has(register, used)
    told_s = {use["id"]: dt.datetime.fromisoformat(use["decided_at"]).timestamp() for use in register.uses()}
    between = zip(used, times, times[1:], strict=False)
    assert [use for use, after, before in between if not after - CUT_TO_S <= told_s[use] <= before] == []


def test_a_kiosk_that_hangs_is_started_anew(desk: Desk) -> None:
    first = started_at_s(desk)
    hung_at_s = uptime_s(desk)
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


@pytest.fixture(scope="module")
def data_disk(open_desk: Desk, second_disk: Path) -> DataDisk:
    """Where the kiosk's data lie from now on; each test leaves it well."""
    disk = DataDisk(open_desk.machine, second_disk)
    disk.move_in()
    open_desk.until_ready()
    return disk


def test_a_disk_that_takes_nothing_closes_the_desk_and_costs_no_use(
    desk: Desk, data_disk: DataDisk, register: ServingRegister, tmp_path: Path
) -> None:
    desk.cable.pull_out()  # so that the register cannot have what the disk has lost
    kept = desk.use(1053, 3)
    desk.machine.told(f": >{ANNOUNCED}")
    process = process_of(desk)
    desk.show(1056)
    desk.until_green()
    data_disk.becomes(TAKES_NOTHING)
    desk.press_confirm("the closed desk", CLOSED)
    says_that_its_disk_fails(desk)
    assert process_of(desk) == process
    desk.machine.told(f": >{ANNOUNCED}; systemctl restart kiosk.service")
    process = process_of(desk)
    desk.until_announced("the desk that begins on such a disk", CLOSED)
    says_that_its_disk_fails(desk)
    assert data_disk.uses_if_the_plug_were_pulled_now(tmp_path) >= set(kept)
    assert (process_of(desk), desk.announced_records()) == (process, set())
    data_disk.becomes(HEALTHY)
    data_disk.is_mounted_anew()
    desk.cable.plug_in()
    desk.until_announced("the open desk", '"phase":"ready"')
    desk.until_the_scanner_is_open()
    until_the_register_has(register, kept + desk.use(1056))


def test_bad_blocks_close_the_desk_which_opens_by_itself_when_they_take_writes_again(
    desk: Desk, data_disk: DataDisk, register: ServingRegister
) -> None:
    process = process_of(desk)
    # Written back by the kernel itself, half a minute later at most, they make the file system read-only for good.
    desk.machine.told("echo 0 >/proc/sys/vm/dirty_writeback_centisecs")
    desk.show(1057)
    desk.until_green()
    data_disk.becomes(BAD_BLOCKS)
    desk.press_confirm("the closed desk", CLOSED)
    assert desk.announced_records() == set()
    data_disk.becomes(HEALTHY)
    desk.machine.told(f": >{ANNOUNCED}; echo 500 >/proc/sys/vm/dirty_writeback_centisecs")
    desk.until_announced("the open desk", '"phase":"ready"')
    until_the_register_has(register, desk.use(1057))
    assert process_of(desk) == process


def test_a_slow_disk_is_waited_for_before_a_use_is_announced(
    desk: Desk, data_disk: DataDisk, register: ServingRegister, tmp_path: Path
) -> None:
    process = process_of(desk)
    announced: list[str] = []
    data_disk.becomes(VERY_SLOW)
    end_s = uptime_s(desk) + WATCHDOG_S + MARGIN_S
    for card in itertools.count(1058):
        (use,) = recorded(desk.machine.hear(f"/opt/test/uses {card} 1", lines=1, then_s=0))
        announced.append(use)
        folder = tmp_path / str(card)
        folder.mkdir()
        assert data_disk.uses_if_the_plug_were_pulled_now(folder) >= set(announced)
        if uptime_s(desk) > end_s:
            break
    data_disk.becomes(HEALTHY)
    assert process_of(desk) == process
    until_the_register_has(register, announced)


def says_that_its_disk_fails(desk: Desk) -> None:
    desk.until_red()
    desk.machine.until("its word", "systemctl show -p StatusText kiosk.service | grep -q 'not working:.*database'", 30)
    told = json.loads(desk.machine.run("runuser -u kiosk -- kiosk storage --json")[1])
    assert told["problems"] == [WHAT_TO_DO]


def process_of(desk: Desk) -> list[str]:
    """Which it is, and how often systemd has started it anew."""
    return desk.machine.told("systemctl show -p MainPID,NRestarts,ActiveState kiosk.service").splitlines()


def uptime_s(desk: Desk) -> float:
    """How long it has been on."""
    return float(desk.machine.told("cut -d' ' -f1 /proc/uptime"))


def started_at_s(desk: Desk) -> float:
    """When the kiosk's process was started, since the boot."""
    return int(desk.machine.told("systemctl show --value -p ExecMainStartTimestampMonotonic kiosk.service")) / 1e6
