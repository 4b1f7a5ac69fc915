"""What the venue's pages read: uses of a day, what needs a look, and counts for its figures."""

from __future__ import annotations

import datetime as dt
from functools import partial

import sqlite_utils

from kiosk.cards.exchange import QueueRecord, UseOfDay
from kiosk.cards.figures import RefusalCount, UseCount
from kiosk.cards.model import Category, Reason, UseKind
from kiosk.store.database import Database
from kiosk.store.facts import not_taken_back
from kiosk.store.ledger import Ledger
from kiosk.store.looks import OPEN, PUT_AWAY, mark_seen
from kiosk.store.outbox import Outbox
from kiosk.store.rows import from_ms, to_ms

MOST_LOOKED_AT = 100
_HOUR_MS = 3_600_000


class Archive:
    """Changes no record; all calls raise StoreUnavailable."""

    def __init__(self, db: Database) -> None:
        """Read `db`."""
        self._db = db
        self._ledger = Ledger(db)
        self._outbox = Outbox(db)

    async def uses_of_day(self, start: dt.datetime, end: dt.datetime) -> tuple[UseOfDay, ...]:
        """Uses from `start` to before `end`, also annulled ones, newest first."""
        return await self._ledger.uses_of_day(start, end)

    async def needs_look(self) -> tuple[QueueRecord, ...]:
        """Records that the register flagged or refuses and staff have not seen, newest first, a hundred at most."""
        return await self._newest(OPEN)

    async def put_away(self) -> tuple[QueueRecord, ...]:
        """Records that staff have seen, and those whose flag the register took back, as many and in this order."""
        return await self._newest(PUT_AWAY)

    async def mark_seen(self, item_id: str, at: dt.datetime) -> None:
        """Staff have seen the record as it is: it needs no look until the register says more of it."""
        await self._db.write(partial(mark_seen, item_id=item_id, at=at))

    async def _newest(self, which: str) -> tuple[QueueRecord, ...]:
        records = [await self._outbox.find(item_id) for item_id in await self._db.read(partial(_newest, which=which))]
        return tuple(record for record in records if record is not None)

    async def counts(
        self, start: dt.datetime, end: dt.datetime
    ) -> tuple[tuple[UseCount, ...], tuple[RefusalCount, ...]]:
        """Uses and refusals from `start` to before `end`, added up by the hour, so that a year is few rows."""
        return await self._db.read(partial(_counts, start_ms=to_ms(start), end_ms=to_ms(end)))


def _newest(db: sqlite_utils.Database, *, which: str) -> list[str]:
    rows = db.execute(f"SELECT item_id FROM outbox WHERE {which} ORDER BY sequence DESC LIMIT {MOST_LOOKED_AT}")
    return [item_id for (item_id,) in rows]


def _counts(
    db: sqlite_utils.Database, *, start_ms: int, end_ms: int
) -> tuple[tuple[UseCount, ...], tuple[RefusalCount, ...]]:
    between = {"start": start_ms, "end": end_ms}
    uses = db.execute(
        f"""
        SELECT coalesce(corrected_at_ms, uses.decided_at_ms) / {_HOUR_MS} AS hour, events.category, uses.kind,
            count(*), sum(own), sum(children) + sum(clients), sum(assistants), event_label
        FROM uses
        LEFT JOIN corrections ON corrections.item_id = uses.id
        LEFT JOIN events ON events.id = uses.event_id
        WHERE (
            (uses.decided_at_ms >= :start AND uses.decided_at_ms < :end AND corrected_at_ms IS NULL)
            OR uses.id IN (
                SELECT item_id FROM corrections WHERE corrected_at_ms >= :start AND corrected_at_ms < :end
            )
        ) AND {not_taken_back("uses.id")}
        GROUP BY hour, events.category, uses.kind, event_label ORDER BY hour
        """,
        between,
    ).fetchall()
    refusals = db.execute(
        f"""
        SELECT coalesce(corrected_at_ms, refused_at_ms) / {_HOUR_MS} AS hour, reason, count(*)
        FROM refusals LEFT JOIN corrections ON item_id = id
        WHERE (refused_at_ms >= :start AND refused_at_ms < :end AND corrected_at_ms IS NULL)
            OR (corrected_at_ms >= :start AND corrected_at_ms < :end)
        GROUP BY hour, reason ORDER BY hour
        """,
        between,
    ).fetchall()
    return (
        tuple(
            UseCount(from_ms(hour * _HOUR_MS), None if category is None else Category(category), UseKind(kind), *sums)
            for hour, category, kind, *sums in uses
        ),
        tuple(RefusalCount(from_ms(hour * _HOUR_MS), Reason(reason), visitors) for hour, reason, visitors in refusals),
    )
