"""What becomes of uses: stored, duplicate, flagged, refused, each by itself."""

from __future__ import annotations

import asyncio
import base64
import datetime as dt
import json
from functools import partial
from typing import Any

import msgspec
import pytest
from nacl.public import PrivateKey, PublicKey

from contract.messages import EventListed, Policy, Texts
from register.demo.cards import CARDS, listed
from register.demo.places import HALL, OPEN_AREA, POOL
from register.rules.days import day_of
from register.store.cards import put_card
from register.store.events import put_event
from register.store.export import export_uses
from register.store.numbers import seal
from register.store.venues import put_venue
from tests.edge.register.house import NOON, House
from tests.edge.register.samples import a_check, a_stamp, a_use, an_annulment, an_id, at_text

STORED: tuple[str, list[str]] = ("stored", [])


def sealed(number: str, key: PublicKey) -> str:
    return base64.b64encode(seal(number, key)).decode()


async def stored_ids(house: House) -> list[str]:
    return [use["id"] for use in await house.register.database.read(export_uses)]


async def test_a_use_is_stored_once_however_often_it_is_sent(house: House) -> None:
    door, use = await house.door(), a_use(house.key_of("AIKUINEN"), house.event("evening-concert"))
    assert (await door.send(use)).outcomes == [STORED]
    assert (await door.send(use)).outcomes == [("duplicate", [])]
    assert (await door.send(use, use)).outcomes == [("duplicate", []), ("duplicate", [])]
    assert await stored_ids(house) == [use["id"]]


async def test_a_use_sent_twice_at_the_same_time_is_stored_once(house: House) -> None:
    door, use = await house.door(), a_use(house.key_of("AIKUINEN"))
    replies = await asyncio.gather(*(door.send(use) for _ in range(8)))
    assert sorted(reply.outcomes[0][0] for reply in replies) == ["duplicate"] * 7 + ["stored"]
    assert await stored_ids(house) == [use["id"]]


async def test_a_duplicate_gets_the_first_answer_with_its_words(house: House) -> None:
    door, use = await house.door(), a_use(house.key_of("KADONNUT"))
    first = (await door.send(use)).body["results"][0]
    again = (await door.send(use)).body["results"][0]
    assert first["outcome"] == "flagged"
    assert again == {**first, "outcome": "duplicate"}
    assert set(again["message"]) == {"fi", "sv", "en"}


async def test_the_same_content_written_otherwise_is_a_duplicate(house: House) -> None:
    door, use = await house.door(), a_use(house.key_of("AIKUINEN"))
    other_zone = {**use["decided"], "at": "2026-03-10T14:00:00+02:00"}
    assert (await door.send(use)).outcomes == [STORED]
    assert (await door.send(dict(reversed({**use, "decided": other_zone}.items())))).outcomes == [("duplicate", [])]


async def test_a_time_put_right_is_kept_beside_what_the_clock_had_said(house: House) -> None:
    dark = dt.datetime(1970, 1, 1, 0, 3, tzinfo=dt.UTC)
    door = await house.door()
    use = a_use(house.key_of("AIKUINEN"))
    use["decided"]["uncorrected_at"] = at_text(dark)
    assert (await door.send(use)).outcomes == [STORED]
    (kept,) = await house.register.database.read(export_uses)
    assert (kept["decided_at"], kept["uncorrected_at"]) == (NOON, dark)


async def test_a_time_put_right_between_two_tries_is_no_other_content_in_either_order(house: House) -> None:
    dark = dt.datetime(1970, 1, 1, 0, 3, tzinfo=dt.UTC)
    door = await house.door()
    for corrected_first in (False, True):
        before = a_use(house.key_of("AIKUINEN"), at=dark)
        after = before | {"decided": a_stamp(NOON) | {"uncorrected_at": at_text(dark)}}
        first, second = (after, before) if corrected_first else (before, after)
        assert (await door.send(first)).outcomes[0][0] in ("stored", "flagged")
        assert (await door.send(second)).outcomes[0][0] == "duplicate"
        other = before | {"decided": a_stamp(NOON)}
        assert (await door.send(other)).outcomes == [("refused", ["id-reused"])]


