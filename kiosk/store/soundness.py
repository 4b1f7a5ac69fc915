"""Whether a database file is whole."""

from __future__ import annotations

from collections.abc import Sequence

import sqlite_utils

from kiosk.errors import StoreFault, StoreUnavailable

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
