"""The queue to the register: what waits, what became of it; nothing ever leaves it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from functools import partial
from pathlib import Path

import sqlite_utils

from kiosk.cards.chain import Head
from kiosk.cards.exchange import Fate, ItemKind, Parcel, QueueDepth, QueueEntry, QueueRecord, Settlement
from kiosk.cards.model import Texts
from kiosk.store import culprits
from kiosk.store.backlog import find_depth
from kiosk.store.batches import parcels_at
from kiosk.store.chain import find_head
from kiosk.store.corrections import corrected
from kiosk.store.database import Database
from kiosk.store.facts import not_taken_back
from kiosk.store.looks import SEEN_AT, find_ended
from kiosk.store.parcels import find_item
from kiosk.store.rows import Row, from_json, from_ms, optional_from_ms, to_json, to_ms

LONGEST_POSTPONEMENT = dt.timedelta(hours=2)
"""Nothing waits longer: a row put off further was put off by a clock that has since been set back."""
_PLACE = "SELECT sequence, kind, item_id, attempts FROM outbox WHERE fate = 'waiting' AND"
_DUE = f"{_PLACE} next_try_at_ms BETWEEN ? AND ? ORDER BY next_try_at_ms, sequence LIMIT ?"
_LATEST_MS = (1 << 63) - 1
_ENTRIES = f"""
SELECT sequence, item_id, kind, fate, attempts, {corrected("decided_at_ms", "outbox.item_id")}, next_try_at_ms,
    last_error, reasons, message, exported_at_ms, {SEEN_AT}, blamed_since_ms FROM outbox