async def test_a_true_time_that_comes_after_its_use_counts_and_the_first_one_is_kept(house: House) -> None:
    dark = dt.datetime(1970, 1, 1, 0, 3, tzinfo=dt.UTC)
    door, other = await house.door(), await house.door("Side door")
    key = house.key_of("AIKUINEN")
    before = a_use(key, at=dark)
    after = before | {"decided": a_stamp(NOON) | {"uncorrected_at": at_text(dark)}}
    assert (await other.send(a_use(key))).outcomes == [STORED]
    await door.send(before)  # its answer is lost
    since = await other.cursor()
    assert (await door.send(after)).outcomes[0][0] == "duplicate"
    kept = {each["id"]: each for each in await house.register.database.read(export_uses)}[before["id"]]
    assert (kept["decided_at"], kept["uncorrected_at"]) == (NOON, dark)
    assert "already-used" in kept["reasons"], "by its true time it is the second use of that day"
    told = (await other.changes(since)).body["changes"]
    assert [each["type"] for each in told] == ["use", "verdict"]
    assert dt.datetime.fromisoformat(told[0]["decided_at"]) == NOON
    again = before | {"decided": a_stamp(NOON + dt.timedelta(hours=1)) | {"uncorrected_at": at_text(dark)}}
    await door.send(again)
    await door.send(before)
    kept = {each["id"]: each for each in await house.register.database.read(export_uses)}[before["id"]]
    assert kept["decided_at"] == NOON, "once, and for ever"


@pytest.mark.parametrize(
    "change",
    [
        {"children": 1},
        {"lookup_key": "0" * 32},
        {"offline": True},
        {"remarks": ["already-used"]},
        {"event_id": an_id()},
    ],
)
async def test_an_id_with_other_content_is_refused_and_the_first_record_stands(
    house: House, change: dict[str, Any]
) -> None:
    door, use = await house.door(), a_use(house.key_of("AIKUINEN"))
    await door.send(use)
    before = await house.register.database.read(export_uses)
    assert (await door.send({**use, **change})).outcomes == [("refused", ["id-reused"])]
    assert await house.register.database.read(export_uses) == before


async def test_another_venue_cannot_claim_the_id(house: House) -> None:
    use = a_use(house.key_of("AIKUINEN"))
    await (await house.door()).send(use)
    assert (await (await house.door(venue=POOL)).send(use)).outcomes == [("refused", ["id-reused"])]


async def test_a_kiosk_that_enrolled_again_may_send_its_queue_again(house: House) -> None:
    use = a_use(house.key_of("AIKUINEN"))
    await (await house.door()).send(use)
    assert (await (await house.door()).send(use)).outcomes == [("duplicate", [])]


POISON: dict[str, Any] = {
    "wrong type": {"children": "two"},
    "negative": {"children": -1},
    "huge": {"children": 10**30},
    "unknown field": {"card_number": "x"},
    "unknown field inside": {"decided": {**a_stamp(), "zone": "x"}},
    "id is no UUID": {"id": "not-a-uuid"},
    "id ends in a line feed": {"id": an_id() + "\n"},
    "unknown kind": {"kind": "concert"},
    "time without zone": {"decided": {**a_stamp(), "at": "2026-03-10T12:00:00"}},
    "time before all calendars": {"decided": {**a_stamp(), "at": "0001-01-01T00:00:00+10:00"}},
    "time after all calendars": {"decided": {**a_stamp(), "at": "9999-12-31T23:59:59Z"}},
    "both cards": {"sealed_number": "A" * 64},
    "no card": {"lookup_key": None},
}


@pytest.mark.parametrize("poison", POISON.values(), ids=POISON.keys())
async def test_one_poisoned_item_is_refused_and_the_others_are_stored(house: House, poison: dict[str, Any]) -> None:
    door, before, after = await house.door(), a_use(house.key_of("AIKUINEN")), a_use(house.key_of("PERHE"))
    bad = {**a_use(house.key_of("VAPAA")), **poison}
    results = (await door.send(before, bad, after)).body["results"]
    assert [result["outcome"] for result in results] == ["stored", "refused", "stored"]
    assert results[1]["id"] == bad["id"]
    assert results[1]["reasons"] in (["malformed"], ["card-ambiguous"])
    assert results[1]["detail"]
    assert sorted(await stored_ids(house)) == sorted([before["id"], after["id"]])


