"""A kiosk on a Raspberry Pi 3, as far as an emulator has one: arm64, the board's own pins, a memory card."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable

import pytest

from tests.pi3.board import Board, until_true
from tests.support.register import ServingRegister

RED, AMBER, GREEN, HEARD, BUZZER = 17, 27, 22, 23, 18
LAMPS = {RED, AMBER, GREEN, HEARD}
LIMIT_S = 300
CARD, ANOTHER = "DEMO-01001-LISA", "DEMO-01002-LISA"
NEEDS_WINDOWS = {"PIL._imagingtk"}  # Tk's, which no kiosk has
COMPILED = {"aiohttp", "msgspec", "nacl", "gpiod", "zxingcpp"}
pytestmark = pytest.mark.timeout(3600)


def scan(pi: Board, card: str, seen: Callable[[], bool]) -> None:
    """Type a card until something is `seen`: the emulated USB of a busy host pauses, and a pause ends a code."""

    def tried() -> bool:
        pi.emulator.type(f"{card}\n")
        with contextlib.suppress(AssertionError):
            until_true("an answer", seen, limit_s=20, pause_s=0.05)
            return True
        return False

    until_true(f"an answer to {card}", tried, limit_s=LIMIT_S)


def test_every_compiled_module_of_the_wheels_imports_on_aarch64(pi: Board) -> None:
    told = json.loads(pi.run("/opt/test/imports", limit_s=900).splitlines()[-1])
    assert (told["machine"], set(told["failed"]) - NEEDS_WINDOWS) == ("aarch64", set()), told["failed"]
    assert set(told["packages"]) >= COMPILED


def test_the_unit_is_active_in_its_whole_sandbox(pi: Board, figures: dict[str, object]) -> None:
    asked = "ActiveState NRestarts User MemoryMax DevicePolicy ActiveEnterTimestampMonotonic MainPID"
    told = dict(
        line.split("=", 1)
        for line in pi.run(f"systemctl show -p {asked.replace(' ', ' -p ')} kiosk.service").splitlines()
    )
    pid, ready_us = told.pop("MainPID"), told.pop("ActiveEnterTimestampMonotonic")
    assert told == {
        "ActiveState": "active",
        "NRestarts": "0",
        "User": "kiosk",
        "MemoryMax": str(400 * 1024**2),
        "DevicePolicy": "closed",
    }
    figures["kernel's start to unit active, s"] = round(int(ready_us) / 1e6)
    figures["resident, kB"] = int(pi.run(f"sed -n 's/^VmRSS:[^0-9]*//p' /proc/{pid}/status").split()[0])


def test_a_valid_card_lights_the_pin_that_the_host_reads_and_its_use_reaches_the_register(
    pi: Board, register: ServingRegister
) -> None:
    pi.until("the card list", "runuser -u kiosk -- kiosk check --json | grep -q 'confirmed by the register'")
    before = len(register.uses())
    assert GREEN not in pi.lit()
    scan(pi, CARD, lambda: GREEN in pi.lit())
    assert pi.lit() & LAMPS == {GREEN}
    # Shown once more, the card says yes by itself.
    pi.run("sleep 4")
    scan(pi, CARD, lambda: len(register.uses()) == before + 1)
    until_true("a dark lamp", lambda: not pi.lit() & LAMPS, limit_s=LIMIT_S)


def test_a_stopped_kiosk_leaves_every_pin_dark(pi: Board) -> None:
    scan(pi, ANOTHER, lambda: GREEN in pi.lit())
    pi.run("systemctl stop kiosk.service", limit_s=LIMIT_S)
    assert pi.lit() & {*LAMPS, BUZZER} == set()
