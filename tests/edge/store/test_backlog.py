"""The counts of the queue are those of its rows, whatever happened to them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
import sqlite_utils
from sqlite_utils.migrations import Migrations

from kiosk.cards.exchange import Fate, QueueDepth, Settlement
from kiosk.store.backlog import find_depth, find_unsent_uses
from kiosk.store.batches import parcels_at
from kiosk.store.chain import find_head
from kiosk.store.culprits import blame, set_on
from kiosk.store.database import Database
from kiosk.store.ledger import Ledger, put_use
from kiosk.store.migrations import by_hand, chain, corrections, exports, first_light
from kiosk.store.outbox import Outbox
from kiosk.store.parcels import parcel_of
from kiosk.store.rows import to_ms
from tests.edge.store.samples import HOUR, MINUTE, NOON, a_refusal, a_use, an_annulment


async def test_counts_follow_every_change_of_fate(db: Database, ledger: Ledger, outbox: Outbox) -> None:
    uses = [a_use(number, at=NOON + number * MINUTE) for number in range(1, 6)]
    for use in uses:
        await ledger.record(use)
        await ledger.record(use)  # no second one
    await ledger.annul(an_annulment(uses[4], at=NOON + 9 * MINUTE))
    await ledger.count_refusal(a_refusal(at=NOON))
    await outbox.settle([Settlement(uses[0].id, Fate.DELIVERED), Settlement(uses[1].id, Fate.PARKED)])
    await outbox.settle([Settlement(uses[0].id, Fate.PARKED), Settlement(uses[2].id, Fate.FLAGGED)])
    assert await outbox.depth() == QueueDepth(waiting=4, parked=1, flagged=1, delivered=1, oldest_waiting_at=NOON)
    assert await db.read(find_unsent_uses) == (2, to_ms(NOON + 4 * MINUTE))
    await outbox.retry()
    assert await db.read(find_unsent_uses) == (3, to_ms(NOON + 2 * MINUTE))
    await outbox.settle([Settlement(use.id, Fate.DELIVERED) for use in uses])
    assert await db.read(find_unsent_uses) == (0, None)


def put_uses(db: sqlite_utils.Database, numbers: range) -> None:
    for number in numbers:
        put_use(db, a_use(number))


def steps_of(job: Callable[[sqlite_utils.Database], object], db: sqlite_utils.Database) -> int:
    """How many of its instructions SQLite needs for `job`."""
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 1
        return 0

    job(db)  # compiled once, and what it reads is at hand
    db.conn.set_progress_handler(count, 1)
    job(db)
    db.conn.set_progress_handler(None, 1)
    return steps


@pytest.mark.parametrize(
    "job",
    [
        find_depth,
        find_unsent_uses,
        find_head,
        partial(blame, item_ids=[], now=NOON),
        partial(set_on, step_ms=1),
    ],
    ids=["depth", "unsent", "head", "blame", "blamed since"],
)
async def test_a_long_queue_costs_no_more_than_a_short_one(
    job: Callable[[sqlite_utils.Database], object], db: Database
) -> None:
    await db.write(partial(put_uses, numbers=range(1, 11)))
    short = await db.write(partial(steps_of, job))
    await db.write(partial(put_uses, numbers=range(11, 2000)))
    assert await db.write(partial(steps_of, job)) <= 2 * short


async def test_a_queue_of_an_older_version_is_counted_once(path: Path) -> None:
    older = Migrations("kiosk")
    for name, step in (
        ("0001_first_light", first_light),
        ("0002_exports", exports),
        ("0003_chain", chain),
        ("0004_corrections", corrections),
        ("0007_by_hand", by_hand),  # the ledger of today writes that column
    ):
        older(name=name)(step)
    with closing(Database.open(path, migrations=older, kept_free_bytes=0)) as database:
        ledger = Ledger(database)
        for number in range(1, 4):
            await ledger.record(a_use(number))
        await database.write(lambda db: db.execute("UPDATE outbox SET fate = 'delivered' WHERE sequence = 1").rowcount)
    with closing(Database.open(path, kept_free_bytes=0)) as database:
        await Ledger(database).record(a_use(4))
        depth = await Outbox(database).depth()
    assert (depth.waiting, depth.delivered) == (3, 1)
    with closing(sqlite3.connect(path)) as connection:
        assert find_depth(sqlite_utils.Database(connection)) == depth


async def test_many_read_at_once_are_what_each_is_alone(db: Database, ledger: Ledger, outbox: Outbox) -> None:
    for number in range(1, 4):
        await ledger.record(a_use(number))
        await ledger.annul(an_annulment(a_use(number), number=1000 + number))
    await ledger.count_refusal(a_refusal())
    await outbox.postpone([a_use(2).id], NOON + HOUR, "no answer")

    def both(db: sqlite_utils.Database) -> tuple[object, object]:
        places = db.execute("SELECT sequence, kind, item_id, attempts FROM outbox ORDER BY sequence DESC").fetchall()
        return parcels_at(db, places), tuple(parcel_of(db, *place) for place in places)

    at_once, alone = await db.read(both)
    assert at_once == alone
