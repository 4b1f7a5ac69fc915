"""What SQLite's errors mean to whoever runs the register."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from register.errors import StoreUnavailable

_WORDS = {
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_READONLY: "it may only be read",
    sqlite3.SQLITE_IOERR: "the storage reports an error",
    sqlite3.SQLITE_BUSY: "another program holds it locked",
    sqlite3.SQLITE_LOCKED: "another program holds it locked",
    sqlite3.SQLITE_PROTOCOL: "another program holds it locked",
    sqlite3.SQLITE_CORRUPT: "it is damaged",
    sqlite3.SQLITE_NOTADB: "the file is not a database",
    sqlite3.SQLITE_CANTOPEN: "the file cannot be opened",
    sqlite3.SQLITE_PERM: "permission is denied",
    sqlite3.SQLITE_NOMEM: "the memory is full",
}
_PRIMARY = 0xFF
"""An extended result code holds its primary one in the lowest byte (sqlite.org/rescode.html)."""


@contextmanager
def faults_in_words(path: Path) -> Iterator[None]:
    """Turn faults of disk, file and lock into StoreUnavailable; mistakes of the program itself pass as they are."""
    try:
        yield
    except OSError as error:
        raise StoreUnavailable(f"The database {path} cannot be used: {error.strerror}.") from error
    except sqlite3.Error as error:
        code: int | None = getattr(error, "sqlite_errorcode", None)  # not every sqlite3.Error comes from SQLite
        words = None if code is None else _WORDS.get(code & _PRIMARY)
        if words is None:
            raise
        raise StoreUnavailable(f"The database {path} cannot be used: {words}.") from error
