"""Taking uses back: idempotent, in any order, and only one's own."""

from __future__ import annotations

import asyncio

from register.store.export import export_annulments, export_uses
from tests.edge.register.house import House
from tests.edge.register.samples import a_use, an_annulment, an_id

STORED: tuple[str, list[str]] = ("stored", [])


async def test_an_annulment_is_stored_once_and_both_records_stay(house: House) -> None:
    door, use = await house.door(), a_use(house.key_of("AIKUINEN"))
    await door.send(use)
    annulment = an_annulment(use["id"])
    assert (await door.annul(annulment)).outcomes == [STORED]
    assert (await door.annul(annulment, annulment)).outcomes == [("duplicate", []), ("duplicate", [])]
    (row,) = await house.register.database.read(export_uses)
    assert (row["id"], row["annulled"], row["annulments"]) == (use["id"], True, [annulment["id"]])


async def test_an_annulment_that_comes_first_counts_when_the_use_comes(house: House) -> None:
    door, use = await house.door(), a_use(house.key_of("AIKUINEN"), house.event("evening-concert"))
    annulment = an_annulment(use["id"])
    assert (await door.annul(annulment)).outcomes == [STORED]
    (kept,) = await house.register.database.read(export_annulments)
    assert kept["applies"] is False
    assert (await door.send(use)).outcomes == [STORED]
    (row,) = await house.register.database.read(export_uses)
    assert row["annulled"] is True
    again = a_use(house.key_of("AIKUINEN"), house.event("evening-concert"))
    assert (await door.send(again)).outcomes == [STORED]


async def test_a_use_annulled_before_it_came_is_not_told_to_other_doors(house: House) -> None:
    door, other = await house.door(), await house.door("Side door")
    since, use = await other.cursor(), a_use(house.key_of("AIKUINEN"))
    await door.annul(an_annulment(use["id"]))
    await door.send(use)
    assert (await other.changes(since)).body["changes"] == []


async def test_the_use_of_another_kiosk_is_not_annulled(house: House) -> None:
    door, other, use = await house.door(), await house.door("Side door"), a_use(house.key_of("AIKUINEN"))
    await door.send(use)
    assert (await other.annul(an_annulment(use["id"]))).outcomes == [("refused", ["use-of-other-kiosk"])]
    (row,) = await house.register.database.read(export_uses)
    assert row["annulled"] is False


async def test_another_kiosks_annulment_that_came_first_does_not_count(house: House) -> None:
    door, other, use = await house.door(), await house.door("Side door"), a_use(house.key_of("AIKUINEN"))
    await other.annul(an_annulment(use["id"]))
    await door.send(use)
    (row,) = await house.register.database.read(export_uses)
    assert row["annulled"] is False


async def test_an_annulment_id_with_other_content_is_refused(house: House) -> None:
    door, annulment = await house.door(), an_annulment(an_id())
    await door.annul(annulment)
    assert (await door.annul({**annulment, "use_id": an_id()})).outcomes == [("refused", ["id-reused"])]


async def test_a_poisoned_annulment_spoils_no_other(house: House) -> None:
    door, good = await house.door(), an_annulment(an_id())
    bad = an_annulment(an_id(), why="mistake")
    assert (await door.annul(bad, good)).outcomes == [("refused", ["malformed"]), STORED]


async def test_use_and_annulment_sent_at_the_same_time_end_annulled(house: House) -> None:
    door, use = await house.door(), a_use(house.key_of("AIKUINEN"))
    await asyncio.gather(door.send(use), door.annul(an_annulment(use["id"])))
    (row,) = await house.register.database.read(export_uses)
    assert row["annulled"] is True


async def test_other_doors_hear_of_an_annulment_once(house: House) -> None:
    door, other, use = await house.door(), await house.door("Side door"), a_use(house.key_of("AIKUINEN"))
    await door.send(use)
    since = await other.cursor()
    await door.annul(an_annulment(use["id"]), an_annulment(use["id"]))
    assert [change["type"] for change in (await other.changes(since)).body["changes"]] == ["annulment"]
