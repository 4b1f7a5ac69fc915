"""A kiosk that cannot reach the register any more: what it holds is carried there in a file."""

import json
import sqlite3
from pathlib import Path
from typing import Any

from tests.journey.conftest import numbered
from tests.support.kiosk import Kiosk, call_kiosk
from tests.support.register import ServingRegister, call_register


def export(kiosk: Kiosk, file: Path) -> dict[str, Any]:
    done = call_kiosk("queue", "--config", str(kiosk.config), "export", str(file), "--json")
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def take_in(register: ServingRegister, file: Path) -> dict[str, Any]:
    done = call_register("import-export", str(file), "--database", str(register.database), "--json")
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def outcomes(told: dict[str, Any]) -> tuple[int, int, int, int]:
    return told["stored"], told["duplicate"], told["flagged"], told["refused"]


async def test_what_was_exported_and_taken_in_twice_is_there_once_also_when_the_kiosk_comes_back(
    tmp_path: Path, kiosk: Kiosk, register: ServingRegister
) -> None:
    file = tmp_path / "rescued"
    register.kill()
    uses = []
    for position in range(3):
        await kiosk.show(numbered(position))
        uses.append(await kiosk.confirm())
    await kiosk.press("undo", use=uses[1])
    await kiosk.until_undone(uses[1])
    await kiosk.show("DEMO-7777-KEKSITTY")  # on no list: its number goes sealed
    await kiosk.until(lambda heard: heard.desk["reasons"] == ["card-not-verified"])
    uses.append(await kiosk.confirm())

    told = export(kiosk, file)  # beside the kiosk that serves
    assert told == {
        "file": str(file),
        "uses": 4,
        "annulments": 1,
        "refusals": 0,
        "unreadable": 0,
        "remembered": True,
    }
    assert outcomes(take_in(register, file)) == (4, 0, 1, 0)
    assert outcomes(take_in(register, file)) == (0, 5, 0, 0)

    register.start()
    await kiosk.until_delivered()
    assert sorted((use["id"], use["annulled"]) for use in register.uses()) == sorted(
        (use, use == uses[1]) for use in uses
    )
    assert [row["use"] for row in register.annulments()] == [uses[1]]
    counts = json.loads(call_kiosk("queue", "--json", "--config", str(kiosk.config)).stdout)
    assert (counts["waiting"], counts["parked"], counts["delivered"], counts["flagged"]) == (0, 0, 4, 1)


async def test_a_kiosk_may_be_wiped_when_all_that_waits_was_exported(
    tmp_path: Path, kiosk: Kiosk, register: ServingRegister
) -> None:
    wipe = ("wipe", "--yes", "--config", str(kiosk.config))
    register.kill()
    await kiosk.show(numbered(1))
    first = await kiosk.confirm()
    export(kiosk, tmp_path / "first")
    await kiosk.show(numbered(2))
    second = await kiosk.confirm()
    await kiosk.stop()
    done = call_kiosk(*wipe)
    assert (done.returncode, "1 of them exist nowhere else" in done.stderr) == (6, True)
    export(kiosk, tmp_path / "both")
    done = call_kiosk(*wipe)
    assert (done.returncode, list(kiosk.state.iterdir())) == (0, [])
    assert "2 records were not delivered: keep the file" in done.stdout
    take_in(register, tmp_path / "both")
    take_in(register, tmp_path / "first")
    register.start()
    assert sorted(use["id"] for use in register.uses()) == sorted([first, second])


async def test_an_earlier_file_is_never_overwritten(tmp_path: Path, kiosk: Kiosk, register: ServingRegister) -> None:
    file = tmp_path / "rescued"
    file.write_bytes(b"from another kiosk")
    done = call_kiosk("queue", "--config", str(kiosk.config), "export", str(file))
    assert (done.returncode, file.read_bytes()) == (1, b"from another kiosk")
    assert "There is a file" in done.stderr


async def test_a_changed_file_and_a_foreign_kiosk_s_file_change_nothing(
    tmp_path: Path, kiosk: Kiosk, register: ServingRegister
) -> None:
    register.kill()
    await kiosk.show(numbered(1))
    await kiosk.confirm()
    await kiosk.stop()
    file = tmp_path / "rescued"
    export(kiosk, file)
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.with_name("changed").write_bytes(content)
    identity = kiosk.state / "identity.json"
    told = json.loads(identity.read_text())
    identity.write_text(json.dumps({**told, "key": "a key that the register never gave"}))
    export(kiosk, tmp_path / "forged")
    for name, words in (
        ("changed", "cut or changed"),
        ("forged", "does not prove"),
        ("kiosk/kiosk.toml", "not a file"),
    ):
        done = call_register("import-export", str(tmp_path / name), "--database", str(register.database))
        assert (done.returncode, words in done.stderr) == (1, True), done.stderr
    register.start()
    assert register.uses() == []


async def test_a_revoked_kiosk_s_file_needs_a_person_s_word(
    tmp_path: Path, kiosk: Kiosk, register: ServingRegister
) -> None:
    await kiosk.stop()
    register.revoke(json.loads((kiosk.state / "identity.json").read_text())["kiosk_id"])
    export(kiosk, tmp_path / "rescued")
    call = ("import-export", str(tmp_path / "rescued"), "--database", str(register.database))
    done = call_register(*call)
    assert (done.returncode, "was revoked" in done.stderr) == (1, True)
    assert call_register(*call, "--allow-revoked").returncode == 0


async def test_the_file_tells_nothing_to_whoever_finds_it(
    tmp_path: Path, kiosk: Kiosk, register: ServingRegister
) -> None:
    register.kill()
    await kiosk.show(numbered(1))
    use = await kiosk.confirm()
    await kiosk.stop()
    export(kiosk, tmp_path / "rescued")
    content = (tmp_path / "rescued").read_bytes()
    with sqlite3.connect(kiosk.state / "kiosk.db") as database:
        ((key,),) = database.execute("SELECT lookup_key FROM uses")
    database.close()
    assert [secret for secret in (use.encode(), key, key.hex().encode()) if secret in content] == []
