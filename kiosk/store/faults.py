"""What the errors of SQLite and of the disk mean to the people at the kiosk."""

from __future__ import annotations

import errno
import os
import sqlite3
from pathlib import Path

from kiosk.errors import StoreFault, StoreUnavailable

_FAULTS = {
    sqlite3.SQLITE_FULL: StoreFault.FULL,
    sqlite3.SQLITE_READONLY: StoreFault.READ_ONLY,
    sqlite3.SQLITE_CORRUPT: StoreFault.DAMAGED,
    sqlite3.SQLITE_NOTADB: StoreFault.DAMAGED,
    sqlite3.SQLITE_BUSY: StoreFault.LOCKED,
    sqlite3.SQLITE_LOCKED: StoreFault.LOCKED,
    sqlite3.SQLITE_PROTOCOL: StoreFault.LOCKED,
}
_DISK_FAULTS = {
    errno.ENOSPC: StoreFault.FULL,
    errno.EDQUOT: StoreFault.FULL,
    errno.EFBIG: StoreFault.FULL,
    errno.EROFS: StoreFault.READ_ONLY,
}
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
    if code is None:
        return None
    # The log's index cannot grow: there is no room for it (sqlite.org/rescode.html#ioerr_shmsize).
    primary = sqlite3.SQLITE_FULL if code == sqlite3.SQLITE_IOERR_SHMSIZE else code & _PRIMARY
    words = _WORDS.get(primary)
    if words is None:
        return None
    fault = _FAULTS.get(primary, StoreFault.FAILING)
    return StoreUnavailable(f"The database cannot be used: {words} ({error.sqlite_errorname}).", fault)


def told_by_folder(fault: StoreUnavailable, folder: Path) -> StoreUnavailable:
    """`fault`, or what the disk itself says where SQLite only knows of an error.

    A file system that the kernel made read-only after an error refuses writes to open files with EROFS, which SQLite
    hides, and its mount flags may still say that it can be written.
    """
    if fault.fault is not StoreFault.FAILING:
        return fault
    try:
        os.close(os.open(folder, os.O_TMPFILE | os.O_WRONLY | os.O_CLOEXEC, 0o600))
    except OSError as error:
        return StoreUnavailable(f"{fault} The disk says: {error.strerror}.", fault_of_disk(error))
    return fault


def fault_of_disk(error: OSError) -> StoreFault:
    """The fault that an error of the file system tells of."""
    return _DISK_FAULTS.get(error.errno or 0, StoreFault.FAILING)
