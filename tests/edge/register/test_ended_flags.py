"""A flag ends when what it was raised for is gone, and the kiosk is told so."""

from __future__ import annotations

import datetime as dt
import json
from functools import partial
from typing import Any

import msgspec
import pytest

from contract.messages import Policy, Texts
from register.demo.cards import DemoCard
from register.demo.cards import listed as listed_card
from register.demo.places import HALL, OPEN_AREA
from register.intake.venue_annulments import annul_for_venue
from register.store.cards import put_card, remove_card
from register.store.events import remove_event
from register.store.export import export_uses
from register.store.venues import put_venue
from tests.edge.register.house import NOON, Door, House
from tests.edge.register.samples import a_stamp, a_use, an_annulment, at_text

NOTHING = {"fi": "", "sv": "", "en": ""}


async def verdicts(door: Door, since: str) -> list[tuple[str, list[str]]]:
    changes = (await door.changes(since)).body["changes"]
    return [(each["use_id"], each["reasons"]) for each in changes if each["type"] == "verdict"]


async def listed(door: Door) -> list[tuple[str, list[str]]]:
    """Verdicts of a snapshot."""
    lines = [json.loads(line) for line in (await door.get("/v1/snapshot")).body.splitlines()]
    return [(each["use_id"], each["reasons"]) for each in lines if each["type"] == "verdict"]


async def exported(house: House, use: dict[str, Any]) -> tuple[list[str], list[str]]:
    (row,) = [row for row in await house.register.database.read(export_uses) if row["id"] == use["id"]]
    return row["reasons"], row["ended"]


async def a_double(house: House) -> tuple[Door, Door, dict[str, Any], dict[str, Any]]:
    """Two doors that let the same card in at the same event."""
    door, other = await house.door(), await house.door("Side door")
    first, second = (a_use(house.key_of("AIKUINEN"), house.event("evening-concert")) for _ in range(2))
    assert (await door.send(first)).outcomes == [("stored", [])]
    assert (await other.send(second)).outcomes == [("flagged", ["already-used"])]
    return door, other, first, second


async def test_when_one_of_two_uses_is_annulled_both_doors_are_told_that_nothing_stands_any_more(house: House) -> None:
    door, other, first, second = await a_double(house)
    since, besides = await door.cursor(), await other.cursor()
    await other.annul(an_annulment(second["id"]))
    (change,) = [each for each in (await door.changes(since)).body["changes"] if each["type"] == "verdict"]
    assert (change["use_id"], change["reasons"], change["message"]) == (first["id"], [], NOTHING)
    assert await verdicts(other, besides) == [(second["id"], [])]
    assert await exported(house, first) == (["already-used"], ["already-used"])
    assert await exported(house, second) == (["already-used"], ["already-used"])


async def test_the_venues_annulment_ends_it_too(house: House) -> None:
    door, other, first, second = await a_double(house)
    since, besides = await door.cursor(), await other.cursor()
    job = partial(annul_for_venue, use_id=first["id"], venue_id=HALL, why="a mistake", at=house.clock.now())
    await house.register.database.write(job)
    assert await verdicts(door, since) == [(first["id"], [])]
    assert await verdicts(other, besides) == [(second["id"], [])]


async def test_a_snapshot_tells_of_flags_that_ended(house: House) -> None:
    door, other, first, second = await a_double(house)
    assert await listed(other) == []  # it was answered
    await door.annul(an_annulment(first["id"]))
    assert await listed(other) == [(second["id"], [])]
    assert await listed(door) == [(first["id"], [])]


async def test_an_answer_that_is_given_again_has_only_what_stands(house: House) -> None:
    door, other, first, second = await a_double(house)
    await door.annul(an_annulment(first["id"]))
    assert (await other.send(second)).outcomes == [("duplicate", [])]


