"""The shape of the database, and how an older file gets it."""

from __future__ import annotations

import sqlite_utils
from sqlite_utils.migrations import Migrations

from register.errors import StoreTooNew, StoreUnavailable
from register.store.schema import FIRST_LIGHT
from register.store.schema_later import (
    DEVICES,
    HEADS,
    LABELS,
    LATER_TIMES,
    LINKS,
    REASON_TURNS,
    UNCORRECTED,
    UNCORRECTED_HOURS,
    VENUE_ANNULMENTS,
)

APPLICATION_ID = 0x4B52454B
"""`KREK`: tells the file apart from any other SQLite database (sqlite.org/pragma.html#pragma_application_id)."""

MIGRATIONS = Migrations("register")


@MIGRATIONS(name="0001_first_light")
def first_light(db: sqlite_utils.Database) -> None:
    """Cards, events, kiosks, uses, the feed."""
    db.executescript(FIRST_LIGHT)


@MIGRATIONS(name="0002_links")
def links(db: sqlite_utils.Database) -> None:
    """Where uses stand in the chains of their kiosks."""
    db.executescript(LINKS)


@MIGRATIONS(name="0003_chain_heads")
def chain_heads(db: sqlite_utils.Database) -> None:
    """How far the chains reach by their kiosks' word."""
    db.executescript(HEADS)


@MIGRATIONS(name="0004_uncorrected")
def uncorrected(db: sqlite_utils.Database) -> None:
    """The times before they were put right."""
    db.executescript(UNCORRECTED)


@MIGRATIONS(name="0005_later_times")
def later_times(db: sqlite_utils.Database) -> None:
    """Times that were put right after the record was here."""
    db.executescript(LATER_TIMES)


@MIGRATIONS(name="0006_venue_annulments")
def venue_annulments(db: sqlite_utils.Database) -> None:
    """Uses that their venue took back."""
    db.executescript(VENUE_ANNULMENTS)


@MIGRATIONS(name="0007_labels")
def labels(db: sqlite_utils.Database) -> None:
    """What staff called events that are not known here."""
    db.executescript(LABELS)


@MIGRATIONS(name="0008_devices")
def devices(db: sqlite_utils.Database) -> None:
    """Which kiosks are one device under several names."""
    db.executescript(DEVICES)


@MIGRATIONS(name="0009_reason_turns")
def reason_turns(db: sqlite_utils.Database) -> None:
    """Reasons that no longer stand."""
    db.executescript(REASON_TURNS)


@MIGRATIONS(name="0010_uncorrected_hours")
def uncorrected_hours(db: sqlite_utils.Database) -> None:
    """The hours of refusals before they were put right."""
    db.executescript(UNCORRECTED_HOURS)


def bring_up_to_date(db: sqlite_utils.Database) -> None:
    """Apply what `db` lacks; each migration commits with its own record.

    Raises StoreUnavailable for another program's file, StoreTooNew for a newer register's.
    """
    (application_id,) = db.execute("PRAGMA application_id").fetchone()
    (tables,) = db.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    if application_id != APPLICATION_ID and (application_id or tables):
        raise StoreUnavailable("The database cannot be used: the file is the database of another program.")
    db.conn.execute("BEGIN IMMEDIATE")  # a second program that starts now waits, and then finds nothing to do
    try:
        _refuse_newer_file(db)
        db.execute(f"PRAGMA application_id={APPLICATION_ID}")
        MIGRATIONS.apply(db)
        db.conn.execute("COMMIT")
    except BaseException:
        db.rollback()
        raise


def _refuse_newer_file(db: sqlite_utils.Database) -> None:
    with sqlite_utils.Database(memory=True, execute_plugins=False) as nothing:
        known = {migration.name for migration in MIGRATIONS.pending(nothing)}
    unknown = [migration.name for migration in MIGRATIONS.applied(db) if migration.name not in known]
    if unknown:
        raise StoreTooNew(
            f"The database was written by a newer version of the register (it has {', '.join(unknown)}). "
            "Install that version again; nothing was changed."
        )
