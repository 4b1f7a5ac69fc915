"""The database and its two owner threads: one writes, one reads, and the event loop waits for neither."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Protocol, TypeVar

import sqlite_utils
from sqlite_utils.migrations import Migrations

from kiosk.errors import StoreUnavailable
from kiosk.store.connection import BUSY_TIMEOUT_S, connect_reader, connect_writer
from kiosk.store.faults import in_words
from kiosk.store.files import free_bytes
from kiosk.store.migrations import MIGRATIONS
from kiosk.store.owner import Job, Owner

Result = TypeVar("Result")

_MB = 1024 * 1024
KEPT_FREE_BYTES = 32 * _MB
"""With less than this free, nothing new is accepted; the answers to what is queued are still written."""


class Worker(Protocol):
    """Whoever alone touches a connection."""

    async def do(self, job: Job[Result]) -> Result:
        """What `job` returns or raises; StoreUnavailable after `close`."""
        ...

    def close(self, last: Job[None] | None = None) -> None:
        """Finish what was asked for, then `last`, and close the connection."""
        ...


Hire = Callable[[str, Callable[[], sqlite_utils.Database]], Worker]
"""A worker by its name, on the connection that the second makes."""


class Database:
    """One SQLite file; every error of disk, file or lock becomes StoreUnavailable."""

    def __init__(self, path: Path, writer: Worker, reader: Worker, room: Callable[[], None]) -> None:
        """Use `Database.open`."""
        self.path = path
        self._writer = writer
        self._reader = reader
        self._require_room = room

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        migrations: Migrations = MIGRATIONS,
        busy_timeout_s: float = BUSY_TIMEOUT_S,
        kept_free_bytes: int = KEPT_FREE_BYTES,
        free_bytes: Callable[[Path], int] = free_bytes,
        hire: Hire = Owner,
    ) -> Database:
        """Open or make the database at `path`, up to date; blocks, so call it at the start.

        `hire` makes the writer and the reader: threads, or what a simulation has in their place.

        Raises StoreUnavailable with a sentence that says why not, and StoreTooNew. The file is not searched
        for damage, which would take longer the more it holds: the first call that meets damage reports it.
        """
        writer = hire("store-writer", partial(connect_writer, path, migrations, busy_timeout_s))
        try:
            reader = hire("store-reader", partial(connect_reader, path, busy_timeout_s))
        except BaseException:
            writer.close()
            raise
        return cls(path, writer, reader, partial(_require_room, path.parent, kept_free_bytes, free_bytes))

    async def read(self, job: Job[Result]) -> Result:
        """What `job` finds in one consistent view of the database; raises StoreUnavailable."""
        return await self._reader.do(partial(_in_transaction, begin="BEGIN", job=job))

    async def write(self, job: Job[Result], *, adds: bool = False) -> Result:
        """Do `job` in one transaction, on the disk when this returns; raises StoreUnavailable.

        With `adds` it is refused when the disk is nearly full. A job that raises leaves nothing behind. A
        cancelled await does not stop a job that runs: its work may be on the disk all the same, so jobs are
        made to be repeated.
        """

        def guarded(db: sqlite_utils.Database) -> Result:
            if adds:
                self._require_room()
            return job(db)

        return await self._writer.do(partial(_in_transaction, begin="BEGIN IMMEDIATE", job=guarded))

    def close(self) -> None:
        """Finish what was begun, fold the log into the file, end both threads; blocks; may be repeated."""
        self._reader.close()
        self._writer.close(_fold_log)


def _in_transaction(db: sqlite_utils.Database, *, begin: str, job: Job[Result]) -> Result:
    try:
        db.conn.execute(begin)
        try:
            result = job(db)
            db.conn.execute("COMMIT")
        except BaseException:
            with contextlib.suppress(sqlite3.Error):  # the first error is the one to tell
                db.rollback()
            raise
        return result
    except sqlite3.Error as error:
        fault = in_words(error)
        if fault is None:
            raise
        raise fault from error


def _fold_log(db: sqlite_utils.Database) -> None:
    # Where the disk is full this fails, and the log keeps what it holds until the next start.
    with contextlib.suppress(sqlite3.Error):
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def _require_room(folder: Path, kept_free_bytes: int, free_bytes: Callable[[Path], int]) -> None:
    try:
        left = free_bytes(folder)
    except OSError as error:
        raise StoreUnavailable(f"The disk of the database does not answer: {error.strerror}.") from error
    if left < kept_free_bytes:
        raise StoreUnavailable(
            f"The disk is nearly full: {left // _MB} MB are free, "
            f"and the kiosk keeps {kept_free_bytes // _MB} MB for what it has recorded already."
        )
