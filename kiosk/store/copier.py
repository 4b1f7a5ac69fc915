"""Makes one copy of the database each day, at night where the kiosk is on then."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from kiosk.clock import Clock, Moment
from kiosk.errors import StoreFault, StoreUnavailable
from kiosk.health import Health
from kiosk.store.copies import copies_in, drop_copies_for_room, make_copy
from kiosk.store.files import free_bytes
from kiosk.store.time_on import time_on, time_on_file_of

PART = "backup"
LOOKS_EVERY_S = 300.0
DAY_ON = dt.timedelta(hours=12)
"""The day of a kiosk that nobody tells the time: so long it was on, over however many boots."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Where copies go, when, and how many stay."""

    database: Path
    folder: Path
    keep: int
    hour: int
    """Local hour of the day from which the day's copy is due."""
    zone: ZoneInfo


class Copier:
    """Guards nothing but the time: which copies there are is read from the folder each time."""

    def __init__(
        self,
        plan: Plan,
        *,
        clock: Clock,
        health: Health,
        found_damaged: Callable[[StoreUnavailable], None],
        free_bytes: Callable[[Path], int] = free_bytes,
        dated: Callable[[Path, dt.datetime], None] = lambda *_: None,
    ) -> None:
        """`found_damaged` hears of a database that cannot be copied because it is damaged.

        `dated` hears of each copy and when it was made: a simulated clock is not the one that dates files.
        """
        self._plan = plan
        self._clock = clock
        self._health = health
        self._found_damaged = found_damaged
        self._free_bytes = free_bytes
        self._dated = dated

    async def run(self) -> None:
        """Copy for ever."""
        while True:
            await self.look()
            await asyncio.sleep(LOOKS_EVERY_S)

    async def look(self) -> None:
        """Make the day's copy where it is due."""
        try:
            await asyncio.to_thread(self._look)
        except StoreUnavailable as error:
            self._health.failing(PART, str(error))
            if error.fault is StoreFault.DAMAGED:
                self._found_damaged(error)
        else:
            self._health.ok(PART)

    def _look(self) -> None:
        plan, now = self._plan, self._clock.now()
        if not plan.database.exists():
            return
        newest = next(iter(copies_in(plan.folder)), None)
        newest_at = None if newest is None else dt.datetime.fromtimestamp(newest.stat().st_mtime, dt.UTC)
        if is_due(newest_at, now.utc, plan, on_for=None if newest is None else self._on_for(newest, now)):
            local = now.utc.astimezone(plan.zone)
            copy = make_copy(plan.database, plan.folder, local, keep=plan.keep, free_bytes=self._free_bytes)
            self._dated(copy.path, now.utc)
            self._on_for(copy.path, now)
        elif newest is not None:
            drop_copies_for_room(plan.folder, free_bytes=self._free_bytes)

    def _on_for(self, newest: Path, now: Moment) -> dt.timedelta | None:
        """How long the machine was on since the newest copy; None: the clock is trusted, and tells the day."""
        return None if now.trusted else time_on(time_on_file_of(self._plan.database), newest.name, now)


def is_due(newest_at: dt.datetime | None, now: dt.datetime, plan: Plan, *, on_for: dt.timedelta | None) -> bool:
    """Whether the newest copy is from before the hour of today's, or of yesterday's where that is still to come.

    A clock that is not trusted does not count, but how long the machine was `on_for` since: a kiosk that starts in
    1970 each evening would else push the good copies out, and one that never hears the time would make none.
    """
    if newest_at is None:
        return True
    if on_for is not None:
        return on_for >= DAY_ON
    local = now.astimezone(plan.zone)
    hour = local.replace(hour=plan.hour, minute=0, second=0, microsecond=0)
    since = hour if local >= hour else hour - dt.timedelta(days=1)
    return newest_at < since.astimezone(dt.UTC) or newest_at > now + dt.timedelta(days=1)
