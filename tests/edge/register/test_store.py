"""The register's file: durable, its own, append-only, and never half made."""

from __future__ import annotations

import datetime as dt
import sqlite3
from functools import partial
from pathlib import Path

import pytest
import sqlite_utils

from contract.messages import DeviceFacts
from register.demo.cards import CARDS
from register.demo.places import HALL
from register.demo.seed import seed_cards, seed_places
from register.errors import KeyFileError, StoreTooNew, StoreUnavailable
from register.model import Kiosk
from register.store.cards import find_card
from register.store.kiosks import add_kiosk
from register.store.migrations import MIGRATIONS
from register.store.numbers import lookup_key_of
from register.store.opening import open_register
from tests.edge.register.house import NOON, QUICK_LOOKUP, House
from tests.edge.register.samples import a_refusal, a_use, an_annulment


def test_a_new_register_keeps_its_commits_and_its_secret(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "register.db"
    register = open_register(path)
    pragmas = register.database.write_now(
        lambda db: [
            db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    )
    register.close()
    assert pragmas == ["wal", 2, 1]
    assert {file.name: oct(file.stat().st_mode & 0o777) for file in path.parent.iterdir()} == {
        "register.db": "0o600",
        "register.db.key": "0o600",
    }


def test_opened_again_it_is_the_same_register(tmp_path: Path) -> None:
    first = open_register(tmp_path / "register.db")
    first.close()
    again = open_register(tmp_path / "register.db", new_lookup=QUICK_LOOKUP)
    again.close()
    assert again.lookup == first.lookup != QUICK_LOOKUP
    assert bytes(again.private_key) == bytes(first.private_key)
    assert repr(bytes(first.private_key)) not in repr(first)


def test_another_registers_key_is_noticed(tmp_path: Path) -> None:
    for name in ("a.db", "b.db"):
        open_register(tmp_path / name).close()
    (tmp_path / "b.db.key").replace(tmp_path / "a.db.key")
    with pytest.raises(KeyFileError, match="belongs to another register"):
        open_register(tmp_path / "a.db")
    with pytest.raises(KeyFileError, match="is missing"):
        open_register(tmp_path / "b.db")
    (tmp_path / "a.db.key").write_bytes(b"nonsense")
    with pytest.raises(KeyFileError, match="holds no X25519") as caught:
        open_register(tmp_path / "a.db")
    assert "nonsense" not in str(caught.value)


def test_a_newer_registers_file_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "register.db"
    open_register(path).close()
    with sqlite_utils.Database(path) as db:
        db[MIGRATIONS.migrations_table].insert(
            {"migration_set": "register", "name": "0099_from_the_future", "applied_at": "2030-01-01"}
        )
    before = path.read_bytes()
    with pytest.raises(StoreTooNew, match="0099_from_the_future"):
        open_register(path)
    assert path.read_bytes() == before


def test_another_programs_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "mine.db"
    with sqlite_utils.Database(path) as db:
        db["notes"].insert({"text": "mine"})
    with pytest.raises(StoreUnavailable, match="another program"):
        open_register(path)
    with sqlite_utils.Database(path) as db:
        assert [row["text"] for row in db["notes"].rows] == ["mine"]


def test_a_folder_that_may_not_be_made_is_said_plainly(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreUnavailable, match="cannot be used"):
        open_register(tmp_path / "file" / "register.db")


def test_a_job_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    register = open_register(tmp_path / "register.db", new_lookup=QUICK_LOOKUP)
    seed_places(register, NOON)

    def fails(db: sqlite_utils.Database) -> None:
        add_kiosk(db, Kiosk("k", HALL, "door"), DeviceFacts(name="door", software_version="1"), NOON)
        raise RuntimeError("a mistake")

    with pytest.raises(RuntimeError, match="a mistake"):
        register.database.write_now(fails)
    count = register.database.write_now(lambda db: db["kiosks"].count)
    register.close()
    assert count == 0


@pytest.mark.parametrize("table", ["uses", "annulments", "refusals"])
@pytest.mark.parametrize("change", ["DELETE FROM {}", "UPDATE {} SET received_at_ms = 0"])
async def test_what_happened_is_never_changed(house: House, table: str, change: str) -> None:
    door, use = await house.door(), a_use(house.key_of("AIKUINEN"))
    await door.send(use)
    await door.annul(an_annulment(use["id"]))
    await door.post("/v1/refusals", {"refusals": [a_refusal()]})
    with pytest.raises(sqlite3.IntegrityError, match="never"):
        await house.register.database.write(lambda db: db.execute(change.format(table)))


def test_a_blocked_card_keeps_the_instant_of_its_blocking_when_it_is_written_again(tmp_path: Path) -> None:
    register = open_register(tmp_path / "register.db", new_lookup=QUICK_LOOKUP)
    seed_places(register, NOON)
    (blocked,) = [card for card in CARDS if card.status == "blocked"]
    seed_cards(register, [blocked], NOON)
    seed_cards(register, [blocked], NOON + dt.timedelta(hours=1))
    card = register.database.write_now(partial(find_card, lookup_key=lookup_key_of(blocked.number, register.lookup)))
    register.close()
    assert card is not None
    assert card.status_since == NOON
