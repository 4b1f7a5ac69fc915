"""What the kiosk costs on a whole machine: told, and bounded only where more would be a fault."""

import os

import pytest

from tests.booted.desk import PID, Desk
from tests.booted.machine import Machine
from tests.support.register import ServingRegister

REST_S = int(os.environ.get("KIOSK_TEST_REST_S", "60"))
USES, SECTOR_BYTES = 20, 512
MOST_PER_USE_BYTES, MOST_IN_AN_HOUR_BYTES = 1024**2, 64 * 1024**2
"""Several times what is usual: a card of 32 GB that bears 1,000 writes of all of it lives for decades at that."""


def written_bytes(machine: Machine) -> int:
    """What the disk was given since the boot."""
    return int(machine.told("sync; awk '{print $7}' /sys/block/ubda/stat")) * SECTOR_BYTES


def cpu_s(machine: Machine) -> float:
    """What the kiosk's unit has used of the processor since its start."""
    return int(machine.told("systemctl show --value -p CPUUsageNSec kiosk.service")) / 1e9


@pytest.mark.timeout(900 + REST_S)
def test_what_it_costs_is_told(desk: Desk, register: ServingRegister, figures: dict[str, str]) -> None:
    figures["switched on → desk ready, first start (enrols)"] = f"{desk.switch_on():.1f} s"
    desk.until_it_trusts_its_list()
    desk.use(1031)
    desk.machine.told("sync")
    desk.machine.pull_the_plug()
    figures["switched on → desk ready"] = f"{desk.switch_on():.1f} s"
    desk.until_it_trusts_its_list()
    machine = desk.machine

    before = written_bytes(machine)
    desk.use(1032, USES)
    per_use = (written_bytes(machine) - before) / USES
    figures["written to the disk per use, with its delivery"] = f"{per_use / 1024:.0f} KiB"

    before, used_s = written_bytes(machine), cpu_s(machine)
    machine.told(f"sleep {REST_S}", limit_s=REST_S + 60)
    at_rest = (cpu_s(machine) - used_s) / REST_S
    written = (written_bytes(machine) - before) * 3600 / REST_S
    resident_kb = int(machine.told(f"awk '/^VmRSS/ {{print $2}}' /proc/{PID}/status"))
    figures["processor at rest"] = f"{at_rest:.1%} of one"
    figures[f"written to the disk in an hour at rest, from {REST_S} s"] = f"{written / 1024:.0f} KiB"
    figures["memory at rest"] = f"{resident_kb / 1024:.0f} MB"
    assert at_rest < 0.5, "it does not rest"
    assert per_use < MOST_PER_USE_BYTES
    assert written < MOST_IN_AN_HOUR_BYTES, "it wears its card out"
