"""A database that cannot be used says why at each call, and works again when the cause has gone."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.errors import StoreError, StoreFault, StoreTooNew, StoreUnavailable
from kiosk.store.database import Database
from kiosk.store.ledger import Ledger
from tests.edge.store.samples import NOON, a_use


def fault_of(error: pytest.ExceptionInfo[StoreError]) -> StoreFault:
    return error.value.fault


def write_list(path: Path) -> None:
    path.write_bytes(b"A shopping list. " * 1000)


def move(path: Path, there: Path) -> None:
    """Put the file at `there`, without the log of what was there before."""
    path.replace(there)
    for beside in ("-wal", "-shm"):
        there.with_name(there.name + beside).unlink(missing_ok=True)


def write_over(path: Path, table: str) -> None:
    with closing(sqlite3.connect(path)) as db:
        (root,) = db.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (table,)).fetchone()
    with path.open("r+b") as file:
        file.seek((root - 1) * 4096)
        file.write(b"\xff" * 4096)


async def test_a_file_that_is_no_database_is_told_until_it_is_moved_away(path: Path) -> None:
    write_list(path)
    db = Database.open_when_possible(path)
    try:
        with pytest.raises(StoreUnavailable, match="not a database") as error:
            await Ledger(db).probe()
        assert fault_of(error) is StoreFault.DAMAGED
        move(path, path.with_name("list.txt"))
        await Ledger(db).probe()
        await Ledger(db).record(a_use())
        assert await Ledger(db).undoable(NOON) == (a_use(),)
    finally:
        db.close()


async def test_a_missing_disk_is_told_until_it_is_there(tmp_path: Path) -> None:
    there: list[bool] = []

    def mounted() -> None:
        if not there:
            raise StoreUnavailable("The disk is not mounted.")

    db = Database.open_when_possible(tmp_path / "disk" / "kiosk.db", before=mounted)
    try:
        with pytest.raises(StoreUnavailable, match="not mounted"):
            await db.read(lambda _: None)
        with pytest.raises(StoreUnavailable, match="not mounted"):
            await db.revive()
        there.append(True)
        await db.revive()
        await Ledger(db).record(a_use())
    finally:
        db.close()


async def test_a_newer_file_is_told_as_such_and_every_call_says_unavailable(path: Path) -> None:
    Database.open(path).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("UPDATE _sqlite_migrations SET name = '9999_from_the_future' WHERE name = '0001_first_light'")
    db = Database.open_when_possible(path)
    try:
        with pytest.raises(StoreUnavailable, match="newer version") as error:
            await db.write(lambda _: None)
        assert fault_of(error) is StoreFault.TOO_NEW
        with pytest.raises(StoreTooNew):
            await db.revive()
    finally:
        db.close()


async def test_damage_once_met_stops_every_call_though_other_pages_are_whole(path: Path) -> None:
    Database.open(path, kept_free_bytes=0).close()
    shutil.copy(path, path.with_name("whole.db"))
    write_over(path, "cards")
    db = Database.open_when_possible(path)
    try:
        await Ledger(db).record(a_use())
        with pytest.raises(StoreUnavailable, match="damaged"):
            await db.read(lambda c: c.execute("SELECT * FROM cards").fetchall())
        for _ in range(2):
            with pytest.raises(StoreUnavailable, match="damaged"):
                await Ledger(db).record(a_use(2))
            with pytest.raises(StoreUnavailable, match="damaged") as error:
                await Ledger(db).probe()
            assert fault_of(error) is StoreFault.DAMAGED
        move(path.with_name("whole.db"), path)
        await Ledger(db).probe()
        await Ledger(db).record(a_use(2))
        assert await Ledger(db).undoable(NOON) == (a_use(2),)
    finally:
        db.close()


@pytest.mark.parametrize("table", ["uses", "uses_by_time", "outbox", "annulments"])
def test_a_damaged_page_among_the_records_is_met_at_the_start(table: str, path: Path) -> None:
    Database.open(path, kept_free_bytes=0).close()
    write_over(path, table)
    with pytest.raises(StoreUnavailable, match="damaged") as error:
        Database.open(path, kept_free_bytes=0)
    assert fault_of(error) is StoreFault.DAMAGED


async def test_a_database_that_is_closed_while_it_is_tried_again_stays_closed(path: Path) -> None:
    write_list(path)
    db = Database.open_when_possible(path)
    move(path, path.with_name("list.txt"))
    trying = asyncio.ensure_future(db.revive())
    await asyncio.sleep(0)
    await asyncio.to_thread(db.close)
    await asyncio.wait({trying})
    with pytest.raises(StoreUnavailable):
        await db.read(lambda _: None)
