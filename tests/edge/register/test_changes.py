"""The long poll: who hears what, when, and until when."""

from __future__ import annotations

import asyncio
import datetime as dt
from functools import partial
from pathlib import Path

import aiohttp
import msgspec
import pytest
import sqlite_utils

from contract.messages import CardListed, Changes
from register.demo.places import HALL, POOL
from register.store.cards import put_card, remove_card
from register.store.events import remove_event
from register.store.feed import KEPT_FOR, forget_before, start_anew, tell_profile
from tests.edge.register.house import NOON, Door, House, open_house
from tests.edge.register.samples import a_use, an_annulment

CARD = CardListed(
    lookup_key="ab" * 16,
    kind="personal",
    status="active",
    area_id="esimerkkila",
    first_valid_day=dt.date(2026, 3, 1),
    last_valid_day=dt.date(2027, 2, 28),
    children=1,
)


async def put(house: House, card: CardListed = CARD) -> None:
    await house.register.database.write(partial(put_card, at=house.clock.now(), card=card, sealed_number=None))


def types_in(body: dict[str, list[dict[str, str]]]) -> list[str]:
    return [change["type"] for change in body["changes"]]


async def test_without_news_the_answer_is_empty_and_the_cursor_goes_on(house: House) -> None:
    door = await house.door()
    since = await door.cursor()
    reply = await door.changes(since)
    assert reply.body == {"cursor": since, "changes": [], "more": False, "server_time": "2026-03-10T12:00:00Z"}


async def test_cards_events_and_profile_are_told_in_order(house: House) -> None:
    door = await house.door()
    since = await door.cursor()
    await put(house)
    await house.register.database.write(partial(remove_card, at=NOON, lookup_key=bytes.fromhex(CARD.lookup_key)))
    await house.register.database.write(partial(remove_event, at=NOON, venue_id=HALL, event_id=house.event("premiere")))
    await house.register.database.write(partial(tell_profile, at=NOON, venue_id=HALL))
    reply = await door.changes(since)
    changes = msgspec.convert(reply.body, type=Changes).changes
    assert types_in(reply.body) == ["card", "card-removed", "event-removed", "profile"]
    assert changes[0] == CARD
    assert reply.body["changes"][3]["profile"]["kiosk_id"] == door.kiosk_id


async def test_a_kiosk_hears_of_its_own_venue_alone_and_not_of_itself(house: House) -> None:
    door, beside, elsewhere = await house.door("A"), await house.door("B"), await house.door("C", POOL)
    cursors = [await each.cursor() for each in (door, beside, elsewhere)]
    use = a_use(house.key_of("AIKUINEN"))
    await door.send(use)
    await door.annul(an_annulment(use["id"]))
    heard = [await each.changes(since) for each, since in zip((door, beside, elsewhere), cursors, strict=True)]
    assert [types_in(reply.body) for reply in heard] == [[], ["use", "annulment"], []]
    assert heard[1].body["changes"][0]["door"] == "A"


async def test_a_waiting_poll_is_woken_by_a_use_at_another_door(house: House) -> None:
    door, beside = await house.door("A"), await house.door("B")
    since = await beside.cursor()
    async with asyncio.timeout(10):
        poll = asyncio.create_task(beside.changes(since, wait=25))
        await house.until_waiting(1)
        await door.send(a_use(house.key_of("AIKUINEN")))
        reply = await poll
    assert types_in(reply.body) == ["use"]


async def test_a_waiting_poll_is_woken_by_what_another_program_writes(tmp_path: Path) -> None:
    async with asyncio.timeout(10), open_house(tmp_path / "register.db", look_every_s=0.1) as house:
        door = await house.door()
        since = await door.cursor()
        poll = asyncio.create_task(door.changes(since, wait=25))
        await house.until_waiting(1)
        await put(house)  # no poke, as from another process
        assert types_in((await poll).body) == ["card"]


async def test_news_of_another_venue_do_not_end_the_wait(house: House) -> None:
    door, elsewhere = await house.door("A"), await house.door("B", POOL)
    since = await door.cursor()
    async with asyncio.timeout(10):
        poll = asyncio.create_task(door.changes(since, wait=25))
        await house.until_waiting(1)
        await elsewhere.send(a_use(house.key_of("AIKUINEN")))
        await put(house)
        house.news.poke()
        reply = await poll
    assert types_in(reply.body) == ["card"]


