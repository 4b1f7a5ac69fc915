"""Letting kiosks in: tokens, keys, rotation, revocation."""

from __future__ import annotations

import datetime as dt
from functools import partial

import pytest

from register.demo.places import HALL, POOL
from register.store.kiosks import UNUSED_KEYS_KEPT, revoke_kiosk
from tests.edge.register.house import House, enrolment_of

DAY = dt.timedelta(hours=24)


async def test_a_token_gives_an_identity_for_its_venue(house: House) -> None:
    reply = await house.stranger.post("/v1/enrolments", enrolment_of(await house.token(POOL)))
    assert reply.status == 200
    assert reply.body["venue_id"] == POOL
    assert reply.body["lookup"] == {"salt": "5a" * 16, "n": 16, "r": 8, "p": 1}
    assert len(reply.body["key"]) >= 43
    profile = await house.with_key(reply.body["key"]).get("/v1/kiosk")
    assert profile.body["kiosk_id"] == reply.body["kiosk_id"]
    assert profile.body["venue"]["area_id"] == "mallimaki"
    assert profile.body["closed_areas"] == ["suljettula"]


async def test_a_token_lets_one_kiosk_in_and_no_second(house: House) -> None:
    token = await house.token()
    assert (await house.stranger.post("/v1/enrolments", enrolment_of(token))).status == 200
    assert (await house.stranger.post("/v1/enrolments", enrolment_of(token))).problem == (403, "token-used")


async def test_a_lost_answer_is_given_again_to_the_same_device_and_to_no_other(house: House) -> None:
    token = await house.token()
    first = await house.stranger.post("/v1/enrolments", enrolment_of(token) | {"device_secret": "s" * 43})
    again = await house.stranger.post("/v1/enrolments", enrolment_of(token) | {"device_secret": "s" * 43})
    assert (first.status, again.status) == (200, 200)
    assert first.body | {"server_time": 0} == again.body | {"server_time": 0}
    for other in ({"device_secret": "t" * 43}, {}):
        assert (await house.stranger.post("/v1/enrolments", enrolment_of(token) | other)).problem == (403, "token-used")
    assert (await house.with_key(first.body["key"]).get("/v1/kiosk")).status == 200


async def test_a_lost_answer_is_not_given_again_after_the_tokens_time(house: House) -> None:
    asked = enrolment_of(await house.token()) | {"device_secret": "s" * 43}
    assert (await house.stranger.post("/v1/enrolments", asked)).status == 200
    house.clock.go_on(DAY)
    assert (await house.stranger.post("/v1/enrolments", asked)).problem == (403, "token-used")


async def test_a_device_secret_with_another_token_is_another_kiosk(house: House) -> None:
    secret = {"device_secret": "s" * 43}
    kiosks = [
        (await house.stranger.post("/v1/enrolments", enrolment_of(await house.token()) | secret)).body for _ in range(2)
    ]
    assert kiosks[0]["kiosk_id"] != kiosks[1]["kiosk_id"]
    assert kiosks[0]["key"] != kiosks[1]["key"]


async def test_a_revoked_kiosk_does_not_come_back_by_its_old_token(house: House) -> None:
    asked = enrolment_of(await house.token()) | {"device_secret": "s" * 43}
    kiosk_id = (await house.stranger.post("/v1/enrolments", asked)).body["kiosk_id"]
    await house.register.database.write(partial(revoke_kiosk, id_or_name=kiosk_id, at=house.clock.now()))
    assert (await house.stranger.post("/v1/enrolments", asked)).problem == (403, "token-used")


@pytest.mark.parametrize("secret", ["", "short", "s" * 44, "s" * 42 + "\n", 7])
async def test_an_odd_device_secret_is_malformed_and_uses_no_token_up(house: House, secret: object) -> None:
    token = await house.token()
    asked = enrolment_of(token) | {"device_secret": secret}
    assert (await house.stranger.post("/v1/enrolments", asked)).problem == (400, "malformed")
    assert (await house.stranger.post("/v1/enrolments", enrolment_of(token))).status == 200


async def test_a_token_is_good_until_its_last_millisecond(house: House) -> None:
    token, late = await house.token(), await house.token()
    house.clock.go_on(DAY - dt.timedelta(milliseconds=1))
    assert (await house.stranger.post("/v1/enrolments", enrolment_of(token))).status == 200
    house.clock.go_on(dt.timedelta(milliseconds=1))
    assert (await house.stranger.post("/v1/enrolments", enrolment_of(late))).problem == (403, "token-expired")


