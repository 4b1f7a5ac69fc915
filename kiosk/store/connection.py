"""Opening the database file so that a commit that returned is on the disk."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlite_utils
from sqlite_utils.migrations import Migrations

from kiosk.errors import StoreUnavailable
from kiosk.store.faults import fault_of_disk, in_words
from kiosk.store.files import close_to_others, make_private_file
from kiosk.store.migrations import bring_up_to_date
from kiosk.store.soundness import require_sound_records

BUSY_TIMEOUT_S = 5.0
"""How long a statement waits for another program, such as `kiosk queue`, to let go of the file."""
WAL_PAGES_BEFORE_CHECKPOINT = 1000
WAL_BYTES_KEPT = 16 * 1024 * 1024
LONGEST_LOOK_THROUGH_S = 2.0
"""The desk opens after this at the latest; 200,000 uses take a quarter of it on a PC."""
SYNCHRONOUS_FULL = 2


def connect_writer(
    path: Path,
    migrations: Migrations,
    busy_timeout_s: float,
    look_through: Callable[[sqlite_utils.Database], None] | None = None,
) -> sqlite_utils.Database:
    """The one connection that writes, to a file made or brought up to date.

    Its records are searched for damage, and the whole file by `look_through` where it is given. Raises
    StoreUnavailable and StoreTooNew.
    """
    with _opening(path):
        make_private_file(path)
        for beside in ("-wal", "-shm"):
            close_to_others(path.with_name(path.name + beside))
        db = _connect(path, busy_timeout_s)
        try:
            _use_write_ahead_log(db)
            db.execute(f"PRAGMA wal_autocheckpoint={WAL_PAGES_BEFORE_CHECKPOINT}")
            db.execute(f"PRAGMA journal_size_limit={WAL_BYTES_KEPT}")
            # Tails that were purged are overwritten, as far as this costs no extra writing.
            db.execute("PRAGMA secure_delete=FAST")
            # A page that was damaged is met now, and not by the first visitor of the evening.
            require_sound_records(db, LONGEST_LOOK_THROUGH_S)
            if look_through is not None:
                look_through(db)
            bring_up_to_date(db, migrations)
        except BaseException:
            db.close()
            raise
        return db


def connect_reader(path: Path, busy_timeout_s: float) -> sqlite_utils.Database:
    """A connection that cannot write, beside the writer; raises StoreUnavailable."""
    with _opening(path):
        db = _connect(path, busy_timeout_s)
        try:
            db.execute("PRAGMA query_only=ON")
            # Only the writer moves the log into the database, so no reader ever pays for it.
            db.execute("PRAGMA wal_autocheckpoint=0")
        except BaseException:
            db.close()
            raise
        return db


def _connect(path: Path, busy_timeout_s: float) -> sqlite_utils.Database:
    # Without isolation level the driver opens no transaction of its own: each begins where the code says so.
    connection = sqlite3.connect(path, timeout=busy_timeout_s, isolation_level=None)
    try:
        db = sqlite_utils.Database(connection, execute_plugins=False)
        db.execute("PRAGMA foreign_keys=ON")
        db.execute("PRAGMA trusted_schema=OFF")
        db.execute("PRAGMA temp_store=MEMORY")
    except BaseException:
        connection.close()
        raise
    return db


def _use_write_ahead_log(db: sqlite_utils.Database) -> None:
    (journal_mode,) = db.execute("PRAGMA journal_mode=WAL").fetchone()
    db.execute("PRAGMA synchronous=FULL")
    (synchronous,) = db.execute("PRAGMA synchronous").fetchone()
    if journal_mode != "wal" or synchronous != SYNCHRONOUS_FULL:
        raise StoreUnavailable(
            "The database cannot be used: its disk cannot promise that a record stays "
            f"(journal mode {journal_mode}, synchronous {synchronous}). Put it on a local disk."
        )


@contextmanager
def _opening(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise in_words(error) or StoreUnavailable(f"The database {path} cannot be opened: {error}.") from error
    except OSError as error:
        raise StoreUnavailable(
            f"The database {path} cannot be opened: {error.strerror}.", fault_of_disk(error)
        ) from error
