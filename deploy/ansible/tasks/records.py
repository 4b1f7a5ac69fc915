"""Say, as JSON, what a kiosk's database is like: records.py DATABASE [COPY]; on a kiosk with any release.

`migrations`: the shape that it has. `unsent`: ids that the register has not got; with COPY, only those that COPY lacks.
Ends with a traceback, and without an answer, where something cannot be read: whoever asks then risks nothing.
"""

import contextlib
import json
import sqlite3
import sys
from pathlib import Path


def column(path: str, statement: str) -> list[str]:
    """The first column of what `statement` finds."""
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
        return [row[0] for row in db.execute(statement)]


database, *copies = sys.argv[1:]
told: dict[str, list[str]] = {"migrations": [], "unsent": []}
if Path(database).exists():
    told["migrations"] = column(database, "SELECT name FROM _sqlite_migrations WHERE migration_set = 'kiosk'")
    unsent = set(column(database, "SELECT item_id FROM outbox WHERE fate IN ('waiting', 'parked')"))
    for copy in copies:
        unsent -= set(column(copy, "SELECT item_id FROM outbox"))
    told["unsent"] = sorted(unsent)
print(json.dumps(told))
