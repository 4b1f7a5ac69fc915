"""Putting a copy in the place of a lost or damaged database, with all records that the latter still gives."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kiosk.errors import StoreUnavailable
from kiosk.store.chain import begin_chain
from kiosk.store.connection import BUSY_TIMEOUT_S, connect_writer
from kiosk.store.copies import rows_of
from kiosk.store.faults import fault_of_disk, in_words
from kiosk.store.files import close_to_others, make_private_file, sync_folder
from kiosk.store.migrations import MIGRATIONS
from kiosk.store.taken_over import take_over

ASIDE = ".aside-"
_BESIDE = ("-wal", "-shm")


@dataclass(frozen=True, slots=True)
class Restored:
    """What was done."""

    uses: int
    """Uses in the database now."""
    saved: int
    """Records that only the old database had, and that were taken over."""
    aside: Path | None
    """Where the old database lies now; None: there was none."""


def restore(copy: Path, database: Path) -> Restored:
    """Put `copy` in the place of `database`, which nobody may have open; blocks.

    Records that the copy lacks are taken from the old database and from those put aside before, as far as they can
    be read. The old one is put aside, never deleted. Stopped anywhere, it can be done again. Raises StoreUnavailable
    and StoreTooNew, and then `database` is as it was.
    """
    rows_of(copy)
    fresh = database.with_name(f"{database.name}.restoring")
    with _disk_in_words(database):
        _remove(fresh)
        make_private_file(fresh)
        shutil.copyfile(copy, fresh)
        try:
            saved = _filled_up(fresh, [each for each in (database, *_put_aside_before(database)) if each.exists()])
            uses = rows_of(fresh)["uses"]
            _remove_beside(fresh)
            _sync(fresh)
            aside = _put_aside(database)
            # A log that stayed here would be played into the new file.
            _remove_beside(database)
            sync_folder(database.parent)
            fresh.replace(database)
            sync_folder(database.parent)
        finally:
            _remove(fresh)
    return Restored(uses, saved, aside)


def files_put_aside(database: Path) -> list[Path]:
    """Every file of the databases that a restore put aside."""
    return sorted(database.parent.glob(f"{database.name}{ASIDE}*"))


def _filled_up(fresh: Path, sources: list[Path]) -> int:
    """Bring `fresh` up to date and put into it what only `sources` have; how many records that were."""
    db = connect_writer(fresh, MIGRATIONS, BUSY_TIMEOUT_S)
    try:
        saved = sum(take_over(db, source) for source in sources)
        begin_chain(db)
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        db.execute("PRAGMA journal_mode=DELETE").fetchall()
    except sqlite3.Error as error:
        raise in_words(error) or StoreUnavailable(f"The copy cannot be used: {error}.") from error
    finally:
        db.close()
    return saved


def _put_aside(database: Path) -> Path | None:
    """Keep the old database under a name of its own, while it stays in its place."""
    if not database.exists():
        return None
    number = 1 + len(_put_aside_before(database))
    aside = database.with_name(f"{database.name}{ASIDE}{number}")
    for ending in ("", "-wal"):
        old = database.with_name(database.name + ending)
        if old.exists():
            os.link(old, aside.with_name(aside.name + ending))
    sync_folder(database.parent)
    return aside


def _put_aside_before(database: Path) -> list[Path]:
    return [each for each in files_put_aside(database) if not each.name.endswith(_BESIDE)]


def _remove_beside(path: Path) -> None:
    for ending in _BESIDE:
        path.with_name(path.name + ending).unlink(missing_ok=True)


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)
    _remove_beside(path)


def _sync(path: Path) -> None:
    close_to_others(path)
    descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def _disk_in_words(database: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreUnavailable(f"{database} cannot be restored: {error.strerror}.", fault_of_disk(error)) from error
