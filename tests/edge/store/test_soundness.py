"""Looking through the records never keeps the desk closed for long."""

from __future__ import annotations

import logging
from contextlib import closing
from pathlib import Path

import pytest
import sqlite_utils

from kiosk.errors import StoreUnavailable
from kiosk.store.connection import connect_writer
from kiosk.store.ledger import Ledger
from kiosk.store.migrations import MIGRATIONS
from kiosk.store.soundness import require_sound_records
from tests.edge.store.samples import a_use


async def test_a_look_that_takes_too_long_is_given_up_and_damage_met_in_time_is_said(
    path: Path, ledger: Ledger, caplog: pytest.LogCaptureFixture
) -> None:
    for number in range(1, 200):
        await ledger.record(a_use(number))
    with closing(connect_writer(path, MIGRATIONS, 5.0)) as db:
        caplog.set_level(logging.INFO)
        require_sound_records(db, 60.0)
        assert caplog.messages == []
        require_sound_records(db, -1.0)
        assert "too many to be looked through" in caplog.messages[0]
        hurt(db)
        with pytest.raises(StoreUnavailable, match="damaged"):
            require_sound_records(db, 60.0)
        assert db.execute("SELECT count(*) FROM outbox").fetchone() == (199,), "the limit is for the look alone"


def hurt(db: sqlite_utils.Database) -> None:
    """An entry of an index that its table has not."""
    db.execute("PRAGMA writable_schema=ON")
    db.execute("UPDATE sqlite_schema SET sql = replace(sql, 'length(lookup_key) = 16', 'length(lookup_key) = 15')")
    db.execute("PRAGMA writable_schema=RESET")
