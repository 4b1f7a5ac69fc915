"""What hangs is started anew: the kiosk by systemd, and the machine when systemd itself hangs."""

import json

from tests.booted.desk import Desk

WATCHDOG_S, MARGIN_S = 30, 5
MACHINE_S, RESET_MARGIN_S = 15, 30
"""RuntimeWatchdogSec, as the playbook sets it, and what a busy host may add."""


def started_at(desk: Desk) -> float:
    """When the kiosk's process was started, in s since the boot."""
    return int(desk.machine.told("systemctl show --value -p ExecMainStartTimestampMonotonic kiosk.service")) / 1e6


def test_a_kiosk_that_hangs_is_started_anew(desk: Desk) -> None:
    desk.switch_on()
    desk.until_it_trusts_its_list()
    first = started_at(desk)
    hung_at = float(desk.machine.told("cut -d' ' -f1 /proc/uptime"))
    desk.machine.told("systemctl kill --kill-whom=main --signal=STOP kiosk.service")
    desk.machine.until(
        "the next start",
        "[ $(systemctl show --value -p NRestarts kiosk.service) = 1 ] && systemctl is-active --quiet kiosk.service",
    )
    second = started_at(desk)
    assert first < hung_at < second
    assert second - hung_at <= WATCHDOG_S + MARGIN_S
    desk.until_ready()
    assert len(desk.use(1005)) == 1


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
