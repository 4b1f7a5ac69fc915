"""The database file: durable, private, and clear about what is wrong with it."""

from __future__ import annotations

import asyncio
import sqlite3
import stat
import threading
from contextlib import closing
from pathlib import Path

import pytest
import sqlite_utils

from kiosk.errors import StoreUnavailable
from kiosk.store.database import Database
from kiosk.store.ledger import Ledger
from kiosk.store.migrations import APPLICATION_ID
from kiosk.store.outbox import Outbox
from tests.edge.store.samples import NOON, a_use, an_annulment

PATIENCE_S = 20


def value(db: sqlite_utils.Database, sql: str) -> object:
    return db.execute(sql).fetchone()[0]


async def test_a_commit_that_returned_is_on_the_disk_and_not_only_with_the_kernel(db: Database) -> None:
    durability = await db.write(lambda c: (value(c, "PRAGMA journal_mode"), value(c, "PRAGMA synchronous")))
    assert durability == ("wal", 2)


async def test_the_writer_heeds_foreign_keys_and_fires_delete_triggers_on_replace(db: Database) -> None:
    guards = await db.write(lambda c: (value(c, "PRAGMA foreign_keys"), value(c, "PRAGMA recursive_triggers")))
    assert guards == (1, 1)


def test_a_second_program_sees_whose_file_it_is_and_its_log(path: Path, db: Database) -> None:
    with closing(sqlite3.connect(path)) as other:
        (application_id,) = other.execute("PRAGMA application_id").fetchone()
        (journal_mode,) = other.execute("PRAGMA journal_mode").fetchone()
    assert (application_id, journal_mode) == (APPLICATION_ID, "wal")
    assert db.path == path


async def test_only_the_kiosk_can_read_the_files(path: Path, ledger: Ledger) -> None:
    await ledger.record(a_use())
    modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in path.parent.iterdir()}
    assert modes == {"kiosk.db": 0o600, "kiosk.db-wal": 0o600, "kiosk.db-shm": 0o600}


def test_files_that_others_could_read_are_closed_to_them(path: Path) -> None:
    Database.open(path, kept_free_bytes=0).close()
    path.chmod(0o644)
    Database.open(path, kept_free_bytes=0).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_missing_folder_is_made_and_belongs_to_the_kiosk_alone(tmp_path: Path) -> None:
    Database.open(tmp_path / "state" / "kiosk.db", kept_free_bytes=0).close()
    assert stat.S_IMODE((tmp_path / "state").stat().st_mode) == 0o700


def test_closing_folds_the_log_into_the_file_and_ends_both_threads(path: Path) -> None:
    before = set(threading.enumerate())
    db = Database.open(path, kept_free_bytes=0)
    names = sorted(thread.name for thread in set(threading.enumerate()) - before)
    db.close()
    db.close()
    assert names == ["store-reader", "store-writer"]
    assert set(threading.enumerate()) == before
    assert [each.name for each in path.parent.iterdir()] == ["kiosk.db"]


async def test_a_closed_database_says_so(path: Path) -> None:
    db = Database.open(path, kept_free_bytes=0)
    db.close()
    with pytest.raises(StoreUnavailable, match=r"^The database is closed\.$"):
        await db.read(lambda _: None)


async def test_a_write_that_fails_leaves_nothing_behind(db: Database) -> None:
    def half(c: sqlite_utils.Database) -> None:
        c.execute("UPDATE probe SET writes = 41")
        raise LookupError

    with pytest.raises(LookupError):
        await db.write(half)
    assert await db.read(lambda c: value(c, "SELECT writes FROM probe")) == 0
    await db.write(lambda c: c.execute("UPDATE probe SET writes = 42").rowcount)
    assert await db.read(lambda c: value(c, "SELECT writes FROM probe")) == 42


async def test_a_read_cannot_write(db: Database) -> None:
    with pytest.raises(StoreUnavailable, match="it may only be read"):
        await db.read(lambda c: c.execute("UPDATE probe SET writes = 1"))


async def test_a_read_sees_one_moment_however_much_is_written_meanwhile(db: Database) -> None:
    looked, written = threading.Event(), threading.Event()

    def look_twice(c: sqlite_utils.Database) -> tuple[object, object]:
        first = value(c, "SELECT writes FROM probe")
        looked.set()
        assert written.wait(PATIENCE_S)
        return first, value(c, "SELECT writes FROM probe")

    reading = asyncio.ensure_future(db.read(look_twice))
    await asyncio.to_thread(looked.wait, PATIENCE_S)
    await db.write(lambda c: c.execute("UPDATE probe SET writes = 7").rowcount)
    written.set()
    assert await reading == (0, 0)
    assert await db.read(lambda c: value(c, "SELECT writes FROM probe")) == 7


