"""A clock in 1970 on a whole machine."""

import datetime as dt

from kiosk.clock import STANDING_FILE
from tests.booted.desk import Desk, until_the_register_has
from tests.support.register import ServingRegister

SYNCHRONISED = "/run/systemd/timesync/synchronized"
CORRECTED = (
    "python3 -c \"import sqlite3, sys; db = sqlite3.connect('file:/var/lib/kiosk/kiosk.db?mode=ro', uri=True); "
    "sys.exit(not db.execute('SELECT count(*) FROM corrections').fetchone()[0])\""
)


def test_a_machine_that_starts_in_1970_records_and_puts_the_time_right_before_it_sends(
    desk: Desk, register: ServingRegister
) -> None:
    desk.switch_on()
    desk.until_it_trusts_its_list()
    desk.machine.told("sync")
    desk.machine.pull_the_plug()
    desk.cable.pull_out()
    desk.switch_on("test.clock=1970")
    assert desk.machine.told("date +%Y") == "1970"
    (use,) = desk.use(1013)
    register.stop()  # so that the time server is heard before it
    try:
        desk.cable.plug_in()
        desk.machine.until("the right time", f"[ -e {SYNCHRONISED} ]", 120)
        desk.machine.until("the corrected time", CORRECTED, 60)
        desk.machine.until("the note of how the clock stood, out of the sandbox", f"[ -s {STANDING_FILE} ]", 60)
    finally:
        register.start()
    until_the_register_has(register, [use])
    (row,) = (row for row in register.uses() if row["id"] == use)
    assert dt.datetime.fromisoformat(row["uncorrected_at"]).year == 1970
    late = dt.datetime.now(dt.UTC) - dt.datetime.fromisoformat(row["decided_at"])
    assert dt.timedelta(0) < late < dt.timedelta(minutes=10)
