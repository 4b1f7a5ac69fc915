"""The queue to the register: what waits, what became of it; nothing ever leaves it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import partial

import sqlite_utils

from kiosk.cards.exchange import Fate, Item, ItemKind, Parcel, QueueDepth, QueueEntry, Settlement
from kiosk.cards.model import Stamp, Texts
from kiosk.store.corrections import find_correction
from kiosk.store.database import Database
from kiosk.store.rows import (
    ANNULMENT_COLUMNS,
    REFUSAL_COLUMNS,
    USE_COLUMNS,
    Row,
    annulment_of,
    columns,
    from_json,
    from_ms,
    optional_from_ms,
    refusal_of,
    to_json,
    to_ms,
    use_of,
)

LONGEST_POSTPONEMENT = dt.timedelta(hours=2)
"""Nothing waits longer: a row put off further was put off by a clock that has since been set back."""
NOT_DONE = (Fate.WAITING, Fate.FLAGGED, Fate.PARKED)


class Outbox:
    """Guards the fates of the items; all calls raise StoreUnavailable."""

    def __init__(self, db: Database) -> None:
        """Read and write the queue in `db`, which the ledger fills."""
        self._db = db

    async def due(self, now: dt.datetime, limit: int) -> tuple[Parcel, ...]:
        """At most `limit` items of every kind that wait and may be sent at `now`, oldest first."""
        return await self._db.read(partial(_due, now=now, limit=limit))

    async def next_due_at(self) -> dt.datetime | None:
        """When the next waiting item may be sent (1970 is at once); None: nothing waits."""
        return await self._db.read(_next_due_at)

    async def settle(self, settlements: Sequence[Settlement]) -> None:
        """Write down the final answers, all in one commit; an id that is not in the queue is passed over."""
        await self._db.write(partial(_settle, settlements=settlements))

    async def postpone(self, item_ids: Collection[str], until: dt.datetime, error: str) -> None:
        """Try the items again at `until`, because of `error`; counts an attempt for each that still waits."""
        await self._db.write(partial(_postpone, item_ids=item_ids, until=until, error=error))

    async def depth(self) -> QueueDepth:
        """How many items have which fate."""
        return await self._db.read(_depth)

    async def listing(self, fates: Collection[Fate] = NOT_DONE, *, limit: int = 1000) -> tuple[QueueEntry, ...]:
        """At most `limit` items with one of `fates`, oldest first."""
        return await self._db.read(partial(_listing, fates=fates, limit=limit))

    async def retry(self, item_ids: Collection[str] | None = None) -> int:
        """Send parked items, and those put off, again at once: `item_ids` or all (None); returns how many."""
        return await self._db.write(partial(_retry, item_ids=item_ids))


def _due(db: sqlite_utils.Database, *, now: dt.datetime, limit: int) -> tuple[Parcel, ...]:
    rows = db.execute(
        """
        SELECT sequence, kind, item_id, attempts FROM outbox
        WHERE fate = 'waiting' AND (next_try_at_ms <= ? OR next_try_at_ms > ?) ORDER BY sequence LIMIT ?
        """,
        (to_ms(now), to_ms(now + LONGEST_POSTPONEMENT), limit),
    ).fetchall()
    return tuple(Parcel(sequence, _item(db, kind, item_id), attempts) for sequence, kind, item_id, attempts in rows)


def _item(db: sqlite_utils.Database, kind: str, item_id: str) -> Item:
    match ItemKind(kind):
        case ItemKind.USE:
            use = use_of(_row(db, "uses", USE_COLUMNS, item_id), tail=None)
            return replace(use, decided=_corrected(db, item_id, use.decided))
        case ItemKind.ANNULMENT:
            annulment = annulment_of(_row(db, "annulments", ANNULMENT_COLUMNS, item_id))
            return replace(annulment, annulled=_corrected(db, item_id, annulment.annulled))
        case ItemKind.REFUSAL:
            return refusal_of(_row(db, "refusals", REFUSAL_COLUMNS, item_id))


def _corrected(db: sqlite_utils.Database, item_id: str, stamp: Stamp) -> Stamp:
    if stamp.clock_trusted or (true_ms := find_correction(db, item_id)) is None:
        return stamp
    return replace(stamp, at=from_ms(true_ms), uncorrected_at=stamp.at)


def _row(db: sqlite_utils.Database, table: str, names: tuple[str, ...], item_id: str) -> Row:
    row: Row = db.execute(f"SELECT {columns(names)} FROM {table} WHERE id = ?", (item_id,)).fetchone()
    return row


def _next_due_at(db: sqlite_utils.Database) -> dt.datetime | None:
    (earliest_ms,) = db.execute("SELECT min(next_try_at_ms) FROM outbox WHERE fate = 'waiting'").fetchone()
    return optional_from_ms(earliest_ms)


def _settle(db: sqlite_utils.Database, *, settlements: Sequence[Settlement]) -> None:
    # A late second answer never turns a delivered item into a parked one.
    db.conn.executemany(
        """
        UPDATE outbox SET fate = ?, reasons = ?, message = ?, last_error = ?, attempts = attempts + 1
        WHERE item_id = ? AND fate IN ('waiting', 'parked')
        """,
        [
            (
                each.fate,
                to_json(each.reasons),
                None if each.message is None else to_json(each.message),
                each.error,
                each.item_id,
            )
            for each in settlements
        ],
    )


def _postpone(db: sqlite_utils.Database, *, item_ids: Collection[str], until: dt.datetime, error: str) -> None:
    db.conn.executemany(
        """
        UPDATE outbox SET next_try_at_ms = ?, last_error = ?, attempts = attempts + 1
        WHERE item_id = ? AND fate = 'waiting'
        """,
        [(to_ms(until), error, item_id) for item_id in item_ids],
    )


def _depth(db: sqlite_utils.Database) -> QueueDepth:
    count = dict(db.execute("SELECT fate, count(*) FROM outbox GROUP BY fate").fetchall())
    (oldest_ms,) = db.execute("SELECT min(decided_at_ms) FROM outbox WHERE fate = 'waiting'").fetchone()
    return QueueDepth(
        waiting=count.get(Fate.WAITING, 0),
        parked=count.get(Fate.PARKED, 0),
        flagged=count.get(Fate.FLAGGED, 0),
        delivered=count.get(Fate.DELIVERED, 0),
        oldest_waiting_at=optional_from_ms(oldest_ms),
    )


def _listing(db: sqlite_utils.Database, *, fates: Collection[Fate], limit: int) -> tuple[QueueEntry, ...]:
    rows = db.execute(
        f"""
        SELECT sequence, item_id, kind, fate, attempts, decided_at_ms, next_try_at_ms, last_error, reasons,
            message
        FROM outbox WHERE fate IN ({", ".join("?" * len(fates))}) ORDER BY sequence LIMIT ?
        """,
        (*fates, limit),
    )
    return tuple(_entry(row) for row in rows)


def _entry(row: Row) -> QueueEntry:
    sequence, item_id, kind, fate, attempts, decided_at_ms, next_try_at_ms, last_error, reasons, message = row
    is_put_off = fate == Fate.WAITING and next_try_at_ms > 0
    return QueueEntry(
        sequence=sequence,
        item_id=item_id,
        kind=ItemKind(kind),
        fate=Fate(fate),
        attempts=attempts,
        decided_at=from_ms(decided_at_ms),
        next_try_at=from_ms(next_try_at_ms) if is_put_off else None,
        last_error=last_error,
        reasons=from_json(reasons, tuple[str, ...]),
        message=None if message is None else from_json(message, Texts),
    )


def _retry(db: sqlite_utils.Database, *, item_ids: Collection[str] | None) -> int:
    again = "UPDATE outbox SET fate = 'waiting', next_try_at_ms = 0 WHERE fate IN ('parked', 'waiting')"
    if item_ids is None:
        return db.execute(f"{again} AND (fate = 'parked' OR next_try_at_ms > 0)").rowcount
    return sum(db.execute(f"{again} AND item_id = ?", (item_id,)).rowcount for item_id in item_ids)
