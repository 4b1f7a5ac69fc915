"""What `kiosk doctor` says of the stick that is to have the nightly copies."""

import datetime as dt
import json
from pathlib import Path

import pytest

from kiosk.commands.doctor import doctor
from kiosk.commands.doctor_stick import DO, stick_seen
from kiosk.config import Config
from kiosk.exits import Exit
from kiosk.findings import passed, warned
from kiosk.sections import BackupSection, KioskSection
from kiosk.sections_devices import ScannerSection
from kiosk.store.stick import Stick

PLACE = Path("/srv/kiosk-copies")
WANTED = Config(backup=BackupSection(stick_folder=str(PLACE)))
NIGHT = dt.datetime(2026, 3, 14, 2, 30, tzinfo=dt.UTC)


def test_a_kiosk_that_waits_for_no_stick_says_nothing_of_one() -> None:
    assert list(stick_seen(Config())) == []


def test_the_newest_copy_is_told_with_its_time_at_the_venue() -> None:
    seen = stick_seen(WANTED, lambda place, _: Stick(NIGHT) if place == PLACE else Stick(None))
    assert list(seen) == [passed("stick", "the newest copy on it is of 2026-03-14 04:30")]


def test_an_old_copy_is_told_with_what_to_do() -> None:
    seen = stick_seen(WANTED, lambda *_: Stick(NIGHT, "the newest copy on the stick is 4 days old"))
    assert list(seen) == [warned("stick", "the newest copy on the stick is 4 days old", DO)]


def test_a_kiosk_without_its_stick_can_work(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = Config(
        kiosk=KioskSection(state_dir=str(tmp_path)),
        scanners=(ScannerSection(kind="lines", path="-"),),
        backup=BackupSection(stick_folder=str(tmp_path)),
    )
    assert doctor(config, as_json=True) is Exit.OK
    wrong = f"no stick is in: nothing is mounted on {tmp_path}"
    assert json.loads(capsys.readouterr().out)[-1] == {"name": "stick", "state": "warn", "saw": wrong, "next": DO}
