"""The machine that the playbook made, booted: from the card under the scanner to the row at the register."""

import json

from tests.booted.desk import ANNOUNCED, Desk, until_the_register_has
from tests.support.register import ServingRegister

HALF_A_CODE = "DEMO-01"
ALLOWED, FOREIGN = "0c2e", "1209"
THERE = "grep -q Vendor={} /proc/bus/input/devices"
REFUSED = "grep -lx 0 /sys/bus/usb/devices/*:1.0/authorized"


def test_a_card_is_typed_green_answers_and_a_button_brings_it_to_the_register(
    desk: Desk, register: ServingRegister
) -> None:
    desk.switch_on()
    desk.until_it_trusts_its_list()
    desk.show(1001)
    desk.until_green()
    desk.press_confirm()
    desk.until_announced("the record", '"phase":"recorded"')
    (use,) = desk.announced_records()
    until_the_register_has(register, [use])
    told = json.loads(desk.machine.run("runuser -u kiosk -- kiosk doctor --json")[1].splitlines()[-1])
    assert [finding["name"] for finding in told if finding["state"] == "fail"] == []


def test_a_scanner_that_is_pulled_out_in_the_middle_of_a_code_reads_the_next_one_when_it_is_back(
    desk: Desk, register: ServingRegister
) -> None:
    desk.switch_on()
    desk.until_it_trusts_its_list()
    used = desk.use(1002)
    desk.machine.told(f"/opt/test/type -n {HALF_A_CODE}")
    desk.machine.told("/opt/test/scanner out")
    desk.machine.until("the scanner's absence", f"! {THERE.format(ALLOWED)}", 20)
    desk.machine.told("/opt/test/scanner in")
    desk.machine.until("the scanner", THERE.format(ALLOWED), 20)
    used += desk.use(1003)
    assert desk.machine.told(f"grep -o 'not-a-card' {ANNOUNCED} || true") == "", "half a code was taken for a whole one"
    until_the_register_has(register, used)


def test_a_keyboard_that_nobody_allowed_is_refused_in_the_scanners_port(desk: Desk) -> None:
    desk.switch_on()
    desk.machine.told("/opt/test/scanner out")
    desk.machine.told("/opt/test/scanner foreign")
    desk.machine.until("the refusal", REFUSED, 20)
    assert desk.machine.run(THERE.format(FOREIGN))[0] != 0
    desk.machine.told("/opt/test/scanner out")
    desk.machine.told("/opt/test/scanner in")
    desk.machine.until("the scanner", THERE.format(ALLOWED), 20)
