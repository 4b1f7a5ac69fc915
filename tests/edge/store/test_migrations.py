"""Migrations: with their record or not at all, and never backwards."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import sqlite_utils
from sqlite_utils.migrations import Migrations

from kiosk.errors import StoreTooNew, StoreUnavailable
from kiosk.store.database import Database
from kiosk.store.migrations import (
    backlog,
    by_hand,
    chain,
    corrections,
    culprits,
    desk,
    elsewhere_by_time,
    exports,
    first_light,
    identities,
    looks,
    refusal_stamps,
)

KNOWN = [
    "0001_first_light",
    "0002_exports",
    "0003_chain",
    "0004_corrections",
    "0005_backlog",
    "0006_desk",
    "0007_by_hand",
    "0008_identities",
    "0009_looks",
    "0010_elsewhere_by_time",
    "0011_culprits",
    "0012_refusal_stamps",
]


def next_version(*, fails: bool) -> Migrations:
    """The kiosk's migrations as a later version may have them."""
    migrations = Migrations("kiosk")
    migrations(name="0001_first_light")(first_light)
    migrations(name="0002_exports")(exports)
    migrations(name="0003_chain")(chain)
    migrations(name="0004_corrections")(corrections)
    migrations(name="0005_backlog")(backlog)
    migrations(name="0006_desk")(desk)
    migrations(name="0007_by_hand")(by_hand)
    migrations(name="0008_identities")(identities)
    migrations(name="0009_looks")(looks)
    migrations(name="0010_elsewhere_by_time")(elsewhere_by_time)
    migrations(name="0011_culprits")(culprits)
    migrations(name="0012_refusal_stamps")(refusal_stamps)

    @migrations(name="9999_later")
    def later(db: sqlite_utils.Database) -> None:
        db.execute("CREATE TABLE later (id INTEGER)")
        if fails:
            db.execute("INSERT INTO later VALUES ('no number', 'too many')")

    return migrations


def applied(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as other:
        return [name for (name,) in other.execute("SELECT name FROM _sqlite_migrations ORDER BY id")]


def tables(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as other:
        return [name for (name,) in other.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]


def test_a_fresh_file_has_every_migration_on_record(path: Path) -> None:
    Database.open(path).close()
    assert applied(path) == KNOWN


def test_opening_again_changes_nothing(path: Path) -> None:
    Database.open(path).close()
    before = path.read_bytes()
    Database.open(path).close()
    assert path.read_bytes() == before


def test_a_migration_that_fails_leaves_nothing_and_no_record(path: Path) -> None:
    Database.open(path).close()
    before = tables(path)
    with pytest.raises(StoreUnavailable, match="cannot be opened: table later has 1 columns"):
        Database.open(path, migrations=next_version(fails=True))
    assert (applied(path), tables(path)) == (KNOWN, before)


def test_a_first_start_that_fails_leaves_a_file_that_the_next_start_takes(path: Path) -> None:
    with pytest.raises(StoreUnavailable):
        Database.open(path, migrations=next_version(fails=True))
    assert tables(path) == []
    Database.open(path, migrations=next_version(fails=False)).close()
    assert applied(path) == [*KNOWN, "9999_later"]


def test_a_file_of_a_newer_version_is_refused_and_not_touched(path: Path) -> None:
    Database.open(path, migrations=next_version(fails=False)).close()
    before = path.read_bytes()
    with pytest.raises(StoreTooNew, match="newer version of the kiosk \\(it has 9999_later\\)"):
        Database.open(path)
    assert path.read_bytes() == before
