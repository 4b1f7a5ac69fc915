"""The database and its two owner threads: one writes, one reads, and the event loop waits for neither."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TypeVar

import sqlite_utils

from register.errors import StoreUnavailable
from register.store.connection import connect_reader, connect_writer
from register.store.faults import faults_in_words

Result = TypeVar("Result")
Job = Callable[[sqlite_utils.Database], Result]
"""Work inside a transaction that it neither begins nor ends; returns values, never open cursors."""


class Database:
    """One SQLite file; every fault of disk, file or lock becomes StoreUnavailable."""

    def __init__(self, path: Path) -> None:
        """Open or make the file at `path` and bring it up to date; blocks, so do it before serving."""
        self._path = path
        self._writer = _Owner("register-writer", partial(connect_writer, path))
        try:
            self._reader = _Owner("register-reader", partial(connect_reader, path))
        except BaseException:
            self._writer.close()
            raise

    async def read(self, job: Job[Result]) -> Result:
        """What `job` finds in one consistent view; raises StoreUnavailable."""
        return await asyncio.wrap_future(self._reader.submit(partial(self._in_transaction, "BEGIN", job)))

    async def write(self, job: Job[Result]) -> Result:
        """Run `job` in one transaction, which is on the disk when this returns; raises StoreUnavailable.

        A cancelled wait does not stop work that has begun.
        """
        return await asyncio.wrap_future(self._writer.submit(partial(self._in_transaction, "BEGIN IMMEDIATE", job)))

    def write_now(self, job: Job[Result]) -> Result:
        """As `write`, for programs without an event loop; blocks."""
        return self._writer.submit(partial(self._in_transaction, "BEGIN IMMEDIATE", job)).result()

    def close(self) -> None:
        """Finish what was begun, fold the log into the file, and end both threads; blocks; again is harmless."""
        self._reader.close()
        self._writer.close(_fold_log)

    def _in_transaction(self, begin: str, job: Job[Result], db: sqlite_utils.Database) -> Result:
        with faults_in_words(self._path):
            db.conn.execute(begin)
            try:
                result = job(db)
                db.conn.execute("COMMIT")
            except BaseException:
                with contextlib.suppress(sqlite3.Error):  # the first error is the one to tell
                    db.rollback()
                raise
            return result


class _Owner:
    """One thread that alone touches one connection."""

    def __init__(self, name: str, connect: Callable[[], sqlite_utils.Database]) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)
        try:
            self._connection = self._thread.submit(connect).result()
        except BaseException:
            self._thread.shutdown()
            raise

    def submit(self, job: Job[Result]) -> Future[Result]:
        try:
            return self._thread.submit(job, self._connection)
        except RuntimeError:
            raise StoreUnavailable("The database is closed.") from None

    def close(self, last: Job[None] | None = None) -> None:
        with contextlib.suppress(RuntimeError):  # closed before
            if last is not None:
                self._thread.submit(last, self._connection)
            self._thread.submit(self._connection.close)
        self._thread.shutdown()


def _fold_log(db: sqlite_utils.Database) -> None:
    # Where the disk is full this fails, and the log keeps what it holds until the next start.
    with contextlib.suppress(sqlite3.Error):
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
