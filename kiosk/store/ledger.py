"""What happened at this kiosk: uses, annulments, refusals, each on the disk with its place in the queue."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import partial

import sqlite_utils

from kiosk.cards.exchange import ItemKind, UseOfDay
from kiosk.cards.model import Annulment, Refusal, Use
from kiosk.clock import SameBoot
from kiosk.errors import NotUndoable, StoreError
from kiosk.store.chain import append_link
from kiosk.store.database import Database
from kiosk.store.facts import not_taken_back
from kiosk.store.forgetting import forget_tails
from kiosk.store.rows import (
    ANNULMENT_COLUMNS,
    REFUSAL_COLUMNS,
    USE_COLUMNS,
    Row,
    annulment_row,
    at_true_time,
    columns,
    insert,
    optional_from_ms,
    refusal_row,
    to_ms,
    use_of,
    use_row,
)

NEWEST_LOOKED_AT = 5000
"""No desk records more in the time in which a use may be undone; the years before are not read through."""


@dataclass(frozen=True, slots=True)
class _Table:
    """Records that are put down once; its statements are made once too, as each use waits for them."""

    put: str
    find: str


def _table(name: str, names: tuple[str, ...]) -> _Table:
    return _Table(
        put=f"{insert(name, names)} ON CONFLICT (id) DO NOTHING",
        find=f"SELECT {columns(names)} FROM {name} WHERE id = ?",
    )


_USES = _table("uses", USE_COLUMNS)
_ANNULMENTS = _table("annulments", ANNULMENT_COLUMNS)
_REFUSALS = _table("refusals", REFUSAL_COLUMNS)


class Ledger:
    """Writes once and never changes; each call is on the disk when it returns, and harmless when repeated."""

    def __init__(self, db: Database) -> None:
        """Keep the records in `db`."""
        self._db = db

    async def record(self, use: Use) -> None:
        """Keep `use` and queue it for the register; the same use again is no second one.

        Raises StoreUnavailable when it is not on the disk (also when the disk is nearly full), and StoreError
        for another use under the same id.
        """
        await self._db.write(partial(put_use, use=use), adds=True)

    async def annul(self, annulment: Annulment) -> None:
        """Keep the annulment of a use and queue it; the same annulment again is no second one.

        Raises NotUndoable where the use is unknown or was annulled by another, and StoreUnavailable.
        """
        await self._db.write(partial(_annul, annulment=annulment))

    async def count_refusal(self, refusal: Refusal) -> None:
        """Count a visitor who got no ticket, and queue it; raises StoreUnavailable."""
        await self._db.write(partial(_count_refusal, refusal=refusal), adds=True)

    async def undoable(self, since: dt.datetime, same_boot: SameBoot | None = None) -> tuple[Use, ...]:
        """Uses since then and not annulled, newest first, with tails for a day; raises StoreUnavailable.

        Those of the boot of `same_boot` are taken by its clock, which never steps; all others by their best known time,
        which is then theirs.
        """
        return await self._db.read(partial(_undoable, since=since, same_boot=same_boot))

    async def uses_of_day(self, start: dt.datetime, end: dt.datetime) -> tuple[UseOfDay, ...]:
        """Uses from `start` to before `end` by their best known times, annulled ones too, newest first.

        Raises StoreUnavailable.
        """
        return await self._db.read(partial(_uses, start=start, end=end))

    async def probe(self) -> None:
        """Return when a write has reached the disk and there is room for more; raises StoreError.

        A database that could not be opened, or was damaged, is tried again.
        """
        await self._db.revive()
        await self._db.write(_probe, adds=True)


def put_use(db: sqlite_utils.Database, use: Use) -> None:
    """Put down `use`, its tail, its place in the queue and its link, within the caller's transaction.

    The desk's way is `Ledger.record`, which commits each by itself; this is for many in one commit. The same use again
    changes nothing; raises StoreError for another one under its id.
    """
    if not _put(db, _USES, use_row(use)):
        return
    decided_at_ms = to_ms(use.decided.at)
    forget_tails(db, use)
    db.execute("INSERT INTO use_tails VALUES (?, ?, ?)", (decided_at_ms, use.id, use.card.tail[-2:]))
    append_link(db, use, _queue(db, use.id, ItemKind.USE, decided_at_ms))


def _annul(db: sqlite_utils.Database, *, annulment: Annulment) -> None:
    if db.execute("SELECT 1 FROM uses WHERE id = ?", (annulment.use_id,)).fetchone() is None:
        raise NotUndoable("This use was not recorded here.")
    before = db.execute("SELECT id FROM annulments WHERE use_id = ?", (annulment.use_id,)).fetchone()
    if before is not None and before[0] != annulment.id:
        raise NotUndoable("This use was taken back before.")
    if _put(db, _ANNULMENTS, annulment_row(annulment)):
        _queue(db, annulment.id, ItemKind.ANNULMENT, to_ms(annulment.annulled.at))


def _count_refusal(db: sqlite_utils.Database, *, refusal: Refusal) -> None:
    if _put(db, _REFUSALS, refusal_row(refusal)):
        _queue(db, refusal.id, ItemKind.REFUSAL, to_ms(refusal.refused.at))


def _put(db: sqlite_utils.Database, table: _Table, row: Row) -> bool:
    """Put `row` down, unless the same row is there already: False; raises StoreError for another row."""
    if db.execute(table.put, row).rowcount:
        return True
    known = db.execute(table.find, (row[0],)).fetchone()
    if tuple(known) != tuple(row):
        raise StoreError(f"Another record has the id {row[0]} already; the first one stands.")
    return False


def _queue(db: sqlite_utils.Database, item_id: str, kind: ItemKind, decided_at_ms: int) -> int:
    """Queue the item; its place."""
    queued = db.execute(
        "INSERT INTO outbox (item_id, kind, decided_at_ms) VALUES (?, ?, ?)", (item_id, kind, decided_at_ms)
    )
    return queued.lastrowid or 0


def _uses(db: sqlite_utils.Database, *, start: dt.datetime, end: dt.datetime) -> tuple[UseOfDay, ...]:
    rows = db.execute(
        f"""
        SELECT {columns(USE_COLUMNS, of="uses")}, tail, annulments.annulled_at_ms, annulments_elsewhere.annulled_at_ms,
            corrected_at_ms FROM uses
        LEFT JOIN corrections ON corrections.item_id = uses.id
        LEFT JOIN use_tails ON use_tails.use_id = uses.id AND use_tails.decided_at_ms = uses.decided_at_ms
        LEFT JOIN annulments ON annulments.use_id = uses.id
        LEFT JOIN annulments_elsewhere ON annulments_elsewhere.use_id = uses.id
        WHERE (uses.decided_at_ms >= :start AND uses.decided_at_ms < :end AND corrected_at_ms IS NULL)
            OR uses.id IN (SELECT item_id FROM corrections WHERE corrected_at_ms >= :start AND corrected_at_ms < :end)
        ORDER BY coalesce(corrected_at_ms, uses.decided_at_ms) DESC, uses.id DESC
        """,
        {"start": to_ms(start), "end": to_ms(end)},
    )
    return tuple(_use_of_day(row) for row in rows)


def _use_of_day(row: Row) -> UseOfDay:
    *_, tail, here_ms, by_venue_ms, true_ms = row
    by_venue = here_ms is None and by_venue_ms is not None
    use = at_true_time(use_of(row, tail), true_ms)
    return UseOfDay(use, optional_from_ms(by_venue_ms if by_venue else here_ms), by_venue)


def _undoable(db: sqlite_utils.Database, *, since: dt.datetime, same_boot: SameBoot | None) -> tuple[Use, ...]:
    rows = db.execute(
        f"""
        SELECT {columns(USE_COLUMNS, of="uses")}, tail, corrected_at_ms FROM uses
        JOIN outbox ON outbox.item_id = uses.id
        LEFT JOIN corrections ON corrections.item_id = uses.id
        LEFT JOIN use_tails ON use_tails.use_id = uses.id AND use_tails.decided_at_ms = uses.decided_at_ms
        WHERE outbox.sequence > (SELECT max(sequence) FROM outbox) - {NEWEST_LOOKED_AT}
            AND {not_taken_back("uses.id")}
            AND iif(boot_id = :boot, monotonic_ms >= :since_boot_ms,
                coalesce(corrected_at_ms, uses.decided_at_ms) >= :since_ms)
        ORDER BY outbox.sequence DESC
        """,
        {
            "boot": None if same_boot is None else same_boot.boot_id,
            "since_boot_ms": 0 if same_boot is None else same_boot.monotonic_ms,
            "since_ms": to_ms(since),
        },
    )
    return tuple(at_true_time(use_of(row, row[-2]), row[-1]) for row in rows)


def _probe(db: sqlite_utils.Database) -> None:
    db.execute("UPDATE probe SET writes = writes + 1")
