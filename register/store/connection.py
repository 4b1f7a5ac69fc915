"""Opening the database file so that a commit that returned is on the disk."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from pathlib import Path

import sqlite_utils

from register.errors import StoreUnavailable
from register.store.faults import faults_in_words
from register.store.files import sync_folder
from register.store.migrations import bring_up_to_date

BUSY_TIMEOUT_S = 10.0
"""How long a statement waits for another program, such as `register token`, to let go of the file."""
SYNCHRONOUS_FULL = 2


def connect_writer(path: Path) -> sqlite_utils.Database:
    """The one connection of this process that writes; makes the file, or brings it up to date."""
    with faults_in_words(path):
        _make_file(path)
        db = _connect(path)
        try:
            _keep_commits(db, path)
            bring_up_to_date(db)
        except BaseException:
            db.close()
            raise
        return db


def connect_reader(path: Path) -> sqlite_utils.Database:
    """A connection that cannot write, beside the writer."""
    with faults_in_words(path):
        db = _connect(path)
        try:
            db.execute("PRAGMA query_only=ON")
        except BaseException:
            db.close()
            raise
        return db


def _connect(path: Path) -> sqlite_utils.Database:
    # Without isolation level the driver opens no transaction of its own: each begins where the code says so.
    connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT_S, isolation_level=None)
    try:
        db = sqlite_utils.Database(connection, execute_plugins=False)
        db.execute("PRAGMA foreign_keys=ON")
        db.execute("PRAGMA trusted_schema=OFF")
    except BaseException:
        connection.close()
        raise
    return db


def _keep_commits(db: sqlite_utils.Database, path: Path) -> None:
    (journal_mode,) = db.execute("PRAGMA journal_mode=WAL").fetchone()
    db.execute("PRAGMA synchronous=FULL")
    (synchronous,) = db.execute("PRAGMA synchronous").fetchone()
    if journal_mode != "wal" or synchronous != SYNCHRONOUS_FULL:
        raise StoreUnavailable(f"The database {path} cannot be used: its disk cannot promise to keep a commit.")


def _make_file(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, 0o600))
        sync_folder(path.parent)
