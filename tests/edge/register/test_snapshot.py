"""The snapshot: whole, in order, resumable."""

from __future__ import annotations

import datetime as dt
import zlib
from typing import Any

import msgspec
import pytest

from contract.messages import (
    AnnulmentElsewhere,
    CardListed,
    EventListed,
    ProfileChanged,
    SnapshotEnd,
    SnapshotHead,
    SnapshotLine,
    UseElsewhere,
    Verdict,
)
from register.demo.cards import CARDS
from register.demo.places import POOL
from register.demo.seed import seed_random_cards
from register.server.snapshot import CARDS_AT_ONCE
from tests.edge.register.house import NOON, Door, House
from tests.edge.register.samples import a_use, an_annulment


async def lines_of(door: Door, **query: str) -> list[Any]:
    reply = await door.get("/v1/snapshot", params=query)
    assert reply.status == 200
    assert reply.headers["Content-Type"] == "application/x-ndjson"
    return [msgspec.json.decode(line, type=SnapshotLine) for line in reply.body.splitlines()]


async def test_a_snapshot_is_gzip_whatever_was_asked_for(house: House) -> None:
    door = await house.door()
    async with house.session.get(
        house.url + "/v1/snapshot",
        headers={"Authorization": f"Bearer {door.key}", "Accept-Encoding": "identity"},
        auto_decompress=False,
    ) as response:
        assert response.headers["Content-Encoding"] == "gzip"
        text = zlib.decompress(await response.read(), wbits=31)
    assert text.startswith(b'{"type":"head"')
    assert text.splitlines()[-1].startswith(b'{"type":"end"')


async def test_lines_come_in_order_and_are_as_many_as_said(house: House) -> None:
    door = await house.door()
    lines = await lines_of(door)
    kinds = [type(line) for line in lines]
    assert kinds == [SnapshotHead, ProfileChanged, *[EventListed] * 3, *[CardListed] * len(CARDS), SnapshotEnd]
    assert lines[0].lines == len(lines) - 1
    assert lines[0].cursor == lines[-1].cursor
    keys = [line.lookup_key for line in lines if isinstance(line, CardListed)]
    assert keys == sorted(keys)
    assert house.key_of("PERHE") in keys


async def test_a_cut_snapshot_is_resumed_after_the_last_key(house: House) -> None:
    door = await house.door()
    cards = [line for line in await lines_of(door) if isinstance(line, CardListed)]
    resumed = await lines_of(door, **{"from": cards[3].lookup_key})
    assert [type(line) for line in (resumed[0], resumed[-1])] == [SnapshotHead, SnapshotEnd]
    assert resumed[1:-1] == cards[4:]
    assert resumed[0].lines == len(resumed) - 1
    beyond = await lines_of(door, **{"from": "f" * 32})
    assert [type(line) for line in beyond] == [SnapshotHead, SnapshotEnd]


@pytest.mark.parametrize("key", ["", "xyz", "F" * 32, "0" * 31, "0" * 32 + "\n"])
async def test_an_odd_key_to_resume_from_is_malformed(house: House, key: str) -> None:
    reply = await (await house.door()).get("/v1/snapshot", params={"from": key})
    assert reply.problem == (400, "malformed")


async def test_uses_of_other_doors_are_told_and_those_of_this_one_are_not(house: House) -> None:
    door, beside, elsewhere = await house.door("A"), await house.door("B"), await house.door("C", POOL)
    concert = house.event("evening-concert")
    now = a_use(house.key_of("PERHE"), concert, children=2)
    annulled = a_use(house.key_of("AIKUINEN"), concert)
    today = a_use(house.key_of("VAPAA"))
    yesterday = a_use(house.key_of("VAPAA"), at=NOON - dt.timedelta(days=1))
    await beside.send(now, annulled, today, yesterday)
    await beside.annul(an_annulment(annulled["id"]))
    await door.send(a_use(house.key_of("NAAPURI"), concert))
    await elsewhere.send(a_use(house.key_of("NAAPURI")))
    told = [line for line in await lines_of(door) if isinstance(line, UseElsewhere | AnnulmentElsewhere)]
    assert {line.use_id for line in told if isinstance(line, UseElsewhere)} == {
        now["id"],
        annulled["id"],
        today["id"],
    }
    assert [line.use_id for line in told if isinstance(line, AnnulmentElsewhere)] == [annulled["id"]]
    (seen,) = [line for line in told if isinstance(line, UseElsewhere) and line.use_id == now["id"]]
    assert (seen.door, seen.children, seen.event_id) == ("B", 2, concert)


async def test_verdicts_that_the_feed_has_told_come_again_with_a_new_list(house: House) -> None:
    door, beside, concert = await house.door("A"), await house.door("B"), house.event("evening-concert")
    first = a_use(house.key_of("PERHE"), concert)
    await door.send(first)
    await beside.send(a_use(house.key_of("PERHE"), concert))
    told = [(line.use_id, line.reasons) for line in await lines_of(door) if isinstance(line, Verdict)]
    assert told == [(first["id"], ("already-used",))]
    assert not [line for line in await lines_of(beside) if isinstance(line, Verdict)]
    house.clock.go_on(dt.timedelta(days=91))
    assert not [line for line in await lines_of(door) if isinstance(line, Verdict)]


async def test_events_long_over_are_left_out(house: House) -> None:
    door = await house.door()
    house.clock.go_on(dt.timedelta(days=2))
    assert not [line for line in await lines_of(door) if isinstance(line, EventListed)]


async def test_a_list_longer_than_one_read_comes_whole(house: House) -> None:
    seed_random_cards(house.register, 2 * CARDS_AT_ONCE + 1, NOON)
    lines = await lines_of(await house.door())
    keys = [line.lookup_key for line in lines if isinstance(line, CardListed)]
    assert len(keys) == len(set(keys)) == 2 * CARDS_AT_ONCE + 1 + len(CARDS)
    assert keys == sorted(keys)
    assert lines[0].lines == len(lines) - 1


async def test_what_changes_while_the_list_is_sent_is_in_the_feed_after_its_cursor(house: House) -> None:
    door, beside = await house.door("A"), await house.door("B")
    head = (await lines_of(door))[0]
    await beside.send(a_use(house.key_of("AIKUINEN")))
    reply = await door.changes(head.cursor)
    assert [change["type"] for change in reply.body["changes"]] == ["use"]
