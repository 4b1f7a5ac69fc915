"""A use that its venue takes back at the register: heard by every door of the venue, once, and kept with its reason."""

from __future__ import annotations

import datetime as dt
import json
from functools import partial
from typing import Any

import pytest
import sqlite_utils

from register.demo.places import HALL, POOL
from register.errors import NotFound
from register.intake.venue_annulments import annul_for_venue
from register.store.export import export_annulments, export_uses
from register.store.feed import KEPT_FOR
from tests.edge.register.house import Door, House
from tests.edge.register.samples import a_use, an_annulment, an_id

STORED: tuple[str, list[str]] = ("stored", [])
WHY = "The visitor was let in at the wrong event."


async def annul(house: House, use_id: str, venue: str = HALL) -> bool:
    """As `register annul` does."""
    job = partial(annul_for_venue, use_id=use_id, venue_id=venue, why=WHY, at=house.clock.now())
    return await house.register.database.write(job)


async def told(door: Door, since: str) -> list[dict[str, Any]]:
    return list((await door.changes(since)).body["changes"])


async def listed(door: Door) -> list[dict[str, Any]]:
    """What the snapshot tells of annulments."""
    lines = [json.loads(line) for line in (await door.get("/v1/snapshot")).body.splitlines()]
    return [line for line in lines if line["type"] == "annulment"]


async def test_its_own_kiosk_and_the_other_doors_hear_of_it_once_and_another_venue_does_not(house: House) -> None:
    door, side, elsewhere = await house.door(), await house.door("Side door"), await house.door("Far", POOL)
    use = a_use(house.key_of("AIKUINEN"))
    await door.send(use)
    since = {each: await each.cursor() for each in (door, side, elsewhere)}
    assert await annul(house, use["id"]) is True
    house.clock.go_on(dt.timedelta(minutes=1))
    assert await annul(house, use["id"]) is False
    news = {"type": "annulment", "use_id": use["id"], "annulled_at": "2026-03-10T12:00:00Z"}
    assert [await told(each, since[each]) for each in (door, side, elsewhere)] == [[news], [news], []]


async def test_both_records_stay_with_the_reason_and_cannot_be_changed(house: House) -> None:
    door, use = await house.door(), a_use(house.key_of("AIKUINEN"))
    await door.send(use)
    await annul(house, use["id"])
    (row,) = await house.register.database.read(export_uses)
    at = house.clock.now()
    assert (row["id"], row["annulled"], row["annulled_by_venue"]) == (use["id"], True, {"at": at, "why": WHY})
    for change in ("UPDATE venue_annulments SET why = 'none'", "DELETE FROM venue_annulments"):
        with pytest.raises(Exception, match="never"):
            await house.register.database.write(partial(_change, sql=change))


def _change(db: sqlite_utils.Database, *, sql: str) -> None:
    db.execute(sql)


async def test_the_card_is_free_again(house: House) -> None:
    door, event = await house.door(), house.event("evening-concert")
    use, again = (a_use(house.key_of("AIKUINEN"), event) for _ in range(2))
    await door.send(use)
    await annul(house, use["id"])
    assert (await door.send(again)).outcomes == [STORED]


async def test_its_places_are_free_again(house: House) -> None:
    door, event = await house.door(), house.event("evening-concert")
    full, more, last = (a_use(house.key_of(name), event) for name in ("AIKUINEN", "PERHE", "AIKUINEN"))
    full["children"] = 11
    await door.send(full)
    assert "quota-exceeded" in (await door.send(more)).outcomes[0][1]
    await annul(house, full["id"])
    assert (await door.send(last)).outcomes == [STORED]


async def test_the_kiosks_own_undo_that_comes_later_is_kept_too_and_told_to_nobody(house: House) -> None:
    door, side, use = await house.door(), await house.door("Side door"), a_use(house.key_of("AIKUINEN"))
    await door.send(use)
    await annul(house, use["id"])
    since, undo = await side.cursor(), an_annulment(use["id"])
    assert (await door.annul(undo)).outcomes == [STORED]
    assert await told(side, since) == []
    (kept,) = await house.register.database.read(export_annulments)
    (row,) = await house.register.database.read(export_uses)
    assert (kept["id"], row["annulments"], row["annulled_by_venue"]["why"]) == (undo["id"], [undo["id"]], WHY)


async def test_a_use_that_its_kiosk_took_back_stays_as_it_is(house: House) -> None:
    door, use = await house.door(), a_use(house.key_of("AIKUINEN"))
    await door.send(use)
    await door.annul(an_annulment(use["id"]))
    assert await annul(house, use["id"]) is False
    (row,) = await house.register.database.read(export_uses)
    assert row["annulled_by_venue"] is None


async def test_a_use_of_another_venue_and_one_that_has_not_come_are_not_found(house: House) -> None:
    door, use = await house.door(), a_use(house.key_of("AIKUINEN"))
    await door.send(use)
    for use_id, venue in ((use["id"], POOL), (an_id(), HALL), (use["id"], "nowhere")):
        with pytest.raises(NotFound, match=venue):
            await annul(house, use_id, venue)
    (row,) = await house.register.database.read(export_uses)
    assert row["annulled"] is False


async def test_a_snapshot_tells_a_kiosk_of_its_own_uses_that_the_venue_took_back_of_late(house: House) -> None:
    door, side = await house.door(), await house.door("Side door")
    use, newer = a_use(house.key_of("AIKUINEN"), house.event("evening-concert")), a_use(house.key_of("AIKUINEN"))
    await door.send(use, newer)
    await annul(house, use["id"])
    news = {"type": "annulment", "use_id": use["id"], "annulled_at": "2026-03-10T12:00:00Z"}
    assert (await listed(door), await listed(side)) == ([news], [news])
    house.clock.go_on(KEPT_FOR + dt.timedelta(seconds=1))
    assert await listed(door) == []


async def test_a_use_that_no_other_door_knows_is_told_to_its_own_kiosk_alone(house: House) -> None:
    door, side = await house.door(), await house.door("Side door")
    use = a_use(None, sealed_number="A" * 64)
    await door.send(use)
    since = {each: await each.cursor() for each in (door, side)}
    await annul(house, use["id"])
    assert [len(await told(each, since[each])) for each in (door, side)] == [1, 0]
