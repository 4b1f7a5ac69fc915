"""The command line, as a technician and a script use it."""

import json
import sqlite3
from pathlib import Path

import pytest

from tests.journey.conftest import numbered
from tests.support.kiosk import Kiosk, call_kiosk
from tests.support.register import ServingRegister


@pytest.mark.parametrize(
    ("text", "code", "answer"),
    [
        ("DEMO-0001-AIKUINEN", 0, "accept"),
        ("DEMO-0004-VANHA", 4, "refuse"),
        ("kahvikortti", 5, "unreadable"),
    ],
)
def test_scan_answers_by_its_exit_code(kiosk: Kiosk, text: str, code: int, answer: str) -> None:
    done = call_kiosk("scan", text, "--json", "--config", str(kiosk.config))
    assert (done.returncode, json.loads(done.stdout)["answer"], done.stderr) == (code, answer, "")


async def test_scan_asks_about_a_card_that_was_used_here_and_records_nothing(kiosk: Kiosk) -> None:
    await kiosk.show(numbered(1))
    await kiosk.confirm()
    for _ in range(2):
        done = call_kiosk("scan", numbered(1), "--config", str(kiosk.config))
        assert (done.returncode, done.stdout.splitlines()[0]) == (3, "ask")
    await kiosk.until_delivered()


async def test_check_queue_and_config_speak_json(kiosk: Kiosk) -> None:
    await kiosk.show(numbered(1))
    await kiosk.confirm()
    await kiosk.until_delivered()
    config = str(kiosk.config)
    check = call_kiosk("check", "--json", "--config", config)
    assert check.returncode == 0, check.stdout
    assert [line["what"] for line in json.loads(check.stdout)] == [
        "configuration",
        "clock",
        "identity",
        "database",
        "card list",
        "queue",
        "register",
    ]
    counts = json.loads(call_kiosk("queue", "--json", "--config", config).stdout)
    assert counts == {
        "waiting": 0,
        "in_flight": 0,
        "not_taken": 0,
        "delivered": 1,
        "flagged": 0,
        "parked": 0,
        "seen": 0,
        "oldest_waiting_at": None,
    }
    assert json.loads(call_kiosk("config", "--json", "--config", config).stdout)["kiosk"]["name"] == "Main door"


async def test_queue_tells_what_is_in_flight_as_long_as_its_sender_lives(
    kiosk: Kiosk, register: ServingRegister
) -> None:
    register.freeze()  # takes what is sent, and answers nothing
    await kiosk.show(numbered(1))
    use = await kiosk.confirm()

    def seen() -> tuple[int, int, str]:
        counts = json.loads(call_kiosk("queue", "--json", "--config", str(kiosk.config)).stdout)
        shown = json.loads(call_kiosk("queue", "--config", str(kiosk.config), "show", use, "--json").stdout)
        return counts["waiting"], counts["in_flight"], shown["fate"]

    assert seen() == (1, 1, "in flight")
    await kiosk.kill()
    assert seen() == (1, 0, "waiting")
    register.thaw()
    await kiosk.start()
    await kiosk.until_delivered()
    assert seen() == (0, 0, "delivered")


async def test_queue_show_tells_all_of_a_record_but_the_card(kiosk: Kiosk) -> None:
    await kiosk.show(numbered(1))
    use = await kiosk.confirm()
    await kiosk.until_delivered()
    done = call_kiosk("queue", "--config", str(kiosk.config), "show", use, "--json")
    told = json.loads(done.stdout)
    by_place = call_kiosk("queue", "--config", str(kiosk.config), "show", str(told["sequence"]), "--json")
    assert (done.stdout, done.returncode) == (by_place.stdout, 0)
    names = ("id", "fate", "attempts", "next_try_at", "last_error", "card", "own_ticket", "offline")
    assert {name: told[name] for name in names} == {
        "id": use,
        "fate": "delivered",
        "attempts": 1,
        "next_try_at": None,
        "last_error": None,
        "card": "on the list",
        "own_ticket": 1,
        "offline": False,
    }
    assert call_kiosk("queue", "--config", str(kiosk.config), "show", "nothing").returncode == 1


async def test_wipe_refuses_while_uses_wait_and_while_the_kiosk_runs(kiosk: Kiosk, register: ServingRegister) -> None:
    wipe = ("wipe", "--yes", "--config", str(kiosk.config))
    assert call_kiosk(*wipe).returncode == 1
    register.kill()
    await kiosk.show(numbered(1))
    await kiosk.confirm()
    await kiosk.stop()
    done = call_kiosk(*wipe)
    assert (done.returncode, (kiosk.state / "kiosk.db").exists()) == (6, True)
    assert "1 records wait" in done.stderr
    register.start()
    await kiosk.start()
    await kiosk.until_delivered()
    await kiosk.stop()
    assert call_kiosk(*wipe).returncode == 0
    assert list(kiosk.state.iterdir()) == []


def test_a_bad_configuration_starts_nothing_and_tells_everything(tmp_path: Path) -> None:
    config = tmp_path / "kiosk.toml"
    config.write_text(f'[kiosk]\nstate_dir = "{tmp_path / "state"}"\nnam = "x"\n[screen]\nport = "x"\n')
    done = call_kiosk("run", "--config", str(config))
    assert done.returncode == 2
    assert "kiosk.nam is not a setting. Did you mean “name”?" in done.stderr
    assert "screen.port" in done.stderr
    assert not (tmp_path / "state").exists()


def test_help_teaches_and_names_the_exit_codes() -> None:
    done = call_kiosk("--help")
    assert done.returncode == 0
    assert "3  `scan`: staff have to decide" in done.stdout
    assert call_kiosk("nonsense").returncode == 2


async def test_what_is_recorded_can_never_be_changed_by_any_program(kiosk: Kiosk) -> None:
    await kiosk.show(numbered(1))
    await kiosk.confirm()
    await kiosk.stop()
    with sqlite3.connect(kiosk.state / "kiosk.db") as database, pytest.raises(sqlite3.IntegrityError, match="never"):
        database.execute("DELETE FROM uses")
    database.close()


def test_the_sheet_of_commands_needs_no_configuration(tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.html"
    done = call_kiosk("print", "commands", "--output", str(sheet))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert sheet.read_text(encoding="utf-8") == call_kiosk("print", "commands").stdout


async def test_the_doctor_walks_over_the_devices_beside_the_running_kiosk(kiosk: Kiosk) -> None:
    done = call_kiosk("doctor", "--json", "--config", str(kiosk.config))
    assert (done.returncode, json.loads(done.stdout)) == (
        0,
        [
            {
                "name": "scanner 1",
                "state": "ok",
                "saw": f"lines of {kiosk.config.parent / 'scans'}, a FIFO",
                "next": "",
            },
            {"name": "lamps", "state": "ok", "saw": "none are configured", "next": ""},
        ],
    )


def test_the_doctor_of_scanners_says_in_words_what_is_missing(tmp_path: Path) -> None:
    done = call_kiosk("doctor", "scanner", "--device", str(tmp_path / "event4"), "--limit", "1")
    assert (done.returncode, done.stderr) == (7, "")
    assert "event4 is plugged in" in done.stdout
    config = tmp_path / "kiosk.toml"
    config.write_text("")
    done = call_kiosk("doctor", "--config", str(config), "scanner")
    assert done.returncode == 1
    assert "name its device with --device" in done.stderr