async def test_a_second_poll_of_the_same_kiosk_harms_neither(house: House) -> None:
    door, beside = await house.door("A"), await house.door("B")
    since = await beside.cursor()
    async with asyncio.timeout(10):
        polls = [asyncio.create_task(beside.changes(since, wait=25)) for _ in range(2)]
        await house.until_waiting(2)
        await door.send(a_use(house.key_of("AIKUINEN")))
        replies = [await poll for poll in polls]
    assert [types_in(reply.body) for reply in replies] == [["use"], ["use"]]


async def test_the_wait_ends_by_itself(house: House) -> None:
    door = await house.door()
    async with asyncio.timeout(10):
        reply = await door.changes(await door.cursor(), wait=1)
    assert reply.body["changes"] == []


async def test_a_kiosk_that_hangs_up_leaves_nobody_waiting(house: House) -> None:
    door = await house.door()
    poll = asyncio.create_task(door.changes(await door.cursor(), wait=25))
    await house.until_waiting(1)
    poll.cancel()
    await asyncio.gather(poll, return_exceptions=True)
    await house.until_waiting(0)


async def test_the_end_of_the_server_answers_those_who_wait(tmp_path: Path) -> None:
    async with asyncio.timeout(10), aiohttp.ClientSession() as session:
        async with open_house(tmp_path / "register.db") as house:
            door = await house.door()
            since = await door.cursor()
            poll = asyncio.create_task(Door(session, house.url, door.key).changes(since, wait=25))
            await house.until_waiting(1)
        assert (await poll).body["changes"] == []


@pytest.mark.parametrize("since", ["0badc0de.1", "x", "{epoch}.999999", "{epoch}.-1", "{epoch}.x", "{epoch}."])
async def test_a_cursor_that_is_no_place_in_this_feed_is_gone(house: House, since: str) -> None:
    door = await house.door()
    epoch = (await door.cursor()).partition(".")[0]
    assert (await door.changes(since.format(epoch=epoch))).problem == (410, "cursor-gone")


async def test_a_cursor_from_before_a_new_start_is_gone(house: House) -> None:
    door = await house.door()
    since = await door.cursor()
    await house.register.database.write(start_anew)
    assert (await door.changes(since)).problem == (410, "cursor-gone")
    assert (await door.changes(await door.cursor())).status == 200


async def test_forgotten_news_are_gone_and_newer_ones_are_not(house: House) -> None:
    door = await house.door()
    old = await door.cursor()
    await put(house)
    house.clock.go_on(KEPT_FOR)
    middle = await door.cursor()
    await put(house)
    await house.register.database.write(partial(forget_before, at=house.clock.now()))
    assert (await door.changes(old)).problem == (410, "cursor-gone")
    assert types_in((await door.changes(middle)).body) == ["card"]


@pytest.mark.parametrize(
    "query",
    [
        "",
        "since=",
        "since=%20",
        "since=a.1%0A",
        "since=a.1&wait=26",
        "since=a.1&wait=-1",
        "since=a.1&wait=x",
        "since=a.1&wait=1.5",
        "since=a.1&wait=",
        "since=a.1&wait=%D9%A1",
        "since=" + "a" * 201,
    ],
)
async def test_a_question_that_is_not_of_the_contract_is_malformed(house: House, query: str) -> None:
    door = await house.door()
    assert (await door.get(f"/v1/changes?{query}")).problem == (400, "malformed")


async def test_many_news_come_in_pages_of_a_thousand(house: House) -> None:
    door = await house.door()
    since = await door.cursor()

    def put_many(db: sqlite_utils.Database) -> None:
        for number in range(1001):
            put_card(db, NOON, msgspec.structs.replace(CARD, lookup_key=f"{number:032x}"), sealed_number=None)

    await house.register.database.write(put_many)
    first = (await door.changes(since, wait=25)).body
    second = (await door.changes(first["cursor"], wait=25)).body
    assert (len(first["changes"]), first["more"]) == (1000, True)
    assert (len(second["changes"]), second["more"]) == (1, False)
    keys = [change["lookup_key"] for change in first["changes"] + second["changes"]]
    assert keys == [f"{number:032x}" for number in range(1001)]
