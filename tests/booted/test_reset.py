"""A machine whose systemd hangs is started anew by its watchdog; a kiosk that hangs: test_an_evening."""

import json

from tests.booted.desk import Desk

MACHINE_S, RESET_MARGIN_S = 15, 30
"""RuntimeWatchdogSec, as the playbook sets it, and what a busy host may add."""


def test_a_machine_whose_first_process_has_crashed_resets_itself(desk: Desk) -> None:
    # Where it begins anew by itself, it may find its own disk still locked: it ends there, and is switched on again.
    desk.switch_on("noreboot")
    desk.until_it_trusts_its_list()
    kept = desk.use(1006)
    assert desk.machine.told("systemctl show --value -p RuntimeWatchdogUSec") == f"{MACHINE_S}s"
    # systemd catches it, says so, closes all that it holds, and does nothing any more: nobody feeds the watchdog.
    desk.machine.told("kill -SEGV 1")
    desk.machine.until_off(MACHINE_S + RESET_MARGIN_S)
    assert "softdog: Initiating system reboot" in desk.machine.kernel_log.read_text(errors="replace")
    desk.switch_on()
    rows = json.loads(desk.machine.told("runuser -u kiosk -- kiosk queue list --all --json"))
    assert [row["id"] for row in rows] == kept
