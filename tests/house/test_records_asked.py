"""What the playbook of an update asks of a kiosk's database, by a program that knows no release."""

import json
import sqlite3
import subprocess
import sys
from pathlib import Path

from kiosk.store.connection import connect_writer
from kiosk.store.migrations import MIGRATIONS

ASKED = Path(__file__).parents[2] / "deploy" / "ansible" / "tasks" / "records.py"
FATES = ("waiting", "parked", "delivered", "flagged")


def asked(*words: Path) -> dict[str, list[str]]:
    # As a text, as the playbook does.
    command = [sys.executable, "-c", ASKED.read_text(encoding="utf-8"), *map(str, words)]
    told: dict[str, list[str]] = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    return told


def database(path: Path, *fates: str) -> Path:
    """A kiosk's database with one record of each of `fates`, named after it."""
    db = connect_writer(path, MIGRATIONS, 1.0)
    for fate in fates:
        db.execute("INSERT INTO outbox (item_id, kind, decided_at_ms, fate) VALUES (?, 'use', 0, ?)", (fate, fate))
    db.conn.commit()
    db.close()
    return path


def test_it_tells_the_shape_and_what_the_register_has_not_got(tmp_path: Path) -> None:
    told = asked(database(tmp_path / "kiosk.db", *FATES))
    assert told["migrations"][0] == "0001_first_light"
    assert len(told["migrations"]) == len(set(told["migrations"])) > 10
    assert told["unsent"] == ["parked", "waiting"]


def test_with_a_copy_it_tells_only_what_the_copy_lacks(tmp_path: Path) -> None:
    copy = database(tmp_path / "copy.db", "waiting")
    assert asked(database(tmp_path / "kiosk.db", *FATES), copy)["unsent"] == ["parked"]


def test_beside_a_kiosk_that_serves_it_sees_the_newest(tmp_path: Path) -> None:
    path = database(tmp_path / "kiosk.db")
    serving = connect_writer(path, MIGRATIONS, 1.0)
    serving.execute("INSERT INTO outbox (item_id, kind, decided_at_ms) VALUES ('now', 'use', 0)")
    serving.conn.commit()
    assert asked(path)["unsent"] == ["now"]
    serving.close()


def test_a_kiosk_without_records_has_no_shape(tmp_path: Path) -> None:
    assert asked(tmp_path / "kiosk.db") == {"migrations": [], "unsent": []}


def test_what_cannot_be_read_is_no_answer(tmp_path: Path) -> None:
    (tmp_path / "kiosk.db").write_bytes(b"rubbish" * 1000)
    assert (
        subprocess.run([sys.executable, ASKED, tmp_path / "kiosk.db"], capture_output=True, check=False).returncode == 1
    )
    path = database(tmp_path / "renamed.db", "waiting")
    with sqlite3.connect(path) as db:
        db.execute("ALTER TABLE outbox RENAME TO queue")
    db.close()
    assert subprocess.run([sys.executable, ASKED, path], capture_output=True, check=False).returncode == 1