async def test_a_flag_stays_while_a_third_use_stands(house: House) -> None:
    door, other, first, second = await a_double(house)
    third = a_use(house.key_of("AIKUINEN"), house.event("evening-concert"))
    await other.send(third)
    since = await door.cursor()
    await other.annul(an_annulment(second["id"]))
    assert await verdicts(door, since) == []
    await other.annul(an_annulment(third["id"]))
    assert await verdicts(door, since) == [(first["id"], [])]


async def test_a_flag_that_ended_comes_back_with_a_double_of_the_same_door(house: House) -> None:
    door, other, first, second = await a_double(house)
    await other.annul(an_annulment(second["id"]))
    since = await door.cursor()
    await door.send(a_use(house.key_of("AIKUINEN"), house.event("evening-concert")))
    assert await verdicts(door, since) == [(first["id"], ["already-used"])]


async def test_a_flag_that_ended_comes_back_with_a_new_double(house: House) -> None:
    door, other, first, second = await a_double(house)
    await other.annul(an_annulment(second["id"]))
    since = await door.cursor()
    await other.send(a_use(house.key_of("AIKUINEN"), house.event("evening-concert")))
    assert await verdicts(door, since) == [(first["id"], ["already-used"])]
    assert await listed(door) == [(first["id"], ["already-used"])]
    assert await exported(house, first) == (["already-used"], [])


async def test_a_place_that_is_given_back_ends_the_flag_of_the_use_that_was_one_too_many(house: House) -> None:
    door, other = await house.door(), await house.door("Side door")
    uses = [a_use(f"{number:032x}", house.event("evening-concert"), own_ticket=0, children=3) for number in range(5)]
    flagged = []
    for use in uses:
        (outcome,) = (await door.send(use)).outcomes
        if "quota-exceeded" in outcome[1]:
            flagged.append((use, outcome[1]))
    assert len(flagged) == 1, flagged
    # A card that is registered since was unknown all the same when it was shown.
    known = listed_card(DemoCard("DEMO-NEW", ""), bytes.fromhex(uses[-1]["lookup_key"]), NOON.date())
    await house.register.database.write(partial(put_card, at=NOON, card=known, sealed_number=None))
    since = await door.cursor()
    await door.annul(an_annulment(uses[0]["id"]))
    use, reasons = flagged[0]
    assert (use["id"], [each for each in reasons if each != "quota-exceeded"]) in await verdicts(door, since)
    assert await verdicts(other, since) == []


async def test_a_quota_flag_stays_when_the_event_is_taken_off_the_list(house: House) -> None:
    door, event = await house.door(), house.event("evening-concert")
    uses = [a_use(f"{number:032x}", event, own_ticket=0, children=3) for number in range(6)]
    await door.send(*uses)
    await house.register.database.write(partial(remove_event, at=NOON, venue_id=HALL, event_id=event))
    since = await door.cursor()
    await door.annul(an_annulment(uses[0]["id"]))
    assert await verdicts(door, since) == []
    await door.annul(an_annulment(uses[-1]["id"]))
    assert await verdicts(door, since) == [(uses[-1]["id"], ["card-unknown"])]


async def test_a_quota_flag_stays_when_the_venue_asks_for_less_since(house: House) -> None:
    door, event = await house.door(), house.event("evening-concert")
    uses = [a_use(f"{number:032x}", event, own_ticket=0, children=3) for number in range(6)]
    outcomes = (await door.send(*uses)).outcomes
    *_, last = [use for use, (_, reasons) in zip(uses, outcomes, strict=True) if "quota-exceeded" in reasons]
    name, lenient = Texts(fi="Esimerkkitalo", sv="Exempelhuset", en="Example House"), Policy(when_quota_full="accept")
    change = partial(put_venue, venue_id=HALL, name=name, area_id=OPEN_AREA, policy=lenient)
    await house.register.database.write(change)
    since = await door.cursor()
    await door.annul(an_annulment(uses[0]["id"]))
    assert last["id"] not in dict(await verdicts(door, since))


async def test_what_the_card_was_stays_against_a_use_that_is_annulled(house: House) -> None:
    door, use = await house.door(), a_use("f" * 32)
    assert (await door.send(use)).outcomes == [("flagged", ["card-unknown"])]
    since = await door.cursor()
    await door.annul(an_annulment(use["id"]))
    assert await verdicts(door, since) == []


