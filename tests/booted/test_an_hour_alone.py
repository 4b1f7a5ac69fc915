"""An hour without a network on a whole machine, in a minute: the time of its kernel flies (guest/pace)."""

import datetime as dt
import time
from collections.abc import Iterator

import pytest

from tests.booted.desk import Desk, until_the_register_has
from tests.support.register import ServingRegister

HOUR_S, EVERY_S = 3600, 300
BEHIND_S = HOUR_S + 300
"""The machine begins so long ago: after its hour it is not later there than at the register."""
LONGEST_S, SLACK_S = 300, 60
"""What a busy host may need for a pause, and what may pass inside beside the pauses."""
PAUSE = f"pkill -USR1 -f /opt/test/pace; sleep {EVERY_S}; pkill -USR2 -f /opt/test/pace"
KEPT_ALIVE = "systemctl show -p MainPID,NRestarts kiosk.service"


@pytest.fixture
def desk(desk: Desk) -> Iterator[Desk]:
    """Open, on a machine that began an hour ago."""
    began_s = int(time.time()) - BEHIND_S
    desk.cable.tell_time(-BEHIND_S)
    desk.switch_on("time-travel=inf-cpu", f"time-travel-start={began_s}000000000", "init=/opt/test/begin")
    desk.until_it_trusts_its_list()
    desk.machine.until("the right time", "[ -e /run/systemd/timesync/synchronized ]")
    desk.machine.told("sleep 1")  # no time has passed yet, and the first code is read after a silence
    yield desk
    desk.cable.tell_time(0)


@pytest.mark.timeout(1200)
def test_what_was_recorded_in_an_hour_without_a_link_arrives_once_with_its_own_times(
    desk: Desk, register: ServingRegister
) -> None:
    machine = desk.machine
    until_the_register_has(register, desk.use(1088))
    process = machine.told(KEPT_ALIVE)
    machine.told("ip link set vec0 down")
    cut_at_s = desk.now_s()
    used: list[str] = []
    while desk.now_s() < cut_at_s + HOUR_S:
        machine.told(PAUSE, limit_s=LONGEST_S)
        used += desk.use(1089 + len(used))
    back_at_s = desk.now_s()
    desk.cable.tell_time(back_at_s - time.time())
    assert [use["id"] for use in register.uses() if use["id"] in used] == []
    machine.told("ip link set vec0 up")
    until_the_register_has(register, used)
    told = {use["id"]: (use["decided_at"], use["uncorrected_at"], use["reasons"]) for use in register.uses()}
    late_s = [
        dt.datetime.fromisoformat(told[use][0]).timestamp() - cut_at_s - n * EVERY_S for n, use in enumerate(used, 1)
    ]
    assert [late for late in late_s if not 0 <= late < SLACK_S] == []
    assert [told[use][1:] for use in used] == [(None, [])] * (HOUR_S // EVERY_S)
    assert HOUR_S <= back_at_s - cut_at_s < HOUR_S + SLACK_S
    assert machine.told(KEPT_ALIVE) == process