async def test_a_cancelled_wait_does_not_stop_the_write(db: Database) -> None:
    begun, may_end = threading.Event(), threading.Event()

    def slow(c: sqlite_utils.Database) -> None:
        begun.set()
        assert may_end.wait(PATIENCE_S)
        c.execute("UPDATE probe SET writes = 9")

    writing = asyncio.ensure_future(db.write(slow))
    await asyncio.to_thread(begun.wait, PATIENCE_S)
    writing.cancel()
    may_end.set()
    with pytest.raises(asyncio.CancelledError):
        await writing
    await db.write(lambda _: None)
    assert await db.read(lambda c: value(c, "SELECT writes FROM probe")) == 9


def test_a_file_that_is_no_database_is_told_apart(path: Path) -> None:
    path.write_bytes(b"This is a shopping list, and not a short one. " * 100)
    with pytest.raises(StoreUnavailable, match=r"the file is not a database \(SQLITE_NOTADB\)"):
        Database.open(path)
    assert path.read_bytes().startswith(b"This is a shopping list")


def test_another_programs_database_is_left_alone(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE recipes (name TEXT)")
    with pytest.raises(StoreUnavailable, match="the database of another program"):
        Database.open(path)
    with closing(sqlite3.connect(path)) as other:
        assert other.execute("SELECT name FROM sqlite_schema").fetchall() == [("recipes",)]


def test_a_folder_in_its_place_is_told_apart(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="cannot be"):
        Database.open(tmp_path)


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreUnavailable, match=r"kiosk\.db cannot be opened: (File exists|Not a directory)"):
        Database.open(tmp_path / "file" / "kiosk.db")


def test_an_opening_that_fails_leaves_no_thread(path: Path) -> None:
    before = set(threading.enumerate())
    path.write_bytes(b"no database" * 100)
    with pytest.raises(StoreUnavailable):
        Database.open(path)
    assert set(threading.enumerate()) == before


def test_damage_is_reported_by_whoever_meets_it(path: Path) -> None:
    db = Database.open(path, kept_free_bytes=0)
    ledger = Ledger(db)

    async def record_many() -> None:
        for number in range(1, 200):
            await ledger.record(a_use(number))

    asyncio.run(record_many())
    db.close()
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    with pytest.raises(StoreUnavailable, match=r"it is damaged \(SQLITE_CORRUPT"):
        Database.open(path, kept_free_bytes=0)


async def test_a_lock_held_by_another_program_is_told_and_passes(path: Path) -> None:
    db = Database.open(path, kept_free_bytes=0, busy_timeout_s=0)
    try:
        ledger = Ledger(db)
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreUnavailable, match=r"another program holds it locked \(SQLITE_BUSY\)"):
                await ledger.record(a_use())
            other.execute("ROLLBACK")
        await ledger.record(a_use())
        assert await ledger.undoable(NOON) == (a_use(),)
    finally:
        db.close()


async def test_a_full_disk_refuses_a_use_and_loses_none(db: Database, ledger: Ledger, outbox: Outbox) -> None:
    """`max_page_count` makes SQLite meet the end of the disk as it meets the real one: with SQLITE_FULL."""
    kept = []
    pages = await db.write(lambda c: value(c, "PRAGMA page_count"))
    await db.write(lambda c: c.execute(f"PRAGMA max_page_count={pages}").fetchall())

    async def record_until_it_fails() -> None:
        for number in range(1, 10_000):
            await ledger.record(a_use(number))
            kept.append(a_use(number))

    with pytest.raises(StoreUnavailable, match=r"the disk is full \(SQLITE_FULL\)"):
        await record_until_it_fails()
    assert kept
    assert [parcel.item.id for parcel in await outbox.due(NOON, 10_000)] == [use.id for use in kept]
    assert await ledger.undoable(NOON) == tuple(reversed(kept))

    await db.write(lambda c: c.execute("PRAGMA max_page_count=1000000").fetchall())
    missed = a_use(len(kept) + 1)
    await ledger.record(missed)
    assert await ledger.undoable(NOON) == (missed, *reversed(kept))


async def test_with_the_disk_nearly_full_nothing_is_accepted_but_all_else_goes_on(path: Path) -> None:
    free = [2_000_000]
    db = Database.open(path, kept_free_bytes=1_000_000, free_bytes=lambda _: free[0])
    try:
        ledger, outbox = Ledger(db), Outbox(db)
        await ledger.record(a_use(1))
        free[0] = 999_999
        with pytest.raises(StoreUnavailable, match="The disk is nearly full: 0 MB are free"):
            await ledger.record(a_use(2))
        with pytest.raises(StoreUnavailable, match="The disk is nearly full"):
            await ledger.probe()
        await ledger.annul(an_annulment(a_use(1)))
        await outbox.postpone([a_use(1).id], NOON, "no answer")
        assert await ledger.undoable(NOON) == ()
        free[0] = 1_000_000
        await ledger.probe()
        await ledger.record(a_use(2))
        assert await ledger.undoable(NOON) == (a_use(2),)
    finally:
        db.close()
