"""A million cards from the register to a kiosk over real HTTP, and what news during the service costs the desk."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sqlite3
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from tabulate import tabulate

from bench.figures import HEADERS, Figure
from tests.support.kiosk import Kiosk, running_kiosk
from tests.support.register import ServingRegister, serving_register

CARDS = 1_000_000
LIMIT_S = 600.0
LOOK_S = 0.05
SCANS = 300
NEWS_AT_ONCE = 50
NEWS_EVERY_S = 0.2
BLOCK_BYTES = 1024 * 1024


async def whole_list(folder: Path, register: ServingRegister) -> list[Figure]:
    """From the start of a kiosk that knows nothing until its list is in use; its greatest memory; the floors."""
    kiosk = Kiosk(folder / "taking", register.url, register.token())
    try:
        start_s = time.perf_counter()
        await kiosk.launch()
        await until_listed(kiosk)
        took_s = time.perf_counter() - start_s
        peak_mb = memory_mb(kiosk.pid, "VmHWM")
        register_mb = memory_mb(register.pid, "VmHWM")
        size = sum(path.stat().st_size for path in kiosk.state.glob("kiosk.db*"))
    finally:
        await kiosk.close()
    written_s = seconds_to_write(folder / "floor", size)
    inserted_s = seconds_to_insert(folder / "floor.db", CARDS)
    return [
        Figure(f"floor: {size // 2**20} MB written and synced", [written_s * 1000]),
        Figure(f"floor: {CARDS:,} rows into bare SQLite", [inserted_s * 1000]),
        Figure(f"{CARDS:,} cards, kiosk's start → list in use", [took_s * 1000], [inserted_s * 1000]),
        Figure("greatest memory of the kiosk meanwhile, MB (not ms)", [peak_mb]),
        Figure("greatest memory of the register meanwhile, MB (not ms)", [register_mb]),
    ]


async def desk_beside_news(folder: Path, register: ServingRegister) -> list[Figure]:
    """The desk's answer while nothing comes, and while cards change at the register, in turn."""
    async with running_kiosk(folder / "serving", register.url, register.token()) as kiosk:
        await until_listed(kiosk)
        quiet, busy = list[float](), list[float]()
        for block in range(10):
            quiet += await answers(kiosk, SCANS // 10, block)
            with changing_cards(register.database):
                busy += await answers(kiosk, SCANS // 10, block)
    return [
        Figure("scan → verdict, no news", quiet),
        Figure(f"scan → verdict, {round(NEWS_AT_ONCE / NEWS_EVERY_S)} changed cards a second", busy, quiet),
    ]


async def answers(kiosk: Kiosk, count: int, block: int) -> list[float]:
    """Milliseconds from the scanner's line to the announced verdict, card after card."""
    took = []
    for position in range(count):
        start_ns = time.perf_counter_ns()
        await kiosk.show(f"DEMO-{1001 + (block * count + position) % 40:05}-LISA")
        took.append((time.perf_counter_ns() - start_ns) / 1e6)
        await kiosk.press("cancel", presentation=kiosk.heard.desk["presentation"])
    return took


@contextlib.contextmanager
def changing_cards(database: Path) -> Iterator[None]:
    """Cards change all the while, as an import beside the serving register would change them."""
    enough = threading.Event()
    changing = threading.Thread(target=_change_cards, args=(database, enough))
    changing.start()
    try:
        yield
    finally:
        enough.set()
        changing.join()


def _change_cards(database: Path, enough: threading.Event) -> None:
    with closing(sqlite3.connect(database, timeout=30, isolation_level=None)) as db:
        cards = [key for (key,) in db.execute("SELECT lookup_key FROM cards LIMIT ?", (NEWS_AT_ONCE,))]
        while not enough.wait(NEWS_EVERY_S):
            now_ms = time.time_ns() // 1_000_000
            db.execute("BEGIN IMMEDIATE")
            db.executemany(_TELL, [(now_ms, key) for key in cards])
            db.execute("COMMIT")


_TELL = """
    INSERT INTO feed (made_at_ms, change)
    SELECT ?, json_object('type', 'card', 'lookup_key', lower(hex(lookup_key)), 'kind', kind, 'status', status,
        'area_id', area_id, 'first_valid_day', first_valid_day, 'last_valid_day', last_valid_day, 'children', children)
    FROM cards WHERE lookup_key = ?
"""


async def until_listed(kiosk: Kiosk) -> None:
    """Return when the kiosk uses a card list."""
    end_s = time.monotonic() + LIMIT_S

    def look() -> None:
        while not has_list(kiosk.state / "kiosk.db"):
            if time.monotonic() > end_s:
                raise TimeoutError("no card list")
            time.sleep(LOOK_S)

    await asyncio.to_thread(look)


def has_list(database: Path) -> bool:
    """Whether a list is in use."""
    try:
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as db:
            return db.execute("SELECT 1 FROM card_lists WHERE state = 'current'").fetchone() is not None
    except sqlite3.Error:
        return False


def memory_mb(pid: int, name: str) -> float:
    """A figure of the process's memory: VmRSS now, VmHWM the greatest."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith(name)) / 1024


def seconds_to_write(file: Path, size: int) -> float:
    """As many bytes in a row, and forced to the disk."""
    block, start_s = os.urandom(BLOCK_BYTES), time.perf_counter()
    with file.open("wb") as out:
        for _ in range(size // BLOCK_BYTES + 1):
            out.write(block)
        out.flush()
        os.fsync(out.fileno())
    took_s = time.perf_counter() - start_s
    file.unlink()
    return took_s


def seconds_to_insert(file: Path, count: int) -> float:
    """Rows of a card's length in the order of their keys, a thousand in each durable commit."""
    keys = sorted(os.urandom(16) for _ in range(count))
    with closing(sqlite3.connect(file, isolation_level=None)) as db:
        db.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE t (k BLOB PRIMARY KEY, x) WITHOUT ROWID"
        )
        start_s = time.perf_counter()
        for start in range(0, count, 1000):
            db.execute("BEGIN IMMEDIATE")
            db.executemany("INSERT INTO t VALUES (?, ?)", ((key, "x" * 48) for key in keys[start : start + 1000]))
            db.execute("COMMIT")
        return time.perf_counter() - start_s


async def snapshot_figures(folder: Path) -> list[Figure]:
    """All of them."""
    seed = ("--demo", "--numbered", "40", "--cards", str(CARDS))
    (folder / "register").mkdir()
    with serving_register(folder / "register", seed=seed) as register:
        return [*await whole_list(folder, register), *await desk_beside_news(folder, register)]


async def main() -> None:
    """`./dev bench snapshot`."""
    with tempfile.TemporaryDirectory() as name:
        figures = await snapshot_figures(Path(name))
    print(tabulate([figure.row() for figure in figures], headers=HEADERS, floatfmt=".2f"))


if __name__ == "__main__":
    asyncio.run(main())