@pytest.mark.parametrize(
    "item",
    [
        b"7",
        b"null",
        b"[]",
        b'"x"',
        b"{}",
        b'{"id":7}',
        b'{"id":"' + b"x" * 65 + b'"}',
        b'{"id":"\xff"}',
        b"[" * 500 + b"]" * 500,
    ],
)
async def test_an_item_whose_id_cannot_be_read_gets_an_empty_one(house: House, item: bytes) -> None:
    door, good = await house.door(), a_use(house.key_of("AIKUINEN"))
    body = b'{"uses":[' + item + b"," + json.dumps(good).encode() + b"]}"
    reply = await door.call("POST", "/v1/uses", data=body, headers={"Content-Type": "application/json"})
    assert reply.outcomes == [("refused", ["malformed"]), STORED]
    assert reply.body["results"][0]["id"] == ""


async def test_five_hundred_uses_go_in_one_batch_and_one_more_does_not(house: House) -> None:
    door = await house.door()
    uses = [a_use(f"{number:032x}") for number in range(501)]
    assert (await door.send(*uses)).problem == (400, "malformed")
    assert len((await door.send(*uses[:500])).outcomes) == 500
    assert len(await stored_ids(house)) == 500


DAY = dt.timedelta(days=1)
FLAGGED = {
    "KADONNUT": ["card-blocked"],
    "VARASTO": ["card-in-stock"],
    "VANHA": ["card-expired"],
    "HUOMENNA": ["card-not-yet-valid"],
    "SULJETTU": ["wrong-area"],
    "TANAAN": [],
    "YHTEISO": [],
    "NAAPURI": [],
}


@pytest.mark.parametrize(("name", "reasons"), FLAGGED.items())
async def test_a_use_that_the_card_did_not_allow_is_stored_and_flagged(
    house: House, name: str, reasons: list[str]
) -> None:
    use = a_use(house.key_of(name))
    assert (await (await house.door()).send(use)).outcomes == [("flagged" if reasons else "stored", reasons)]
    assert await stored_ids(house) == [use["id"]]


async def test_an_unknown_card_an_unknown_event_and_a_time_to_come_are_flagged(house: House) -> None:
    door, soon, late = (
        await house.door(),
        NOON + dt.timedelta(minutes=5),
        NOON + dt.timedelta(minutes=5, milliseconds=1),
    )
    assert (await door.send(a_use("0" * 32))).outcomes == [("flagged", ["card-unknown"])]
    assert (await door.send(a_use(house.key_of("AIKUINEN"), an_id()))).outcomes == [("flagged", ["event-unknown"])]
    of_other_venue = a_use(house.key_of("AIKUINEN"), house.event("family-swim"))
    assert (await door.send(of_other_venue)).outcomes == [("flagged", ["event-unknown"])]
    assert (await door.send(a_use(house.key_of("PERHE"), at=soon))).outcomes == [STORED]
    assert (await door.send(a_use(house.key_of("VAPAA"), at=late))).outcomes == [("flagged", ["time-in-future"])]


async def test_a_use_is_judged_by_when_it_was_decided_not_by_when_it_arrived(house: House) -> None:
    door, key = await house.door(), house.key_of("VANHA")
    assert (await door.send(a_use(key, at=NOON - DAY))).outcomes == [STORED]
    (card,) = [card for card in CARDS if "AIKUINEN" in card.number]
    active = listed(card, bytes.fromhex(house.key_of("AIKUINEN")), day_of(NOON))
    lost = msgspec.structs.replace(active, status="blocked")
    await house.register.database.write(partial(put_card, at=NOON, card=lost, sealed_number=None))
    house.clock.go_on(dt.timedelta(hours=2))
    before, after = NOON - dt.timedelta(seconds=1), NOON + dt.timedelta(seconds=1)
    assert (await door.send(a_use(house.key_of("AIKUINEN"), an_id(), at=before))).outcomes == [
        ("flagged", ["event-unknown"])
    ]
    assert (await door.send(a_use(house.key_of("AIKUINEN"), at=after))).outcomes == [("flagged", ["card-blocked"])]


async def test_a_sealed_number_is_opened_and_its_card_found(house: House) -> None:
    door, key = await house.door(), house.register.private_key.public_key
    known = a_use(None, sealed_number=sealed("demo-0001-aikuinen", key))
    unknown = a_use(None, sealed_number=sealed("DEMO-9999-OUTO", key))
    foreign = a_use(None, sealed_number=sealed("DEMO-0001-AIKUINEN", PrivateKey.generate().public_key))
    blocked = a_use(None, sealed_number=sealed("DEMO-0007-KADONNUT", key))
    assert (await door.send(known, unknown, foreign, blocked)).outcomes == [
        STORED,
        ("flagged", ["card-unknown"]),
        ("flagged", ["seal-unreadable"]),
        ("flagged", ["card-blocked"]),
    ]
    assert (await door.send(known)).outcomes == [("duplicate", [])]


