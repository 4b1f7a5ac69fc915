"""The chain of uses on a real disk: whatever is changed behind the kiosk's back is found."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils.migrations import Migrations

from kiosk.cards.chain import FIRST, Head, Link, link_of
from kiosk.cards.exchange import Fate
from kiosk.store.chain import ChainReport, begin_chain, verify_chain
from kiosk.store.database import Database
from kiosk.store.ledger import Ledger
from kiosk.store.migrations import exports, first_light
from kiosk.store.outbox import Outbox
from kiosk.store.salvage import salvage
from tests.edge.store.samples import MINUTE, NOON, a_refusal, a_use, an_annulment, an_id


async def record(db: Database, *numbers: int) -> None:
    for number in numbers:
        await Ledger(db).record(a_use(number, tail="", at=NOON + number * MINUTE))


async def links(db: Database) -> list[Link | None]:
    return [parcel.link for parcel in await Outbox(db).due(NOON, 100)]


def behind_its_back(path: Path, *statements: str) -> None:
    """What somebody with the file and enough ill will can do."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        for (trigger,) in other.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
            other.execute(f"DROP TRIGGER {trigger}")
        for statement in statements:
            other.execute(statement)


async def test_each_use_is_linked_to_the_one_before_and_nothing_else_is(db: Database, ledger: Ledger) -> None:
    await record(db, 1)
    await ledger.count_refusal(a_refusal())
    await ledger.annul(an_annulment(a_use(1)))
    await record(db, 2)
    first, *between, second = await links(db)
    assert between == [None, None]
    assert first is not None
    assert second is not None
    assert (first.position, first.previous, second.position, second.previous) == (1, FIRST, 2, first.hash)
    use = a_use(2, tail="", at=NOON + 2 * MINUTE)
    assert second == link_of(use, 4, chain=first.chain, position=2, previous=first.hash)
    assert await db.read(verify_chain) == ChainReport(links=2, before=0, faults=())


async def test_the_same_use_again_is_no_second_link(db: Database) -> None:
    await record(db, 1, 1, 2, 1)
    assert [link and link.position for link in await links(db)] == [1, 2]


async def test_it_goes_on_after_a_restart(path: Path, db: Database) -> None:
    await record(db, 1)
    db.close()
    again = Database.open(path, kept_free_bytes=0)
    try:
        await record(again, 2)
        assert await again.read(verify_chain) == ChainReport(links=2, before=0, faults=())
    finally:
        again.close()


async def test_a_use_that_fails_leaves_no_link(db: Database, path: Path) -> None:
    behind_its_back(path, "CREATE TRIGGER full BEFORE INSERT ON links BEGIN SELECT RAISE(ABORT, 'full'); END")
    with pytest.raises(sqlite3.IntegrityError, match="full"):
        await record(db, 1)
    assert (await links(db), await db.read(verify_chain)) == ([], ChainReport(0, 0, ()))


async def test_uses_of_before_the_chain_are_in_none_and_are_counted(path: Path) -> None:
    older = Migrations("kiosk")
    older(name="0001_first_light")(first_light)
    older(name="0002_exports")(exports)
    Database.open(path, migrations=older).close()
    with closing(sqlite3.connect(path)) as first_version, first_version:
        first_version.execute(
            "INSERT INTO uses VALUES (?, zeroblob(16), NULL, NULL, 'entrance', 1, 0, 0, 0, 1, 0, 1, 'b', 0, 0, '[]')",
            (an_id(1),),
        )
        first_version.execute("INSERT INTO outbox (item_id, kind, decided_at_ms) VALUES (?, 'use', 0)", (an_id(1),))
    assert [(parcel.item.id, parcel.link) for parcel in salvage(path).parcels] == [(an_id(1), None)]
    db = Database.open(path, kept_free_bytes=0)
    try:
        await record(db, 2)
        assert [link and link.position for link in await links(db)] == [None, 1]
        assert await db.read(verify_chain) == ChainReport(links=1, before=1, faults=())
    finally:
        db.close()


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("UPDATE uses SET children = 5 WHERE id = '{two}'", "use {two} (queue place 2) is not what was recorded"),
        ("UPDATE uses SET decided_at_ms = decided_at_ms - 86400000 WHERE id = '{two}'", "use {two} (queue place 2) is"),
        ("UPDATE uses SET remarks = '[]' WHERE id = '{two}'", "use {two} (queue place 2) is not what was recorded"),
        (
            "UPDATE uses SET remarks = 'no JSON' WHERE id = '{two}'",
            "use {two} (queue place 2) is not what was recorded",
        ),
        ("UPDATE uses SET decided_at_ms = 1 << 62 WHERE id = '{two}'", "use {two} (queue place 2) is not"),
        ("DELETE FROM uses WHERE id = '{two}'", "the use at queue place 2 is missing ({two})"),
        ("DELETE FROM outbox WHERE sequence = 2", "the use at queue place 2 is missing (and so is its place)"),
        ("DELETE FROM links WHERE sequence = 2", "links 2 to 2 are missing before queue place 3"),
        ("UPDATE links SET hash = zeroblob(32) WHERE sequence = 2", "use {two} (queue place 2) is not"),
        (
            "INSERT INTO outbox (item_id, kind, decided_at_ms) SELECT '{two}' || 'x', 'use', 0",
            "use {two}x has no link: another program put it in",
        ),
        (
            "INSERT INTO uses SELECT 'x', zeroblob(16), NULL, NULL, 'entrance', 1,0,0,0, 1,0,1, 'b', 0, 0, '[]', NULL",
            "use x has no link: another program put it in",
        ),
    ],
)
async def test_whatever_another_program_does_to_the_uses_is_found(
    path: Path, db: Database, statement: str, fault: str
) -> None:
    await record(db, 1, 2, 3)
    behind_its_back(path, statement.format(two=an_id(2)))
    found = (await db.read(verify_chain)).faults
    assert any(each.startswith(fault.format(two=an_id(2))) for each in found), found


@pytest.mark.parametrize("change", ["UPDATE links SET position = 7", "DELETE FROM links", "DELETE FROM chains"])
async def test_links_and_chains_are_never_changed(path: Path, db: Database, change: str) -> None:
    await record(db, 1)
    with closing(sqlite3.connect(path)) as other, pytest.raises(sqlite3.IntegrityError, match="never"):
        other.execute(change)


async def test_the_head_is_how_far_the_newest_chain_reaches(db: Database) -> None:
    outbox = Outbox(db)
    assert await outbox.head() is None
    await record(db, 1, 2)
    _, second = await links(db)
    assert second is not None
    assert await outbox.head() == Head(second.chain, 2)
    await db.write(begin_chain)
    assert await outbox.head() is None


async def test_a_new_chain_begins_where_it_is_told_to(db: Database) -> None:
    await record(db, 1, 2)
    await db.write(begin_chain)
    await record(db, 3)
    _, second, third = await links(db)
    assert second is not None
    assert third is not None
    assert (third.position, third.previous, third.chain != second.chain) == (1, FIRST, True)
    assert await db.read(verify_chain) == ChainReport(links=3, before=0, faults=())


async def test_what_is_rescued_carries_the_same_links(path: Path, db: Database) -> None:
    await record(db, 1, 2)
    assert [parcel.link for parcel in salvage(path, [Fate.WAITING]).parcels] == await links(db)
