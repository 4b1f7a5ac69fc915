"""What SQLite's errors mean to the people at the kiosk."""

from __future__ import annotations

import sqlite3

from kiosk.errors import StoreUnavailable

_WORDS = {
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_READONLY: "it may only be read",
    sqlite3.SQLITE_IOERR: "the storage reports an error",
    sqlite3.SQLITE_BUSY: "another program holds it locked",
    sqlite3.SQLITE_LOCKED: "another program holds it locked",
    sqlite3.SQLITE_CORRUPT: "it is damaged",
    sqlite3.SQLITE_NOTADB: "the file is not a database",
    sqlite3.SQLITE_CANTOPEN: "the file cannot be opened",
    sqlite3.SQLITE_PERM: "permission is denied",
    sqlite3.SQLITE_NOMEM: "the memory is full",
    sqlite3.SQLITE_PROTOCOL: "another program holds it locked",
}
_PRIMARY = 0xFF
"""An extended result code holds its primary one in the lowest byte (sqlite.org/rescode.html)."""


def in_words(error: sqlite3.Error) -> StoreUnavailable | None:
    """The fault of disk, file or lock that `error` tells of; None for a mistake in the program itself."""
    code: int | None = getattr(error, "sqlite_errorcode", None)  # not every sqlite3.Error comes from SQLite
    words = None if code is None else _WORDS.get(code & _PRIMARY)
    return (
        None if words is None else StoreUnavailable(f"The database cannot be used: {words} ({error.sqlite_errorname}).")
    )
