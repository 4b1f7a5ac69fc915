"""What was never delivered is read from a database that is held, may only be read, or is partly destroyed."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.cards.exchange import Fate, Settlement
from kiosk.errors import StoreUnavailable
from kiosk.store.database import Database
from kiosk.store.ledger import Ledger
from kiosk.store.outbox import Outbox
from kiosk.store.salvage import Salvage, salvage
from tests.edge.store.samples import NOON, a_refusal, a_use, an_annulment
from tests.support.kiosk import ROOT

PAGE_BYTES = 4096

ON_A_READ_ONLY_DISK = """
import asyncio, os, subprocess, sys
from pathlib import Path
from kiosk.store.salvage import salvage
from kiosk.store.database import Database
from kiosk.store.ledger import Ledger
from tests.edge.store.samples import a_use

def mount(*words):
    if subprocess.run(["mount", *words], capture_output=True).returncode:
        print("no mount")
        sys.exit(0)

folder, with_index = Path(sys.argv[1]), sys.argv[2] == "with index"
mount("-t", "tmpfs", "-o", "size=16m", "none", str(folder))
path = folder / "kiosk.db"
if not (child := os.fork()):
    database = Database.open(path, kept_free_bytes=0)
    for number in (1, 2):
        asyncio.run(Ledger(database).record(a_use(number)))
    os._exit(0)  # as a pulled plug: the log holds everything, and the database next to nothing
os.waitpid(child, 0)
assert path.with_name("kiosk.db-wal").stat().st_size > 0
if not with_index:
    path.with_name("kiosk.db-shm").unlink()
mount("-o", "remount,ro", str(folder))
before = {each.name: each.read_bytes() for each in folder.iterdir()}
print(len(salvage(path).parcels), salvage(path).unreadable)
assert {each.name: each.read_bytes() for each in folder.iterdir()} == before
"""


def contents(file: Path) -> bytes:
    return file.read_bytes()


async def filled(db: Database, uses: int) -> None:
    ledger = Ledger(db)
    for number in range(1, uses + 1):
        await ledger.record(a_use(number, tail=""))


async def test_what_waits_and_what_is_parked_is_read_as_it_would_be_sent(
    path: Path, db: Database, ledger: Ledger, outbox: Outbox
) -> None:
    await filled(db, 3)
    await ledger.count_refusal(a_refusal())
    await ledger.annul(an_annulment(a_use(1)))
    await outbox.settle([Settlement(a_use(1).id, Fate.DELIVERED), Settlement(a_use(2).id, Fate.PARKED)])
    due = await outbox.due(NOON, 10)
    found = salvage(path)
    assert [parcel.sequence for parcel in found.parcels] == [2, 3, 4, 5]
    assert (found.parcels[1:], found.unreadable) == (due, 0)
    assert len(salvage(path, tuple(Fate)).parcels) == 5


async def test_a_database_in_the_middle_of_a_write_of_another_program_is_read_beside_it(
    path: Path, db: Database
) -> None:
    await filled(db, 2)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        other.execute("UPDATE outbox SET fate = 'delivered'")
        assert len(salvage(path).parcels) == 2
        other.execute("ROLLBACK")


async def test_reading_changes_neither_the_database_nor_its_log(path: Path, db: Database) -> None:
    await filled(db, 2)
    before = contents(path), contents(path.with_name("kiosk.db-wal"))
    salvage(path)
    assert (contents(path), contents(path.with_name("kiosk.db-wal"))) == before
    db.close()
    folded = contents(path)
    salvage(path)
    assert contents(path) == folded


@pytest.mark.parametrize("index", ["with index", "without index"])
def test_a_read_only_disk_gives_what_only_its_log_holds_and_is_not_touched(tmp_path: Path, index: str) -> None:
    if os.geteuid() or shutil.which("unshare") is None:
        pytest.skip("a disk of one's own can be mounted by root alone")
    done = subprocess.run(
        ["unshare", "--mount", sys.executable, "-c", ON_A_READ_ONLY_DISK, str(tmp_path), index],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    if "no mount" in done.stdout or "unshare failed" in done.stderr:
        pytest.skip("no disk can be mounted here")
    assert (done.stdout, done.returncode) == ("2 0\n", 0), done.stderr


def root_pages(path: Path) -> dict[str, int]:
    with closing(sqlite3.connect(path)) as database:
        return dict(database.execute("SELECT name, rootpage FROM sqlite_schema WHERE rootpage > 0"))


def destroy(path: Path, page: int) -> None:
    with path.open("r+b") as file:
        file.seek((page - 1) * PAGE_BYTES)
        file.write(b"\xff" * PAGE_BYTES)


def leaf_pages(path: Path, table: str) -> list[int]:
    """Pages below the table's root, in the order of their keys (sqlite.org/fileformat2.html, B-tree pages)."""
    data = path.read_bytes()
    start = (root_pages(path)[table] - 1) * PAGE_BYTES
    kind, cells = data[start], int.from_bytes(data[start + 3 : start + 5], "big")
    assert kind in {2, 5}, "the table is too small for the test"
    pointers = [int.from_bytes(data[start + 12 + 2 * cell : start + 14 + 2 * cell], "big") for cell in range(cells)]
    return [int.from_bytes(data[start + at : start + at + 4], "big") for at in pointers]


@pytest.mark.parametrize("lost", ["outbox", "outbox_by_fate"])
async def test_a_destroyed_page_costs_no_more_than_what_stood_on_it(path: Path, db: Database, lost: str) -> None:
    await filled(db, 300)
    db.close()
    destroy(path, leaf_pages(path, "outbox")[1] if lost == "outbox" else root_pages(path)[lost])
    found = salvage(path)
    if lost == "outbox":
        assert 0 < found.unreadable < 100
    else:
        assert found.unreadable == 0
    assert len(found.parcels) + found.unreadable == 300


async def test_a_destroyed_page_of_uses_costs_the_uses_on_it(path: Path, db: Database) -> None:
    await filled(db, 300)
    db.close()
    destroy(path, leaf_pages(path, "uses")[1])
    found = salvage(path)
    assert 0 < found.unreadable < 100
    assert len(found.parcels) + found.unreadable == 300


async def test_a_row_that_makes_no_sense_costs_no_other(path: Path, db: Database) -> None:
    await filled(db, 3)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("DROP TRIGGER uses_are_not_changed")
        other.execute("UPDATE uses SET remarks = 'no JSON', decided_at_ms = 1 << 62 WHERE id = ?", (a_use(2).id,))
    found = salvage(path)
    assert ([parcel.sequence for parcel in found.parcels], found.unreadable) == ([1, 3], 1)


def test_a_file_that_is_not_the_kiosk_s_is_said_to_be(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "other.db")) as other:
        other.execute("CREATE TABLE outbox (id INTEGER)")
    with pytest.raises(StoreUnavailable, match="not a kiosk's database"):
        salvage(tmp_path / "other.db")
    (tmp_path / "text").write_text("no database " * 100)
    with pytest.raises(StoreUnavailable, match="cannot be read"):
        salvage(tmp_path / "text")
    with pytest.raises(StoreUnavailable, match="no database"):
        salvage(tmp_path / "missing")


def test_an_empty_queue_gives_nothing(path: Path, db: Database) -> None:
    assert salvage(path) == Salvage((), 0)
