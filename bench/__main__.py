"""`./dev bench`: measures and prints; nothing is asserted, since machines are noisy."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path

from tabulate import tabulate

from bench import decode
from bench.desk import desk_figures, row
from kiosk.cards.model import CardNumber
from kiosk.cards.news import LookupParameters
from kiosk.store.database import Database
from kiosk.store.ledger import Ledger
from kiosk.store.seal import LookupKeys
from tests.edge.store.samples import a_use

ROUNDS = 400


async def timed(rounds: int, job: Callable[[int], Awaitable[object]]) -> list[float]:
    """Milliseconds of each round."""
    took = []
    for position in range(rounds):
        start = time.perf_counter_ns()
        await job(position)
        took.append((time.perf_counter_ns() - start) / 1e6)
    return took


def bare_commits(folder: Path) -> list[float]:
    """One row in one transaction, WAL and FULL, with nothing around it."""
    took = []
    with closing(sqlite3.connect(folder / "bare.db", isolation_level=None)) as db:
        db.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE t (id TEXT PRIMARY KEY, x)")
        for position in range(ROUNDS):
            start = time.perf_counter_ns()
            db.execute("BEGIN IMMEDIATE")
            db.execute("INSERT INTO t VALUES (?, ?)", (f"{position:036}", "x" * 200))
            db.execute("COMMIT")
            took.append((time.perf_counter_ns() - start) / 1e6)
    return took


async def main() -> None:
    """Measure everything."""
    rows = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        keys = LookupKeys(LookupParameters(b"salt" * 8, 4096, 8, 1))
        rows.append(row("floor: scrypt of one number", await timed(100, lambda i: keys.key_of(CardNumber(f"DEMO{i}")))))
        rows.append(row("floor: bare sqlite3 commit", bare_commits(folder)))
        with closing(Database.open(folder / "kiosk.db")) as database:
            ledger = Ledger(database)
            rows.append(row("record() of a use", await timed(ROUNDS, lambda i: ledger.record(a_use(i + 1)))))
        rows += await desk_figures(folder)
    print(tabulate(rows, headers=["what", "median ms", "p99 ms"], floatfmt=".2f"))


if __name__ == "__main__":
    if sys.argv[1:2] == ["decode"]:
        decode.main(sys.argv[2:])
    else:
        asyncio.run(main())
