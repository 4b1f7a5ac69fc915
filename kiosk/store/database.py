"""The database and its two owner threads: one writes, one reads, and the event loop waits for neither."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

import sqlite_utils
from sqlite_utils.migrations import Migrations

from kiosk.errors import StoreError, StoreFault, StoreUnavailable
from kiosk.store.connection import BUSY_TIMEOUT_S
from kiosk.store.faults import fault_of_disk, in_words, told_by_folder
from kiosk.store.files import free_bytes
from kiosk.store.migrations import MIGRATIONS
from kiosk.store.opening import Opening, Owners
from kiosk.store.owner import Hire, Job, Owner

Result = TypeVar("Result")

_MB = 1024 * 1024
KEPT_FREE_BYTES = 32 * _MB
"""With less than this free, nothing new is accepted; the answers to what is queued are still written."""


class Database:
    """One SQLite file; every error of disk, file or lock becomes StoreUnavailable.

    Once damage was met, nothing more is read or written, as if it had never been opened, until `revive` finds the
    file whole.
    """

    def __init__(self, path: Path, opening: Opening, room: Callable[[], None]) -> None:
        """Use `Database.open` or `Database.open_when_possible`."""
        self.path = path
        self._folder = path.parent
        self._opening = opening
        self._require_room = room
        self._owners: Owners | None = None
        self._fault: StoreError | None = StoreUnavailable("The database is not open yet.")
        self._closed = False
        self._lock = threading.Lock()

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

        Raises StoreUnavailable with a sentence that says why not, and StoreTooNew. The records are searched for
        damage; the card list is not, as it would take long: the first call that meets damage reports it.
        """
        opening = Opening(path, migrations, busy_timeout_s, hire=hire)
        database = cls(path, opening, partial(_require_room, path.parent, kept_free_bytes, free_bytes))
        database._open()
        return database

    @classmethod
    def open_when_possible(cls, path: Path, *, before: Callable[[], None] = lambda: None) -> Database:
        """The database at `path`, also where it cannot be opened now: then every call says why, and `revive` helps.

        `before` is called before each try; what it raises (StoreError) stops the try.
        """
        opening = Opening(path, MIGRATIONS, BUSY_TIMEOUT_S, before)
        database = cls(path, opening, partial(_require_room, path.parent, KEPT_FREE_BYTES, free_bytes))
        with contextlib.suppress(StoreError):  # each call says it
            database._open()
        return database

    async def revive(self) -> None:
        """Open again what could not be opened or was damaged; nothing to do where it works; raises StoreError."""
        if self._fault is not None:
            await asyncio.to_thread(self._open)

    async def read(self, job: Job[Result]) -> Result:
        """What `job` finds in one consistent view of the database; raises StoreUnavailable."""
        owners = self._require_open()
        try:
            return await owners.reader.do(partial(_in_transaction, begin="BEGIN", job=job, folder=self._folder))
        except StoreUnavailable as error:
            self._remember(error)
            raise

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

        owners = self._require_open()
        try:
            return await owners.writer.do(
                partial(_in_transaction, begin="BEGIN IMMEDIATE", job=guarded, folder=self._folder)
            )
        except StoreUnavailable as error:
            self._remember(error)
            raise

    def found_damaged(self, error: StoreUnavailable) -> None:
        """Use the file no more: somebody read through it, and met what `error` says."""
        self._remember(error)

    def close(self) -> None:
        """Finish what was begun, fold the log into the file, end both threads; blocks; may be repeated."""
        with self._lock:
            self._closed = True
            if self._owners is not None:
                self._owners.close(None if self._fault is not None else _fold_log)

    def _open(self) -> None:
        with self._lock:
            if self._closed:
                raise StoreUnavailable("The database is closed.")
            try:
                if self._owners is not None:
                    self._owners.close(None)
                    self._owners = None
                self._owners = self._opening.open()
            except StoreError as error:
                self._fault = error
                raise
            self._fault = None

    def _require_open(self) -> Owners:
        if self._fault is not None:
            # Every call of the store may raise StoreUnavailable; only who opens hears of StoreTooNew.
            raise StoreUnavailable(str(self._fault), self._fault.fault)
        if self._owners is None:
            raise StoreUnavailable("The database is closed.")
        return self._owners

    def _remember(self, error: StoreUnavailable) -> None:
        if error.fault is StoreFault.DAMAGED and self._fault is None:
            self._fault = error
            self._opening.distrust()


def _in_transaction(db: sqlite_utils.Database, *, begin: str, job: Job[Result], folder: Path) -> Result:
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
        raise told_by_folder(fault, folder) from error


def _fold_log(db: sqlite_utils.Database) -> None:
    # Where the disk is full this fails, and the log keeps what it holds until the next start.
    with contextlib.suppress(sqlite3.Error):
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def _require_room(folder: Path, kept_free_bytes: int, free_bytes: Callable[[Path], int]) -> None:
    try:
        left = free_bytes(folder)
    except OSError as error:
        raise StoreUnavailable(
            f"The disk of the database does not answer: {error.strerror}.", fault_of_disk(error)
        ) from error
    if left < kept_free_bytes:
        raise StoreUnavailable(
            f"The disk is nearly full: {left // _MB} MB are free, "
            f"and the kiosk keeps {kept_free_bytes // _MB} MB for what it has recorded already.",
            StoreFault.FULL,
        )
