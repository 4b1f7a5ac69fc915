"""Refusals, checks, heartbeats and the contract itself."""

from __future__ import annotations

from typing import Any

import msgspec
import sqlite_utils

from contract.messages import Profile
from contract.openapi import document
from register.demo.places import POOL
from tests.edge.register.house import NOON, House
from tests.edge.register.samples import a_check, a_heartbeat, a_refusal, a_use, at_text


def rows_of(table: str) -> Any:
    def read(db: sqlite_utils.Database) -> list[tuple[Any, ...]]:
        return db.execute(f"SELECT * FROM {table}").fetchall()

    return read


async def test_a_refusal_is_counted_once_by_its_hour(house: House) -> None:
    door, refusal = await house.door(), a_refusal(hour="2026-03-10T12:34:56.789Z")
    assert (await door.post("/v1/refusals", {"refusals": [refusal]})).outcomes == [("stored", [])]
    assert (await door.post("/v1/refusals", {"refusals": [refusal]})).outcomes == [("duplicate", [])]
    other = {**refusal, "reason": "card-expired"}
    assert (await door.post("/v1/refusals", {"refusals": [other]})).outcomes == [("refused", ["id-reused"])]
    (row,) = await house.register.database.read(rows_of("(SELECT hour_ms FROM refusals)"))
    assert row == (int(NOON.timestamp() * 1000),)


DARK = "1970-01-01T00:00:00.000Z"


async def test_the_hour_of_a_refusal_that_was_put_right_is_kept_beside_what_the_clock_had_said(house: House) -> None:
    door = await house.door()
    await door.post("/v1/refusals", {"refusals": [a_refusal(hour=at_text(NOON), uncorrected_hour=DARK)]})
    rows = await house.register.database.read(rows_of("(SELECT hour_ms, uncorrected_hour_ms FROM refusals)"))
    assert rows == [(int(NOON.timestamp() * 1000), 0)]


async def test_a_refusal_whose_hour_was_put_right_between_two_tries_is_the_same_and_counts_in_the_true_one(
    house: House,
) -> None:
    door, first = await house.door(), a_refusal(hour=DARK)
    again = first | {"hour": at_text(NOON), "uncorrected_hour": DARK}
    sent = [(await door.post("/v1/refusals", {"refusals": [each]})).outcomes for each in (first, again, again, first)]
    assert sent == [[("stored", [])], *[[("duplicate", [])]] * 3]
    other = first | {"hour": at_text(NOON)}
    assert (await door.post("/v1/refusals", {"refusals": [other]})).outcomes == [("refused", ["id-reused"])]
    kept = "(SELECT hour_ms, at_ms FROM refusals JOIN later_times ON item_id = id)"
    assert await house.register.database.read(rows_of(kept)) == [(0, int(NOON.timestamp() * 1000))]


async def test_a_refusal_that_tells_of_a_card_is_not_taken(house: House) -> None:
    door, good = await house.door(), a_refusal()
    told = a_refusal(lookup_key="0" * 32)
    reply = await door.post("/v1/refusals", {"refusals": [told, good]})
    assert reply.outcomes == [("refused", ["malformed"]), ("stored", [])]
    assert len(await house.register.database.read(rows_of("refusals"))) == 1


async def test_a_check_counts_the_courses_of_the_whole_country(house: House) -> None:
    hall, pool, key = await house.door(), await house.door(venue=POOL), house.key_of("AIKUINEN")
    asked = a_check(key, house.event("swimming-course"))
    assert (await hall.post("/v1/checks", asked)).body == {"reasons": [], "used": 0, "limit": 1}
    await pool.send(a_use(key, None, kind="course"))
    assert (await hall.post("/v1/checks", asked)).body == {"reasons": ["course-limit"], "used": 1, "limit": 1}
    assert await house.register.database.read(rows_of("uses WHERE venue_id = 'esimerkkitalo'")) == []


async def test_a_check_does_not_hold_the_use_itself_against_it(house: House) -> None:
    door, use = await house.door(), a_use(house.key_of("AIKUINEN"), house.event("swimming-course"), kind="course")
    await door.send(use)
    asked = {name: use[name] for name in ("lookup_key", "event_id", "kind")} | {"use_id": use["id"]}
    assert (await door.post("/v1/checks", asked)).body == {"reasons": [], "used": 0, "limit": 1}


async def test_a_check_of_an_entrance_has_no_limit(house: House) -> None:
    reply = await (await house.door()).post("/v1/checks", a_check("0" * 32, kind="entrance"))
    assert reply.body == {"reasons": ["card-unknown"], "used": 0, "limit": None}


async def test_the_newest_heartbeat_is_kept_and_answered_with_the_time(house: House) -> None:
    door = await house.door()
    await door.post("/v1/heartbeats", a_heartbeat(queue_depth=1))
    reply = await door.post("/v1/heartbeats", a_heartbeat(queue_depth=2))
    assert reply.body == {"server_time": at_text(NOON).replace(".000", "")}
    (row,) = await house.register.database.read(rows_of("heartbeats"))
    assert msgspec.json.decode(row[2])["queue_depth"] == 2


async def test_unknown_fields_are_refused(house: House) -> None:
    reply = await (await house.door()).post("/v1/heartbeats", a_heartbeat(mood="fine"))
    assert reply.problem == (400, "malformed")
    assert "mood" in reply.body["detail"]


async def test_the_profile_is_what_the_contract_says(house: House) -> None:
    door = await house.door()
    profile = msgspec.convert((await door.get("/v1/kiosk")).body, type=Profile)
    assert profile.kiosk_id == door.kiosk_id
    assert profile.policy.course is not None


async def test_the_served_contract_is_the_contract(house: House) -> None:
    assert (await house.stranger.get("/v1/openapi.json")).body == document()
