"""The machine that the playbook made, booted: from the card under the scanner to the row at the register."""

import json
import os
import random
import re
import threading
import time

from tests.booted.machine import Machine
from tests.support.register import ServingRegister

GREEN, CONFIRM = 22, 5
CARD = "DEMO-01001-LISA"
LIMIT_S = 60.0
CUTS = int(os.environ.get("KIOSK_TEST_CUTS", "25"))


def until_ready(machine: Machine) -> None:
    machine.until_up()
    machine.until("the kiosk", "systemctl is-active --quiet kiosk.service")


def use(machine: Machine, card: str) -> None:
    """A card under the scanner, green, a finger on the button."""
    machine.run(f"/opt/test/type {card}")
    machine.until("green", f"grep -q 1 /run/lines/sim_gpio{GREEN}/value", 30)
    machine.run(
        f"echo pull-down >/run/lines/sim_gpio{CONFIRM}/pull; sleep 0.3; echo pull-up >/run/lines/sim_gpio{CONFIRM}/pull"
    )


def until_the_register_has(register: ServingRegister, count: int) -> list[str]:
    end = time.monotonic() + LIMIT_S
    waiting = threading.Event()
    while len(uses := [use["id"] for use in register.uses()]) < count:
        assert time.monotonic() < end, f"the register has {len(uses)} uses of {count}"
        waiting.wait(0.5)
    return uses


def test_a_card_is_typed_green_answers_and_a_button_brings_it_to_the_register(
    kiosk: Machine, register: ServingRegister
) -> None:
    before = len(register.uses())
    kiosk.start()
    until_ready(kiosk)
    kiosk.until("the card list", "runuser -u kiosk -- kiosk check --json | grep -q 'confirmed by the register'")
    use(kiosk, CARD)
    assert len(until_the_register_has(register, before + 1)) == before + 1
    told = json.loads(kiosk.run("runuser -u kiosk -- kiosk doctor --json")[1].splitlines()[-1])
    assert [finding["name"] for finding in told if finding["state"] == "fail"] == []


def test_a_use_that_the_desk_announced_outlives_the_pulled_plug(kiosk: Machine, register: ServingRegister) -> None:
    chance = random.Random(int(os.environ.get("KIOSK_TEST_SEED", "1")))
    announced: list[str] = []
    for cut in range(CUTS):
        kiosk.start()
        until_ready(kiosk)
        kiosk.until("the card list", "runuser -u kiosk -- kiosk check --json | grep -q 'confirmed by the register'")
        heard = kiosk.hear(f"/opt/test/uses {1101 + cut * 10}", chance.uniform(0.5, 6))
        kiosk.pull_the_plug()
        announced += [match[1] for line in heard if (match := re.fullmatch(r"RECORDED (\S+)", line))]
    kiosk.start()
    until_ready(kiosk)
    kiosk.until("the delivery", "runuser -u kiosk -- kiosk queue --json | grep -q '\"waiting\": 0'")
    chain = kiosk.run("runuser -u kiosk -- kiosk check --chain")
    assert chain[0] == 0, chain[1]
    at_register = [use["id"] for use in register.uses()]
    assert len(announced) >= CUTS // 2, "too few uses were recorded to show anything"
    assert [use for use in announced if at_register.count(use) != 1] == []