async def test_a_true_time_of_another_day_ends_the_flags_of_that_day_and_of_the_clock(house: House) -> None:
    door, other = await house.door(), await house.door("Side door")
    at, early = NOON + dt.timedelta(hours=1), NOON - dt.timedelta(days=3)
    first, second = a_use(house.key_of("AIKUINEN"), at=NOON), a_use(house.key_of("AIKUINEN"), at=at)
    await door.send(first)
    assert (await other.send(second)).outcomes == [("flagged", ["already-used", "time-in-future"])]
    since, besides = await door.cursor(), await other.cursor()
    corrected = {**a_stamp(early), "uncorrected_at": at_text(at)}
    assert (await other.send({**second, "decided": corrected})).outcomes == [("duplicate", [])]
    assert await verdicts(door, since) == [(first["id"], [])]
    assert await verdicts(other, besides) == [(second["id"], [])]


@pytest.mark.parametrize("became", ["removed", "ended by hand"])
async def test_a_true_time_finds_nothing_in_what_the_card_became_since(became: str, house: House) -> None:
    door, key = await house.door(), "b" * 32
    good = listed_card(DemoCard("DEMO-LEFT", ""), bytes.fromhex(key), NOON.date())
    await house.register.database.write(partial(put_card, at=NOON, card=good, sealed_number=None))
    use = a_use(key, at=NOON)
    assert (await door.send(use)).outcomes == [("stored", [])]
    ended = msgspec.structs.replace(good, status="expired")
    change = {
        "removed": partial(remove_card, at=NOON, lookup_key=bytes.fromhex(key)),
        "ended by hand": partial(put_card, at=NOON, card=ended, sealed_number=None),
    }[became]
    await house.register.database.write(change)
    true = {**a_stamp(NOON - dt.timedelta(hours=3)), "uncorrected_at": at_text(NOON)}
    assert (await door.send({**use, "decided": true})).outcomes == [("duplicate", [])]
    assert await exported(house, use) == ([], [])


async def test_a_batch_of_annulments_looks_at_each_flagged_use_once(house: House) -> None:
    door = await house.door()
    few, many = await statements_to_annul(house, door, 10), await statements_to_annul(house, door, 30)
    assert many < 6 * few, (few, many)  # each for each would be 27 times as many


async def statements_to_annul(house: House, door: Door, count: int) -> int:
    """How many statements it takes the register to annul so many uses of one card, all but one of them flagged."""
    uses = [a_use(house.key_of("AIKUINEN"), house.event("evening-concert")) for _ in range(count)]
    await door.send(*uses)
    seen: list[str] = []
    await house.register.database.write(lambda db: db.conn.set_trace_callback(seen.append))
    assert (await door.annul(*map(an_annulment, [use["id"] for use in uses]))).outcomes == [("stored", [])] * count
    await house.register.database.write(lambda db: db.conn.set_trace_callback(None))
    return len(seen)


async def test_a_card_that_is_good_again_since_was_blocked_all_the_same_when_it_was_shown(house: House) -> None:
    door, key = await house.door(), "b" * 32
    good = listed_card(DemoCard("DEMO-LOST", ""), bytes.fromhex(key), NOON.date())
    blocked = msgspec.structs.replace(good, status="blocked")
    long_ago, early = NOON - dt.timedelta(days=30), NOON - dt.timedelta(hours=3)
    await house.register.database.write(partial(put_card, at=long_ago, card=blocked, sealed_number=None))
    use = a_use(key, at=NOON)
    assert (await door.send(use)).outcomes == [("flagged", ["card-blocked"])]
    await house.register.database.write(partial(put_card, at=NOON, card=good, sealed_number=None))
    since = await door.cursor()
    await door.send({**use, "decided": {**a_stamp(early), "uncorrected_at": at_text(NOON)}})
    assert await verdicts(door, since) == []
