"""Whether a database file is whole."""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Sequence

import sqlite_utils

from kiosk.errors import StoreFault, StoreUnavailable

log = logging.getLogger(__name__)

LOOKS_AT_CLOCK_EVERY = 1000
"""Steps of SQLite's machine: some tens of microseconds."""
RECORDS = ("uses", "annulments", "refusals", "outbox", "use_tails", "probe")
"""The tables that each use writes to, or that exist nowhere else."""


def require_sound(db: sqlite_utils.Database, tables: Sequence[str] = (), *, whole: bool = False) -> None:
    """Read through `tables` (none named: the whole file), and raise StoreUnavailable where something is damaged.

    With `whole` each index is compared with its table as well.

    Takes time with what is read; the card list is by far the most of a file. A table that is not there yet is
    passed over. Raises sqlite3.Error where the file cannot be read at all.
    """
    there = {name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()}
    everything = "PRAGMA integrity_check" if whole else "PRAGMA quick_check"
    checks = [f"PRAGMA quick_check({name})" for name in tables if name in there] if tables else [everything]
    for check in checks:
        (found,) = db.execute(check).fetchone()
        if found != "ok":
            where = " ".join(str(found).split())[:120]
            raise StoreUnavailable(f"The database cannot be used: it is damaged ({where}).", StoreFault.DAMAGED)


def require_sound_records(db: sqlite_utils.Database, at_most_s: float) -> None:
    """As `require_sound` for the records, but the desk waits no longer than `at_most_s` for it.

    What was not looked at by then is met when it is read, and by the day's copy, which reads all of it.
    """
    end_s = time.monotonic() + at_most_s
    db.conn.set_progress_handler(lambda: time.monotonic() > end_s, LOOKS_AT_CLOCK_EVERY)
    try:
        require_sound(db, RECORDS)
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
            raise
        log.info(
            "the records are too many to be looked through within %.1f s; the day's copy reads the rest", at_most_s
        )
    finally:
        db.conn.set_progress_handler(None, 0)
