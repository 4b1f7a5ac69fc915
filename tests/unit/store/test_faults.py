"""SQLite's errors in words: faults of disk, file and lock are told, mistakes of the program are not."""

from __future__ import annotations

import sqlite3

import pytest

from kiosk.store.faults import in_words


def an_error(code: int | None, name: str) -> sqlite3.Error:
    error = sqlite3.OperationalError("words of SQLite's own")
    if code is not None:
        error.sqlite_errorcode = code
        error.sqlite_errorname = name
    return error


@pytest.mark.parametrize(
    ("code", "name", "words"),
    [
        (sqlite3.SQLITE_FULL, "SQLITE_FULL", "the disk is full"),
        (sqlite3.SQLITE_READONLY, "SQLITE_READONLY", "it may only be read"),
        (sqlite3.SQLITE_READONLY_DIRECTORY, "SQLITE_READONLY_DIRECTORY", "it may only be read"),
        (sqlite3.SQLITE_IOERR, "SQLITE_IOERR", "the storage reports an error"),
        (sqlite3.SQLITE_IOERR_FSYNC, "SQLITE_IOERR_FSYNC", "the storage reports an error"),
        (sqlite3.SQLITE_IOERR_SHMSIZE, "SQLITE_IOERR_SHMSIZE", "the disk is full"),
        (sqlite3.SQLITE_BUSY, "SQLITE_BUSY", "another program holds it locked"),
        (sqlite3.SQLITE_LOCKED, "SQLITE_LOCKED", "another program holds it locked"),
        (sqlite3.SQLITE_CORRUPT, "SQLITE_CORRUPT", "it is damaged"),
        (sqlite3.SQLITE_CORRUPT_INDEX, "SQLITE_CORRUPT_INDEX", "it is damaged"),
        (sqlite3.SQLITE_NOTADB, "SQLITE_NOTADB", "the file is not a database"),
        (sqlite3.SQLITE_CANTOPEN, "SQLITE_CANTOPEN", "the file cannot be opened"),
        (sqlite3.SQLITE_PERM, "SQLITE_PERM", "permission is denied"),
        (sqlite3.SQLITE_NOMEM, "SQLITE_NOMEM", "the memory is full"),
    ],
)
def test_a_fault_is_told_in_words_with_its_name(code: int, name: str, words: str) -> None:
    assert str(in_words(an_error(code, name))) == f"The database cannot be used: {words} ({name})."


@pytest.mark.parametrize(
    ("code", "name"),
    [
        (sqlite3.SQLITE_ERROR, "SQLITE_ERROR"),
        (sqlite3.SQLITE_CONSTRAINT_TRIGGER, "SQLITE_CONSTRAINT_TRIGGER"),
        (sqlite3.SQLITE_MISUSE, "SQLITE_MISUSE"),
        (None, ""),
    ],
)
def test_a_mistake_in_the_program_is_no_fault_of_the_disk(code: int | None, name: str) -> None:
    assert in_words(an_error(code, name)) is None
