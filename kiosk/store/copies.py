"""Copies of the database in a folder: made whole or not at all, looked through, numbered, the oldest dropped."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import sqlite_utils

from kiosk.errors import StoreFault, StoreUnavailable
from kiosk.store.faults import fault_of_disk, in_words
from kiosk.store.files import free_bytes, make_private_file, sync_folder
from kiosk.store.soundness import require_sound

COUNTED = ("uses", "annulments", "refusals", "outbox")
"""The tables that only ever grow: a copy holds as many rows as there were when it was begun, or a few more."""
KEPT_FREE_BYTES = 64 * 1024 * 1024
"""A copy that would leave less free is not made: twice what the desk needs to stay open."""
_NAME = re.compile(r"kiosk-(\d{6})-\d{4}-\d{2}-\d{2}\.db")


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy that was looked through and found whole."""

    path: Path
    rows: Mapping[str, int]
    """How many rows each table of COUNTED has."""


def make_copy(
    database: Path,
    folder: Path,
    now: dt.datetime,
    *,
    keep: int,
    free_bytes: Callable[[Path], int] = free_bytes,
) -> Copy:
    """Copy `database`, which may be in use, into `folder`, and keep the newest `keep` copies there; blocks.

    Older copies make room where the disk needs it, but the newest stays until a newer one was looked through. Raises
    StoreUnavailable, with the fault DAMAGED where the database itself is.
    """
    with _disk_in_words(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _clear_away_halves(folder)
        _require_room(database, folder, free_bytes)
        copies = copies_in(folder)
        number = 1 + (0 if not copies else int(copies[0].name.split("-")[1]))
        path = folder / f"kiosk-{number:06}-{now:%Y-%m-%d}.db"
        half = path.with_name(f"{path.name}.new")
        make_private_file(half)
        try:
            before = _written_into(database, half)
            copy = Copy(path, rows_of(half))
            if any(copy.rows[table] < before[table] for table in COUNTED):
                raise StoreUnavailable(f"The copy {half.name} lacks records: {copy.rows} of {before}.")
            half.replace(path)
        finally:
            half.unlink(missing_ok=True)
        sync_folder(folder)
        for old in copies_in(folder)[keep:]:
            old.unlink()
    return copy


def copies_in(folder: Path) -> list[Path]:
    """The finished copies in `folder`, newest first."""
    return sorted((path for path in folder.glob("kiosk-*.db") if _NAME.fullmatch(path.name)), reverse=True)


def rows_of(copy: Path) -> dict[str, int]:
    """How many records `copy` holds, after all of it was read and found whole; raises StoreUnavailable."""
    with _reading(copy) as db:
        require_sound(db, whole=True)
        return _counts(db)


def drop_copies_for_room(folder: Path, *, free_bytes: Callable[[Path], int] = free_bytes) -> None:
    """Remove the oldest copies while the disk is nearly full, but never the newest; raises StoreUnavailable."""
    with _disk_in_words(folder):
        for old in reversed(copies_in(folder)[1:]):
            if free_bytes(folder) >= KEPT_FREE_BYTES:
                return
            old.unlink()


def _written_into(database: Path, half: Path) -> dict[str, int]:
    """Write `database` into the empty file `half`, on the disk when this returns; what there was to write."""
    with _reading(database) as db:
        before = _counts(db)
        # What was deleted is left behind, and the records stay readable and writable meanwhile.
        db.execute("VACUUM INTO ?", (str(half),))
    descriptor = os.open(half, os.O_RDWR | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    return before


def _counts(db: sqlite_utils.Database) -> dict[str, int]:
    return {table: db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in COUNTED}


@contextlib.contextmanager
def _reading(path: Path) -> Iterator[sqlite_utils.Database]:
    """A connection of its own that makes no file; raises StoreUnavailable, also from within."""
    try:
        # `rw`, as the log's index may have to be written to read at all.
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None, timeout=5)
        with contextlib.closing(connection):
            yield sqlite_utils.Database(connection, execute_plugins=False)
    except sqlite3.Error as error:
        raise in_words(error) or StoreUnavailable(f"{path} cannot be copied: {error}.") from error


def _require_room(database: Path, folder: Path, free_bytes: Callable[[Path], int]) -> None:
    log = database.with_name(f"{database.name}-wal")
    needed = sum(path.stat().st_size for path in (database, log) if path.exists())
    for old in reversed(copies_in(folder)[1:]):
        if free_bytes(folder) - needed >= KEPT_FREE_BYTES:
            return
        old.unlink()
    left = free_bytes(folder)
    if left - needed < KEPT_FREE_BYTES:
        raise StoreUnavailable(
            f"There is no room for a copy in {folder}: it takes {needed // 2**20 + 1} MB, and {left // 2**20} MB are "
            f"free, of which {KEPT_FREE_BYTES // 2**20} MB are kept for the desk.",
            StoreFault.FULL,
        )


def _clear_away_halves(folder: Path) -> None:
    for half in folder.glob("kiosk-*.db.new*"):
        half.unlink(missing_ok=True)


@contextlib.contextmanager
def _disk_in_words(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreUnavailable(f"No copy in {folder}: {error.strerror}.", fault_of_disk(error)) from error
