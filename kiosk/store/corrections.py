"""Times that an untrusted clock gave, put right once from the monotonic time of the same boot; the originals stay."""

from __future__ import annotations

import asyncio
import contextlib
from functools import partial

import sqlite_utils

from kiosk.clock import Clock, Moment
from kiosk.errors import StoreUnavailable
from kiosk.health import Health
from kiosk.store.database import Database
from kiosk.store.rows import to_ms

PART = "clock"
LOOKS_EVERY_S = 5.0
_TABLES = ("uses", "annulments", "refusals")
_PENDING = """
    INSERT INTO corrections (item_id, corrected_at_ms)
    SELECT {table}.id, :now_ms - (:monotonic_ms - monotonic_ms)
    FROM outbox {how} JOIN {table} ON {table}.id = outbox.item_id
    WHERE sequence > :after AND fate = 'waiting'
        AND clock_trusted = 0 AND boot_id = :boot_id AND monotonic_ms <= :monotonic_ms
    ON CONFLICT (item_id) DO NOTHING
"""


class Corrector:
    """Guards how far the queue was looked through since the clock is trusted.

    A record may come after that with a time of before: its write was under way, or failed and was tried again.
    """

    def __init__(self, db: Database, *, clock: Clock, health: Health) -> None:
        """Put right what waits in `db`."""
        self._db = db
        self._clock = clock
        self._health = health
        self._through = 0

    async def run(self) -> None:
        """Watch the clock for ever."""
        while True:
            await self.look()
            await asyncio.sleep(LOOKS_EVERY_S)

    async def look(self) -> None:
        """Correct what waits as soon as the clock is trusted."""
        now = self._clock.now()
        if not now.trusted:
            self._through = 0
            self._health.failing(PART, "not synchronised: staff are asked about each card's last valid day")
            return
        self._health.ok(PART)
        with contextlib.suppress(StoreUnavailable):  # the desk says it; looked at again soon
            newest = await self._db.read(_newest)
            if newest > self._through:
                await correct(self._db, now, after=self._through)
                self._through = newest


async def correct(db: Database, now: Moment, *, after: int = 0) -> int:
    """Give a true time to each record of this boot that waits and has none; how many; raises StoreUnavailable.

    Only places in the queue behind `after` are looked at. `now` must be trusted. A record is corrected once, for
    ever, and keeps the time that it was given first.
    """
    return await db.write(partial(_correct, now=now, after=after))


def corrected(item_at: str, item_id: str) -> str:
    """SQL for a record's best known time: its correction, or else `item_at`, the column of its own time."""
    return f"coalesce((SELECT corrected_at_ms FROM corrections WHERE item_id = {item_id}), {item_at})"


def _correct(db: sqlite_utils.Database, *, now: Moment, after: int) -> int:
    values = {"now_ms": to_ms(now.utc), "monotonic_ms": now.monotonic_ms, "boot_id": now.boot_id, "after": after}
    # The few newest are found by their place; by its fate, a long backlog would be read through each time.
    how = "NOT INDEXED" if after else ""
    return sum(db.execute(_PENDING.format(table=table, how=how), values).rowcount for table in _TABLES)


def _newest(db: sqlite_utils.Database) -> int:
    (newest,) = db.execute("SELECT coalesce(max(sequence), 0) FROM outbox").fetchone()
    return int(newest)


def find_correction(db: sqlite_utils.Database, item_id: str) -> int | None:
    """The true time of a record in milliseconds; None: it was never corrected."""
    row = db.execute("SELECT corrected_at_ms FROM corrections WHERE item_id = ?", (item_id,)).fetchone()
    return None if row is None else int(row[0])
