"""A recorded use beside the least that SQLite can do: one row in one durable commit."""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

from bench.figures import Figure, timed
from kiosk.store.database import Database
from kiosk.store.ledger import Ledger
from tests.edge.store.samples import a_use

ROUNDS = 400
"""Both write-ahead logs are still growing: each commit makes its file longer."""
SETTLING = 400
"""After this, both logs have been folded in once and are written over, which a file system does faster."""


async def commits(folder: Path) -> list[Figure]:
    """In turn: a bare commit, and `record()` of a use; in new files, and when their logs have their size."""
    with bare_table(folder / "bare.db") as bare, closing(Database.open(folder / "kiosk.db")) as database:
        ledger = Ledger(database)
        floor, uses = [], []
        for position in range(2 * ROUNDS + SETTLING):
            floor.append(commit_ms(bare, position))
            uses.append(await timed(partial(ledger.record, a_use(position + 1))))
    new, settled = slice(ROUNDS), slice(ROUNDS + SETTLING, None)
    return [
        Figure("floor: bare sqlite3 commit, new file", floor[new]),
        Figure("a use recorded, new file", uses[new], floor[new]),
        Figure("floor: bare sqlite3 commit, settled file", floor[settled]),
        Figure("a use recorded, settled file", uses[settled], floor[settled]),
    ]


@contextlib.contextmanager
def bare_table(path: Path) -> Iterator[sqlite3.Connection]:
    """A table and nothing around it, as durable as the kiosk's own (WAL and FULL)."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE t (id TEXT PRIMARY KEY, x)")
        yield db


def commit_ms(db: sqlite3.Connection, position: int) -> float:
    """Milliseconds of one row in one transaction."""
    start_ns = time.perf_counter_ns()
    db.execute("BEGIN IMMEDIATE")
    db.execute("INSERT INTO t VALUES (?, ?)", (f"{position:036}", "x" * 200))
    db.execute("COMMIT")
    return (time.perf_counter_ns() - start_ns) / 1e6
