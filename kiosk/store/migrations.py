"""The shape of the database, and how an older file gets it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlite_utils
from sqlite_utils.migrations import Migrations

from kiosk.errors import StoreTooNew, StoreUnavailable
from kiosk.store.chain import begin_chain
from kiosk.store.schema import FIRST_LIGHT
from kiosk.store.schema_later import (
    BACKLOG,
    BY_HAND,
    CHAIN,
    CORRECTIONS,
    CULPRITS,
    DESK,
    ELSEWHERE_BY_TIME,
    EXPORTS,
    IDENTITIES,
    LOOKS,
    REFUSAL_STAMPS,
)

APPLICATION_ID = 0x4B41494B
"""`KAIK`: tells the file from other programs' (sqlite.org/pragma.html#pragma_application_id)."""

MIGRATIONS = Migrations("kiosk")


@MIGRATIONS(name="0001_first_light")
def first_light(db: sqlite_utils.Database) -> None:
    """Uses, annulments and refusals; the queue to the register; its news."""
    db.executescript(FIRST_LIGHT)


@MIGRATIONS(name="0002_exports")
def exports(db: sqlite_utils.Database) -> None:
    """Which items of the queue were put into a file for the register."""
    db.executescript(EXPORTS)


@MIGRATIONS(name="0003_chain")
def chain(db: sqlite_utils.Database) -> None:
    """The chain of uses, which begins with the next one."""
    db.executescript(CHAIN)
    begin_chain(db)


@MIGRATIONS(name="0004_corrections")
def corrections(db: sqlite_utils.Database) -> None:
    """Times that were put right."""
    db.executescript(CORRECTIONS)


@MIGRATIONS(name="0005_backlog")
def backlog(db: sqlite_utils.Database) -> None:
    """Counts of the queue, kept with each change of it."""
    db.executescript(BACKLOG)


@MIGRATIONS(name="0006_desk")
def desk(db: sqlite_utils.Database) -> None:
    """How the desk is set."""
    db.executescript(DESK)


@MIGRATIONS(name="0007_by_hand")
def by_hand(db: sqlite_utils.Database) -> None:
    """Events added by hand, and what uses at them say."""
    db.executescript(BY_HAND)


@MIGRATIONS(name="0008_identities")
def identities(db: sqlite_utils.Database) -> None:
    """Who the kiosk was to the register."""
    db.executescript(IDENTITIES)


@MIGRATIONS(name="0009_looks")
def looks(db: sqlite_utils.Database) -> None:
    """What staff have seen, and what the register took back."""
    db.executescript(LOOKS)


@MIGRATIONS(name="0010_elsewhere_by_time")
def elsewhere_by_time(db: sqlite_utils.Database) -> None:
    """A quick way to the uses of other doors that are to be forgotten."""
    db.executescript(ELSEWHERE_BY_TIME)


@MIGRATIONS(name="0011_culprits")
def culprits(db: sqlite_utils.Database) -> None:
    """Records that fail alone while others get through."""
    db.executescript(CULPRITS)


@MIGRATIONS(name="0012_refusal_stamps")
def refusal_stamps(db: sqlite_utils.Database) -> None:
    """Refusals by both clocks."""
    db.executescript(REFUSAL_STAMPS)


def bring_up_to_date(db: sqlite_utils.Database, migrations: Migrations) -> None:
    """Apply what `db` lacks, all of it together with its records or nothing.

    Raises StoreTooNew for a file with migrations that are not in `migrations`, StoreUnavailable for one that
    is not the kiosk's, and whatever a migration raises.
    """
    _refuse_foreign_file(db)
    _refuse_newer_file(db, migrations)
    if migrations.pending(db):
        # Locked for all of them: a second program that starts now waits, and then finds nothing to do.
        with _immediately(db):
            _refuse_newer_file(db, migrations)
            db.execute(f"PRAGMA application_id={APPLICATION_ID}")
            migrations.apply(db)


def _refuse_foreign_file(db: sqlite_utils.Database) -> None:
    (application_id,) = db.execute("PRAGMA application_id").fetchone()
    (tables,) = db.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    if application_id != APPLICATION_ID and (application_id or tables):
        raise StoreUnavailable("The database cannot be used: the file is the database of another program.")


def _refuse_newer_file(db: sqlite_utils.Database, migrations: Migrations) -> None:
    with sqlite_utils.Database(memory=True, execute_plugins=False) as nothing:
        known = {migration.name for migration in migrations.pending(nothing)}
    unknown = [migration.name for migration in migrations.applied(db) if migration.name not in known]
    if unknown:
        raise StoreTooNew(
            f"The database was written by a newer version of the kiosk (it has {', '.join(unknown)}). "
            "Install that version again; nothing was changed."
        )


@contextmanager
def _immediately(db: sqlite_utils.Database) -> Iterator[None]:
    db.conn.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.conn.execute("COMMIT")
    except BaseException:
        db.rollback()
        raise
