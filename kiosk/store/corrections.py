"""Times that an untrusted clock gave, put right once from the monotonic time of the same boot; the originals stay."""

from __future__ import annotations

import asyncio
from functools import partial

import sqlite_utils

from kiosk.clock import Clock, Moment
from kiosk.errors import StoreUnavailable
from kiosk.health import Health
from kiosk.store.database import Database
from kiosk.store.rows import to_ms

PART = "clock"
LOOKS_EVERY_S = 5.0
_PENDING = """
    INSERT INTO corrections (item_id, corrected_at_ms)
    SELECT {table}.id, :now_ms - (:monotonic_ms - monotonic_ms)
    FROM outbox JOIN {table} ON {table}.id = outbox.item_id
    WHERE fate = 'waiting' AND clock_trusted = 0 AND boot_id = :boot_id AND monotonic_ms <= :monotonic_ms
    ON CONFLICT (item_id) DO NOTHING
"""


class Corrector:
    """Guards whether the clock was trusted when it was last looked at."""

    def __init__(self, db: Database, *, clock: Clock, health: Health) -> None:
        """Put right what waits in `db`."""
        self._db = db
        self._clock = clock
        self._health = health
        self._done = False

    async def run(self) -> None:
        """Watch the clock for ever."""
        while True:
            await self.look()
            await asyncio.sleep(LOOKS_EVERY_S)

    async def look(self) -> None:
        """Correct what waits as soon as the clock is trusted."""
        now = self._clock.now()
        if not now.trusted:
            self._done = False
            self._health.failing(PART, "not synchronised: staff are asked about each card's last valid day")
            return
        self._health.ok(PART)
        if not self._done:
            try:
                await correct(self._db, now)
            except StoreUnavailable:
                return  # the desk says it; looked at again soon
            self._done = True


async def correct(db: Database, now: Moment) -> int:
    """Give a true time to each record of this boot that waits and has none; how many; raises StoreUnavailable.

    `now` must be trusted. A record is corrected once, for ever, and keeps the time that it was given first.
    """
    return await db.write(partial(_correct, now=now))


def corrected(item_at: str, item_id: str) -> str:
    """SQL for a record's best known time: its correction, or else `item_at`, the column of its own time."""
    return f"coalesce((SELECT corrected_at_ms FROM corrections WHERE item_id = {item_id}), {item_at})"


def _correct(db: sqlite_utils.Database, *, now: Moment) -> int:
    values = {"now_ms": to_ms(now.utc), "monotonic_ms": now.monotonic_ms, "boot_id": now.boot_id}
    return sum(db.execute(_PENDING.format(table=table), values).rowcount for table in ("uses", "annulments"))


def find_correction(db: sqlite_utils.Database, item_id: str) -> int | None:
    """The true time of a record in milliseconds; None: it was never corrected."""
    row = db.execute("SELECT corrected_at_ms FROM corrections WHERE item_id = ?", (item_id,)).fetchone()
    return None if row is None else int(row[0])