async def test_a_sealed_card_and_a_listed_one_are_the_same_card(house: House) -> None:
    door, concert = await house.door(), house.event("evening-concert")
    number = sealed("DEMO-0001-AIKUINEN", house.register.private_key.public_key)
    await door.send(a_use(house.key_of("AIKUINEN"), concert))
    again = a_use(None, concert, sealed_number=number)
    assert (await door.send(again)).outcomes == [("flagged", ["already-used"])]


async def test_the_same_card_twice_at_an_event_is_flagged_at_both_doors(house: House) -> None:
    first, second, concert = await house.door("A"), await house.door("B"), house.event("evening-concert")
    since_first, since_second = await first.cursor(), await second.cursor()
    at_first = a_use(house.key_of("PERHE"), concert, at=NOON)
    at_second = a_use(house.key_of("PERHE"), concert, at=NOON - dt.timedelta(minutes=9))  # decided before, sent after
    assert (await first.send(at_first)).outcomes == [STORED]
    assert (await second.send(at_second)).outcomes == [("flagged", ["already-used"])]
    news = (await first.changes(since_first)).body["changes"]
    assert [(change["type"], change["use_id"]) for change in news] == [
        ("use", at_second["id"]),
        ("verdict", at_first["id"]),
    ]
    assert news[1]["reasons"] == ["already-used"]
    assert [change["type"] for change in (await second.changes(since_second)).body["changes"]] == ["use"]
    reasons = {use["id"]: use["reasons"] for use in await house.register.database.read(export_uses)}
    assert reasons == {at_first["id"]: ["already-used"], at_second["id"]: ["already-used"]}


async def test_a_verdict_names_what_was_known_before_as_well(house: House) -> None:
    first, second, concert = await house.door("A"), await house.door("B"), house.event("evening-concert")
    since, key = await first.cursor(), house.key_of("VANHA")
    at_first = a_use(key, concert)
    assert (await first.send(at_first)).outcomes == [("flagged", ["card-expired"])]
    await second.send(a_use(key, concert))
    (verdict,) = [each for each in (await first.changes(since)).body["changes"] if each["type"] == "verdict"]
    assert verdict["reasons"] == ["card-expired", "already-used"]
    assert verdict["message"]["en"].count(".") > 1


async def test_a_use_sent_again_is_answered_with_what_was_found_out_since(house: House) -> None:
    first, second, concert = await house.door("A"), await house.door("B"), house.event("evening-concert")
    at_first = a_use(house.key_of("PERHE"), concert)
    await first.send(at_first)
    await second.send(a_use(house.key_of("PERHE"), concert))
    assert (await first.send(at_first)).outcomes == [("duplicate", ["already-used"])]


async def test_a_verdict_comes_once_however_many_doubles_follow(house: House) -> None:
    first, second, concert = await house.door("A"), await house.door("B"), house.event("evening-concert")
    since, key = await first.cursor(), house.key_of("PERHE")
    await first.send(a_use(key, concert))
    await second.send(a_use(key, concert), a_use(key, concert))
    types = [change["type"] for change in (await first.changes(since)).body["changes"]]
    assert types.count("verdict") == 1


async def test_a_double_at_one_door_is_told_in_its_answer_alone(house: House) -> None:
    door, concert = await house.door(), house.event("evening-concert")
    since, first = await door.cursor(), a_use(house.key_of("PERHE"), concert)
    await door.send(first)
    assert (await door.send(a_use(house.key_of("PERHE"), concert))).outcomes == [("flagged", ["already-used"])]
    assert (await door.changes(since)).body["changes"] == []
    assert (await house.register.database.read(export_uses))[0]["reasons"] == ["already-used"]


async def test_another_kiosks_annulment_does_not_unmake_a_double(house: House) -> None:
    door, other, concert = await house.door("A"), await house.door("B"), house.event("evening-concert")
    first = a_use(house.key_of("PERHE"), concert)
    await other.annul(an_annulment(first["id"]))  # it cannot know yet whose use this will be
    await door.send(first)
    assert (await door.send(a_use(house.key_of("PERHE"), concert))).outcomes == [("flagged", ["already-used"])]


