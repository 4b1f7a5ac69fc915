"""`kiosk pin`: what lies on the disk after it, and what is refused."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kiosk.cli import main
from kiosk.screen.access import PinFile


@pytest.fixture
def config(tmp_path: Path) -> Path:
    file = tmp_path / "kiosk.toml"
    file.write_text(f'[kiosk]\nstate_dir = "{tmp_path / "state"}"\n')
    return file


def run(config: Path, *options: str, typed: str = "") -> Result:
    return CliRunner().invoke(main, ["pin", "--config", str(config), *options], input=typed)


def test_a_pin_is_kept_as_a_hash_that_the_kiosk_alone_can_read(config: Path) -> None:
    assert run(config, typed="271828\n").exit_code == 0
    file = config.parent / "state" / "pin"
    assert file.stat().st_mode & 0o777 == 0o600
    assert (PinFile(file).read() or b"").startswith(b"$argon2id$")
    assert b"271828" not in file.read_bytes()


def test_what_is_no_pin_changes_nothing(config: Path) -> None:
    run(config, typed="271828\n")
    before = (config.parent / "state" / "pin").read_bytes()
    refused = run(config, typed="secret\n")
    assert (refused.exit_code, "4 to 12 digits" in refused.output) == (1, True)
    assert (config.parent / "state" / "pin").read_bytes() == before


def test_a_pin_that_is_taken_away_is_gone(config: Path) -> None:
    run(config, typed="271828\n")
    assert run(config, "--remove").exit_code == 0
    assert not (config.parent / "state" / "pin").exists()
