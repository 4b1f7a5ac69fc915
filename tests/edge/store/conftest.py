"""A real database on a real disk, open for one test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.store.catalogue import Catalogue
from kiosk.store.database import Database
from kiosk.store.ledger import Ledger
from kiosk.store.outbox import Outbox


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the database is to be."""
    return tmp_path / "kiosk.db"


@pytest.fixture
def db(path: Path) -> Iterator[Database]:
    """A fresh database, without a wish for free space."""
    db = Database.open(path, kept_free_bytes=0)
    try:
        yield db
    finally:
        db.close()


@pytest.fixture
def ledger(db: Database) -> Ledger:
    """The ledger of `db`."""
    return Ledger(db)


@pytest.fixture
def outbox(db: Database) -> Outbox:
    """The queue of `db`."""
    return Outbox(db)


@pytest.fixture
def catalogue(db: Database) -> Catalogue:
    """The news of `db`."""
    return Catalogue(db, door="Main door")
