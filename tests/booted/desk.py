"""What is done at the desk of the booted machine, and seen there."""

from __future__ import annotations

import re
import threading
import time
from collections import Counter
from collections.abc import Iterable

from tests.booted.cable import Cable
from tests.booted.machine import Machine
from tests.support.register import ServingRegister

RED, GREEN, BUZZER, CONFIRM = 17, 22, 18, 5
SAID = re.compile(r"RECORDED (\S+)")
WRITTEN = re.compile(r'"recorded":"([^"]+)"')
ANNOUNCED = "/run/kiosk/announcements"
PID = "$(systemctl show --value -p MainPID kiosk.service)"
DELIVERED_S = 60.0


class Desk:
    """The desk on `machine`, with its `cable`."""

    def __init__(self, machine: Machine, cable: Cable) -> None:
        """Sit down at it; the machine may be off."""
        self.machine = machine
        self.cable = cable

    def switch_on(self, *words: str) -> float:
        """Switch the machine on, and wait until its desk is ready; how long that took, in s."""
        self.machine.start(*words)
        return self.until_ready()

    def until_ready(self) -> float:
        """Wait for the unit; the time since the machine was switched on, in s."""
        self.machine.until_up()
        self.machine.until("the unit", "systemctl is-active --quiet kiosk.service")
        ready_s = time.monotonic() - self.machine.started_at
        self.until_the_scanner_is_open()
        return ready_s

    def until_the_scanner_is_open(self) -> None:
        """Wait until the kiosk reads it: what is typed before is read from its middle on."""
        self.machine.until("the scanner", f"ls -l /proc/{PID}/fd | grep -q /dev/input/event")

    def until_it_trusts_its_list(self) -> None:
        """Wait until the register has told of the cards."""
        self.until_announced("the card list", r'"trust":"ok"')

    def until_announced(self, what: str, pattern: str, limit_s: float = 60) -> None:
        """Wait for a line of this boot with `pattern`."""
        self.machine.until(what, f"grep -q '{pattern}' {ANNOUNCED}", limit_s)

    def show(self, card: int) -> None:
        """Let the scanner type the card with this number."""
        self.machine.told(f"/opt/test/type {code(card)}")

    def until_green(self) -> None:
        """Wait until the kernel says that the green lamp's line is high."""
        self._until_lit("green", GREEN)

    def until_red(self) -> None:
        """Wait until the kernel says that the red lamp's line is high."""
        self._until_lit("red", RED)

    def _until_lit(self, lamp: str, pin: int) -> None:
        self.machine.until(lamp, f"grep -q 1 /run/lines/sim_gpio{pin}/value", 30)

    def listen_to_the_buzzer(self) -> None:
        """Have the kernel record what it is told of lines from now on."""
        self.machine.told("/opt/test/given begin")

    def until_it_buzzed(self) -> None:
        """Wait until the buzzer's line was given a high level since then, and a low one after it."""
        self.machine.until("the buzzer", f"/opt/test/given {BUZZER} | grep -q '1.*0$'", 20)

    def press_confirm(self, what: str, pattern: str) -> None:
        """Hold the button until the desk announces `pattern`: a machine that stands still sees no short press."""
        pull = f"/run/lines/sim_gpio{CONFIRM}/pull"
        self.machine.told(f"echo pull-down >{pull}")
        self.until_announced(what, pattern)
        self.machine.told(f"echo pull-up >{pull}")

    def use(self, first: int, count: int = 1) -> list[str]:
        """Use cards from that number on; the ids of what the desk said is recorded."""
        return recorded(self.machine.told(f"/opt/test/uses {first} {count}", limit_s=60 + 10 * count).splitlines())

    def now_s(self) -> float:
        """What time it is inside, since 1970."""
        return float(self.machine.told("date +%s.%N"))

    def announced_records(self) -> set[str]:
        """The ids of all that the desk said is recorded since the boot."""
        return set(WRITTEN.findall(self.machine.told(f"cat {ANNOUNCED}")))


def code(card: int) -> str:
    """What is printed on an invented card."""
    return f"DEMO-{card:05}-LISA"


def recorded(lines: Iterable[str]) -> list[str]:
    """The ids in what /opt/test/uses printed."""
    return [said[1] for line in lines if (said := SAID.fullmatch(line))]


def until_the_register_has(register: ServingRegister, wanted: Iterable[str]) -> None:
    """Wait until it has each of these uses; fails where one is missing for long, or is there twice."""
    end = time.monotonic() + DELIVERED_S
    waiting = threading.Event()
    while missing := set(wanted) - (held := Counter(use["id"] for use in register.uses())).keys():
        assert time.monotonic() < end, f"never delivered: {sorted(missing)}"
        waiting.wait(0.5)
    assert [use for use in held if held[use] != 1] == [], "doubled"