async def test_an_invented_token_is_unknown(house: House) -> None:
    reply = await house.stranger.post("/v1/enrolments", enrolment_of("x" * 43))
    assert reply.problem == (403, "token-unknown")


async def test_the_name_that_the_token_gives_beats_the_one_the_kiosk_says(house: House) -> None:
    reply = await house.stranger.post("/v1/enrolments", enrolment_of(await house.token(HALL, "North door"), "pi-4711"))
    kiosk = await house.register.database.write(partial(revoke_kiosk, id_or_name="North door", at=house.clock.now()))
    assert kiosk.id == reply.body["kiosk_id"]


async def test_neither_keys_nor_tokens_rest_in_the_database(house: House) -> None:
    token = await house.token()
    reply = await house.stranger.post("/v1/enrolments", enrolment_of(token))
    await house.with_key(reply.body["key"]).get("/v1/kiosk")
    held = b"".join(path.read_bytes() for path in house.database_files())
    assert token.encode() not in held
    assert reply.body["key"].encode() not in held


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer ", "Basic eDp5", "Bearer a b", "Bearer " + "a" * 500])
async def test_a_missing_or_odd_key_is_unauthorised(house: House, authorization: str) -> None:
    reply = await house.stranger.get("/v1/kiosk", headers={"Authorization": authorization})
    assert reply.problem == (401, "unauthorised")
    assert reply.headers["WWW-Authenticate"].startswith("Bearer")


async def test_an_unknown_key_is_unauthorised_at_every_call(house: House) -> None:
    intruder = house.with_key("a" * 43)
    for path in ("/v1/kiosk", "/v1/snapshot", "/v1/changes?since=a.1"):
        assert (await intruder.get(path)).problem == (401, "unauthorised")
    for path in ("kiosk/key", "checks", "uses", "annulments", "refusals", "heartbeats"):
        assert (await intruder.post(f"/v1/{path}", {})).problem == (401, "unauthorised")


async def test_the_scheme_may_be_written_in_any_case(house: House) -> None:
    door = await house.door()
    reply = await house.stranger.get("/v1/kiosk", headers={"Authorization": f"bearer {door.key}"})
    assert reply.status == 200


async def test_the_old_key_dies_when_the_new_one_is_first_used(house: House) -> None:
    door = await house.door()
    new = house.with_key((await door.post("/v1/kiosk/key")).body["key"])
    assert (await door.get("/v1/kiosk")).status == 200  # the answer may have been lost
    assert (await new.get("/v1/kiosk")).status == 200
    assert (await door.get("/v1/kiosk")).problem == (401, "unauthorised")
    assert (await new.get("/v1/kiosk")).status == 200


async def test_a_lost_answer_to_a_rotation_locks_nobody_out(house: House) -> None:
    door = await house.door()
    late = house.with_key((await door.post("/v1/kiosk/key")).body["key"])
    again = house.with_key((await door.post("/v1/kiosk/key")).body["key"])
    assert (await late.get("/v1/kiosk")).status == 200
    assert (await again.get("/v1/kiosk")).problem == (401, "unauthorised")


async def test_only_the_newest_unused_keys_stay_good(house: House) -> None:
    door = await house.door()
    await door.get("/v1/kiosk")
    keys = []
    for _ in range(UNUSED_KEYS_KEPT + 1):
        house.clock.go_on(dt.timedelta(seconds=1))
        keys.append((await door.post("/v1/kiosk/key")).body["key"])
    assert (await house.with_key(keys[0]).get("/v1/kiosk")).problem == (401, "unauthorised")
    assert (await house.with_key(keys[1]).get("/v1/kiosk")).status == 200


async def test_a_revoked_kiosk_is_told_so_and_another_is_not(house: House) -> None:
    door, other = await house.door(), await house.door("Side door")
    await house.register.database.write(partial(revoke_kiosk, id_or_name=door.kiosk_id, at=house.clock.now()))
    assert (await door.get("/v1/kiosk")).problem == (401, "key-revoked")
    assert (await door.send({})).problem == (401, "key-revoked")
    assert (await other.get("/v1/kiosk")).status == 200