async def test_an_annulled_use_makes_no_double(house: House) -> None:
    door, concert = await house.door(), house.event("evening-concert")
    mistake = a_use(house.key_of("PERHE"), concert)
    await door.send(mistake)
    await door.annul(an_annulment(mistake["id"]))
    assert (await door.send(a_use(house.key_of("PERHE"), concert))).outcomes == [STORED]


async def test_another_day_of_general_admission_is_no_double(house: House) -> None:
    door, key = await house.door(), house.key_of("AIKUINEN")
    midnight = dt.datetime(2026, 3, 9, 22, 0, tzinfo=dt.UTC)  # in Helsinki
    second = dt.timedelta(seconds=1)
    assert (await door.send(a_use(key, at=midnight - second))).outcomes == [STORED]
    assert (await door.send(a_use(key, at=midnight))).outcomes == [STORED]
    assert (await door.send(a_use(key, at=midnight + second))).outcomes == [("flagged", ["already-used"])]
    assert (await (await house.door(venue=POOL)).send(a_use(key, at=midnight))).outcomes == [STORED]


async def test_sold_out_and_exceeded_quota_are_flagged(house: House) -> None:
    door, event = await house.door(), an_id()
    hall = EventListed(
        id=event,
        name=Texts(fi="Pieni ilta", sv="Liten kväll", en="Small Night"),
        kind="entrance",
        category="culture",
        starts_at=NOON,
        ends_at=NOON + dt.timedelta(hours=3),
        places=100,
    )
    await house.register.database.write(partial(put_event, at=NOON, venue_id=HALL, event=hall))
    assert (await door.send(a_use(house.key_of("PERHE"), event, children=2, assistants=5))).outcomes == [
        STORED
    ]  # 3 of 3
    assert (await door.send(a_use(house.key_of("AIKUINEN"), event))).outcomes == [("flagged", ["quota-exceeded"])]
    sold_out = a_use(house.key_of("AIKUINEN"), house.event("premiere"))
    assert (await door.send(sold_out)).outcomes == [("flagged", ["sold-out"])]


async def test_what_the_venue_allows_is_not_flagged(house: House) -> None:
    name, policy = (
        Texts(fi="T", sv="H", en="H"),
        Policy(when_sold_out="accept", when_quota_full="accept", quota_percent=0, quota_minimum=0),
    )
    job = partial(put_venue, venue_id=HALL, name=name, area_id=OPEN_AREA, policy=policy)
    await house.register.database.write(job)
    use = a_use(house.key_of("AIKUINEN"), house.event("premiere"))
    assert (await (await house.door()).send(use)).outcomes == [STORED]


async def test_course_places_are_counted_across_the_country(house: House) -> None:
    hall, pool, key = await house.door(), await house.door(venue=POOL), house.key_of("AIKUINEN")
    course = house.event("swimming-course")
    await pool.send(a_use(key, house.event("family-swim")))  # an entrance is no course
    assert (await hall.post("/v1/checks", a_check(key, course))).body["used"] == 0
    assert (await pool.send(a_use(key, None, kind="course"))).outcomes == [STORED]
    assert (await hall.send(a_use(key, course, kind="course"))).outcomes == [("flagged", ["course-limit"])]
    assert (await hall.send(a_use(house.key_of("PERHE"), course, kind="course"))).outcomes == [STORED]
    assert (await hall.send(a_use(house.key_of("YHTEISO"), course, kind="course"))).outcomes == [
        ("flagged", ["not-for-courses"])
    ]


async def test_the_uses_tell_nothing_of_the_number(house: House) -> None:
    door = await house.door()
    await door.send(a_use(None, sealed_number=sealed("DEMO-0001-AIKUINEN", house.register.private_key.public_key)))
    held = b"".join(path.read_bytes() for path in house.database_files()).upper()
    assert len(held) > 10_000
    for card in CARDS:
        assert card.number.encode() not in held
        assert card.number.replace("-", "").encode() not in held


async def test_a_use_of_1970_by_a_kiosk_with_a_flat_battery_is_kept(house: House) -> None:
    use = a_use(house.key_of("AIKUINEN"), decided={**a_stamp(), "at": "1970-01-01T00:00:00Z", "clock_trusted": False})
    assert (await (await house.door()).send(use)).outcomes == [("flagged", ["card-not-yet-valid"])]
