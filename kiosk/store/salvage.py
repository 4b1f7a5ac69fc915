"""Reading what was never delivered from a database that is held, may not be written, or is partly destroyed.

Neither the database nor its log is written, and an older file is read as it is: no migration and no checkpoint run
here. (Beside a database that nobody has open SQLite may leave an empty log and its index, where the disk lets it.)
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import sqlite_utils

from kiosk.cards.chain import Link
from kiosk.cards.exchange import Fate, Item, ItemKind, Parcel
from kiosk.errors import StoreUnavailable
from kiosk.store.chain import find_link
from kiosk.store.connection import BUSY_TIMEOUT_S
from kiosk.store.migrations import APPLICATION_ID
from kiosk.store.parcels import find_item, find_refusal_without_stamp, with_true_time
from kiosk.store.rows import NO_SENSE

NOT_DELIVERED = (Fate.WAITING, Fate.PARKED)
_BLOCK_BYTES = 64 * 1024
_SECTOR_BYTES = 512


@dataclass(frozen=True, slots=True)
class Salvage:
    """What could be read."""

    parcels: tuple[Parcel, ...]
    """Oldest first."""
    unreadable: int
    """Items that are in the queue and could not be read."""


def salvage(path: Path, fates: Iterable[Fate] = NOT_DELIVERED) -> Salvage:
    """All items with one of `fates` in one consistent view; raises StoreUnavailable where nothing can be read.

    Tried first in place, beside a kiosk that may be serving; a file that SQLite cannot open there (a write-ahead log
    on a disk that may not be written) is copied to the folder for temporary files and read there.
    """
    if not path.exists():
        raise StoreUnavailable(f"There is no database {path}.")
    try:
        return _salvage(path, fates)
    except sqlite3.Error:
        return _salvage_copy(path, fates)


def _salvage_copy(path: Path, fates: Iterable[Fate]) -> Salvage:
    try:
        with tempfile.TemporaryDirectory(prefix="kiosk-rescue-") as folder:
            copy = Path(folder) / path.name
            for ending in ("", "-wal"):
                _copy_what_is_readable(path.with_name(path.name + ending), copy.with_name(copy.name + ending))
            return _salvage(copy, fates)
    except OSError as error:
        raise StoreUnavailable(
            f"The database {path} cannot be copied for reading: {error.strerror}. "
            "TMPDIR may name another folder for the copy."
        ) from error
    except sqlite3.Error as error:
        raise StoreUnavailable(f"The database {path} cannot be read: {error}.") from error


def _salvage(path: Path, fates: Iterable[Fate]) -> Salvage:
    connection = sqlite3.connect(
        f"file:{quote(str(path))}?mode=ro", uri=True, timeout=BUSY_TIMEOUT_S, isolation_level=None
    )
    with contextlib.closing(connection):
        db = sqlite_utils.Database(connection, execute_plugins=False)
        db.execute("PRAGMA trusted_schema=OFF")
        db.conn.execute("BEGIN")
        (application_id,) = db.execute("PRAGMA application_id").fetchone()
        if application_id != APPLICATION_ID:
            raise StoreUnavailable(f"The file {path} is not a kiosk's database.")
        return _read(db, tuple(fates))


def _read(db: sqlite_utils.Database, fates: tuple[Fate, ...]) -> Salvage:
    parcels: list[Parcel] = []
    unreadable = 0
    for sequence in _sequences(db, fates):
        try:
            kind, item_id, attempts = db.execute(
                "SELECT kind, item_id, attempts FROM outbox NOT INDEXED WHERE sequence = ?", (sequence,)
            ).fetchone()
            item = _with_true_time(db, _item(db, kind, item_id))
            parcels.append(Parcel(sequence, item, attempts, _link(db, sequence, kind)))
        except NO_SENSE:
            unreadable += 1
    return Salvage(tuple(parcels), unreadable)


def _item(db: sqlite_utils.Database, kind: str, item_id: str) -> Item:
    """The item; a file of before the stamps of refusals has none."""
    try:
        return find_item(db, kind, item_id)
    except sqlite3.OperationalError:
        if kind != ItemKind.REFUSAL:
            raise
        return find_refusal_without_stamp(db, item_id)


def _with_true_time(db: sqlite_utils.Database, item: Item) -> Item:
    """A file of before the corrections has none, and a page of them that is destroyed costs no record."""
    with contextlib.suppress(sqlite3.DatabaseError):
        return with_true_time(db, item)
    return item


def _link(db: sqlite_utils.Database, sequence: int, kind: str) -> Link | None:
    """The use's place in the chain; None also in a file of before the chain, or where its page is destroyed."""
    if kind != ItemKind.USE:
        return None
    with contextlib.suppress(sqlite3.DatabaseError):
        return find_link(db, sequence)
    return None


def _sequences(db: sqlite_utils.Database, fates: tuple[Fate, ...]) -> list[int]:
    """Places in the queue, by the index and by the table: one of them may have lost a page that the other has."""
    wanted = ", ".join("?" * len(fates))
    found: set[int] = set()
    faults: list[sqlite3.Error] = []
    for how in ("INDEXED BY outbox_by_fate", "NOT INDEXED"):
        try:
            for (sequence,) in db.execute(f"SELECT sequence FROM outbox {how} WHERE fate IN ({wanted})", fates):
                found.add(sequence)
        except sqlite3.DatabaseError as error:
            faults.append(error)
    if len(faults) > 1 and not found:
        raise faults[0]
    return sorted(found)


def _copy_what_is_readable(source: Path, copy: Path) -> None:
    """Copy a file; sectors that the disk no longer gives are zeros, and SQLite finds the pages that they spoil."""
    try:
        descriptor = os.open(source, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        with copy.open("wb") as out:
            for block in _blocks(descriptor):
                out.write(block)
    finally:
        os.close(descriptor)


def _blocks(descriptor: int) -> Iterator[bytes]:
    size = os.fstat(descriptor).st_size
    for start in range(0, size, _BLOCK_BYTES):
        length = min(_BLOCK_BYTES, size - start)
        try:
            yield os.pread(descriptor, length, start)
        except OSError:
            for sector in range(start, start + length, _SECTOR_BYTES):
                yield _sector(descriptor, sector, min(_SECTOR_BYTES, start + length - sector))


def _sector(descriptor: int, start: int, length: int) -> bytes:
    try:
        return os.pread(descriptor, length, start)
    except OSError:
        return bytes(length)