"""
NOT_DONE = (Fate.WAITING, Fate.FLAGGED, Fate.PARKED)


class Outbox:
    """Guards the fates of the items; all calls raise StoreUnavailable."""

    def __init__(self, db: Database) -> None:
        """Read and write the queue in `db`, which the ledger fills."""
        self._db = db

    @property
    def path(self) -> Path:
        """The database file."""
        return self._db.path

    async def due(self, now: dt.datetime, limit: int) -> tuple[Parcel, ...]:
        """At most `limit` items of every kind that wait and may be sent at `now`, due longest first."""
        return await self._db.read(partial(_due, now=now, limit=limit))

    async def waiting(self, item_ids: Sequence[str]) -> tuple[Parcel, ...]:
        """Those of the items that still wait, whenever they are to be sent, in the same order."""
        return await self._db.read(partial(_waiting, item_ids=item_ids))

    async def set_on(self, step: dt.timedelta) -> None:
        """Let each item put off wait as long as it was to, though the clock was set by `step`."""
        await self._db.write(partial(_set_on, step_ms=step // dt.timedelta(milliseconds=1)))

    async def next_due_at(self) -> dt.datetime | None:
        """When the next waiting item may be sent (1970 is at once); None: nothing waits."""
        return await self._db.read(_next_due_at)

    async def settle(self, settlements: Sequence[Settlement]) -> None:
        """Write down the final answers, all in one commit; an id that is not in the queue is passed over."""
        await self._db.write(partial(_settle, settlements=settlements))

    async def postpone(self, item_ids: Collection[str], until: dt.datetime, error: str) -> None:
        """Try the items again at `until`, because of `error`; counts an attempt for each that still waits."""
        await self._db.write(partial(_postpone, item_ids=item_ids, until=until, error=error))

    async def blame(self, item_ids: Collection[str], now: dt.datetime) -> None:
        """These failed alone and another got through after that: they no longer count as what waits for the register.

        Who goes on doing so is parked at last (ADR 24).
        """
        await self._db.write(partial(culprits.blame, item_ids=item_ids, now=now))

    async def depth(self) -> QueueDepth:
        """How many items have which fate."""
        return await self._db.read(find_depth)

    async def head(self) -> Head | None:
        """How far the chain of uses reaches; None: there is no use in it yet."""
        return await self._db.read(find_head)

    async def listing(
        self, fates: Collection[Fate] = NOT_DONE, *, limit: int = 1000, newest_first: bool = False
    ) -> tuple[QueueEntry, ...]:
        """At most `limit` items with one of `fates`, the oldest of them and these first, or the newest."""
        return await self._db.read(partial(_listing, fates=fates, limit=limit, newest_first=newest_first))

    async def find(self, id_or_sequence: str) -> QueueRecord | None:
        """The item with this id, or with this place in the queue."""
        return await self._db.read(partial(_find, wanted=id_or_sequence))

    async def remember_export(self, sequences: Collection[int], at: dt.datetime) -> None:
        """These items are also in a file for the register since `at`."""
        await self._db.write(partial(_remember_export, sequences=sequences, at=at))

    async def not_exported(self) -> int:
        """How many items exist nowhere but here: neither delivered nor in a file."""
        return await self._db.read(_not_exported)

    async def retry(self, item_ids: Collection[str] | None = None) -> int:
        """Send parked items, and those put off, again at once: `item_ids` or all (None); returns how many."""
        return await self._db.write(partial(_retry, item_ids=item_ids))


def _due(db: sqlite_utils.Database, *, now: dt.datetime, limit: int) -> tuple[Parcel, ...]:
    # By the time, not by the place: records that fail each time and are soon due again would pass the others for ever.
    spans = ((to_ms(now + LONGEST_POSTPONEMENT) + 1, _LATEST_MS), (0, to_ms(now)))
    rows: list[Row] = []
    for span in spans:
        rows += db.execute(_DUE, (*span, limit - len(rows))).fetchall()
    return parcels_at(db, rows)


def _waiting(db: sqlite_utils.Database, *, item_ids: Sequence[str]) -> tuple[Parcel, ...]:
    each = (db.execute(f"{_PLACE} item_id = ?", (item_id,)).fetchone() for item_id in item_ids)
    rows = [row for row in each if row is not None]
    return parcels_at(db, rows)


def _set_on(db: sqlite_utils.Database, *, step_ms: int) -> None:
    db.execute(
        "UPDATE outbox SET next_try_at_ms = max(next_try_at_ms + ?, 1) WHERE fate = 'waiting' AND next_try_at_ms > 0",
        (step_ms,),
    )
    culprits.set_on(db, step_ms=step_ms)


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


def _listing(
    db: sqlite_utils.Database, *, fates: Collection[Fate], limit: int, newest_first: bool
) -> tuple[QueueEntry, ...]:
    order = "DESC" if newest_first else "ASC"
    rows = db.execute(
        f"{_ENTRIES} WHERE fate IN ({', '.join('?' * len(fates))}) ORDER BY sequence {order} LIMIT ?", (*fates, limit)
    )
    return tuple(_entry(row) for row in rows)


def _find(db: sqlite_utils.Database, *, wanted: str) -> QueueRecord | None:
    row = db.execute(f"{_ENTRIES} WHERE item_id = ?1 OR CAST(sequence AS TEXT) = ?1", (wanted,)).fetchone()
    if row is None:
        return None
    entry = _entry(row)
    return QueueRecord(
        entry,
        find_item(db, entry.kind, entry.item_id),
        taken_back=_is_taken_back(db, entry.item_id),
        ended=find_ended(db, entry.item_id),
    )


def _is_taken_back(db: sqlite_utils.Database, item_id: str) -> bool:
    (stands,) = db.execute(f"SELECT {not_taken_back(':id')}", {"id": item_id}).fetchone()
    return not stands


def _entry(row: Row) -> QueueEntry:
    (
        sequence,
        item_id,
        kind,
        fate,
        attempts,
        decided_at_ms,
        next_try_at_ms,
        last_error,
        reasons,
        message,
        exported_at_ms,
        seen_at_ms,
        blamed_since_ms,
    ) = row
    waits = fate == Fate.WAITING
    return QueueEntry(
        sequence=sequence,
        item_id=item_id,
        kind=ItemKind(kind),
        fate=Fate(fate),
        attempts=attempts,
        decided_at=from_ms(decided_at_ms),
        next_try_at=from_ms(next_try_at_ms) if waits and next_try_at_ms > 0 else None,
        last_error=last_error,
        reasons=from_json(reasons, tuple[str, ...]),
        message=None if message is None else from_json(message, Texts),
        exported_at=optional_from_ms(exported_at_ms),
        seen_at=optional_from_ms(seen_at_ms),
        blamed_since=optional_from_ms(blamed_since_ms) if waits else None,
    )


def _remember_export(db: sqlite_utils.Database, *, sequences: Collection[int], at: dt.datetime) -> None:
    db.conn.executemany(
        "UPDATE outbox SET exported_at_ms = ? WHERE sequence = ?", [(to_ms(at), sequence) for sequence in sequences]
    )


def _not_exported(db: sqlite_utils.Database) -> int:
    (count,) = db.execute(
        "SELECT count(*) FROM outbox WHERE fate IN ('waiting', 'parked') AND exported_at_ms IS NULL"
    ).fetchone()
    return int(count)


def _retry(db: sqlite_utils.Database, *, item_ids: Collection[str] | None) -> int:
    again = """
        UPDATE outbox SET fate = 'waiting', next_try_at_ms = 0, blamed_since_ms = NULL, times_blamed = 0
        WHERE fate IN ('parked', 'waiting')
    """
    if item_ids is None:
        return db.execute(f"{again} AND (fate = 'parked' OR next_try_at_ms > 0)").rowcount
    return sum(db.execute(f"{again} AND item_id = ?", (item_id,)).rowcount for item_id in item_ids)
