"""Events that staff added because the register does not know them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial

import sqlite_utils

from kiosk.cards.by_hand import event_by_hand
from kiosk.cards.model import Event
from kiosk.store.database import Database
from kiosk.store.rows import from_ms, insert, to_ms

_COLUMNS = ("id", "name", "starts_at_ms", "ends_at_ms", "whole_day")


class ByHand:
    """Guards them; all calls raise StoreUnavailable."""

    def __init__(self, db: Database, changed: Callable[[], None] = lambda: None) -> None:
        """Keep them in `db`; `changed` is called when the day's events are others."""
        self._db = db
        self._changed = changed

    async def add(self, event: Event) -> None:
        """Keep `event`; the same id again adds no second one."""
        await self._db.write(partial(_add, event=event), adds=True)
        self._changed()

    async def take_away(self, event_id: str) -> None:
        """Offer it no more; uses that were recorded at it keep its name."""
        await self._db.write(partial(_take_away, event_id=event_id))
        self._changed()


def find_by_hand(db: sqlite_utils.Database, start: dt.datetime, end: dt.datetime) -> tuple[Event, ...]:
    """Those that touch the time from `start` to before `end`."""
    rows = db.execute(
        f"SELECT {', '.join(_COLUMNS)} FROM events_by_hand WHERE ends_at_ms > ? AND starts_at_ms < ?",
        (to_ms(start), to_ms(end)),
    )
    return tuple(
        event_by_hand(event_id, name, from_ms(starts_at_ms), from_ms(ends_at_ms), whole_day=bool(whole_day))
        for event_id, name, starts_at_ms, ends_at_ms, whole_day in rows
    )


def _add(db: sqlite_utils.Database, *, event: Event) -> None:
    row = (event.id, event.name.fi, to_ms(event.starts_at), to_ms(event.ends_at), int(event.whole_day))
    db.execute(f"{insert('events_by_hand', _COLUMNS)} ON CONFLICT (id) DO NOTHING", row)


def _take_away(db: sqlite_utils.Database, *, event_id: str) -> None:
    db.execute("DELETE FROM events_by_hand WHERE id = ?", (event_id,))
