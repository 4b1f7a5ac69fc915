"""A machine that enrolled anew is one device under two names: its uses, annulments and verdicts are its own."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

import pytest

from contract.continuing import MOST_CONTINUED, proof_of
from register.demo.places import HALL, POOL
from register.intake.venue_annulments import annul_for_venue
from register.store.export import export_annulments, export_uses
from register.store.kiosks import digest_of, revoke_kiosk
from tests.edge.register.house import Door, House, enrolment_of
from tests.edge.register.samples import a_use, an_annulment, an_id

STORED: tuple[str, list[str]] = ("stored", [])
NOT_ITS_OWN: tuple[str, list[str]] = ("refused", ["use-of-other-kiosk"])


def claim_of(door: Door, token: str, key: str | None = None) -> dict[str, str]:
    proof = proof_of(digest_of(door.key if key is None else key), door.kiosk_id, token)
    return {"kiosk_id": door.kiosk_id, "proof": proof}


async def enrolled_anew(house: House, *before: Door, venue: str = HALL, key: str | None = None) -> Door:
    """The machine that was `before`, newest first, with a new identity."""
    token = await house.token(venue)
    claims = [claim_of(each, token, key) for each in before]
    reply = await house.stranger.post("/v1/enrolments", enrolment_of(token) | {"continues": claims})
    assert reply.status == 200, reply.body
    return Door(house.session, house.url, reply.body["key"], reply.body["kiosk_id"])


async def only_use(house: House) -> dict[str, Any]:
    (row,) = await house.register.database.read(export_uses)
    return row


async def told(door: Door) -> list[dict[str, Any]]:
    """What a snapshot tells of uses."""
    lines = [json.loads(line) for line in (await door.get("/v1/snapshot")).body.splitlines()]
    return [line for line in lines if line["type"] in ("use", "annulment", "verdict")]


async def test_a_use_sent_under_the_old_name_is_annulled_under_the_new_one(house: House) -> None:
    old, other = await house.door(), await house.door("Side door")
    use = a_use(house.key_of("AIKUINEN"))
    await old.send(use)
    since, new = await other.cursor(), await enrolled_anew(house, old)
    assert new.kiosk_id != old.kiosk_id
    assert (await new.annul(an_annulment(use["id"]))).outcomes == [STORED]
    assert (await only_use(house))["annulled"] is True
    (annulment,) = await house.register.database.read(export_annulments)
    assert annulment["applies"] is True
    assert [change["type"] for change in (await other.changes(since)).body["changes"]] == ["annulment"]
    assert [each["type"] for each in await told(other)] == ["use", "annulment"]
    job = partial(annul_for_venue, use_id=use["id"], venue_id=HALL, why="a mistake", at=house.clock.now())
    assert await house.register.database.write(job) is False
    again = a_use(house.key_of("AIKUINEN"))
    assert (await other.send(again)).outcomes == [STORED]


async def test_an_annulment_under_the_new_name_may_come_before_its_use_under_either(house: House) -> None:
    old, other = await house.door(), await house.door("Side door")
    since, new = await other.cursor(), await enrolled_anew(house, old)
    first, second = (a_use(house.key_of("AIKUINEN"), house.event("evening-concert")) for _ in range(2))
    await new.annul(an_annulment(first["id"]), an_annulment(second["id"]))
    assert (await old.send(first)).outcomes == [STORED]
    assert (await new.send(second)).outcomes == [STORED]
    assert [row["annulled"] for row in await house.register.database.read(export_uses)] == [True, True]
    assert (await other.changes(since)).body["changes"] == []


async def test_what_was_refused_under_a_stranger_name_is_taken_when_it_is_sent_again(house: House) -> None:
    old, use, early = await house.door(), a_use(house.key_of("AIKUINEN")), an_annulment(an_id())
    await old.send(use)
    stranger = await house.door()
    annulment = an_annulment(use["id"])
    assert (await stranger.annul(annulment, early)).outcomes == [NOT_ITS_OWN, STORED]
    new = await enrolled_anew(house, old)
    assert (await new.annul(annulment, early)).outcomes == [STORED, ("duplicate", [])]
    assert (await only_use(house))["annulled"] is True


async def test_a_verdict_on_a_use_of_the_old_name_reaches_the_new_one(house: House) -> None:
    old, other = await house.door(), await house.door("Side door")
    use = a_use(house.key_of("AIKUINEN"), house.event("evening-concert"))
    await old.send(use)
    new = await enrolled_anew(house, old)
    since, before = await new.cursor(), await old.cursor()
    await other.send(a_use(house.key_of("AIKUINEN"), house.event("evening-concert")))
    for door, cursor in ((new, since), (old, before)):
        changes = (await door.changes(cursor)).body["changes"]
        verdicts = [(each["use_id"], each["reasons"]) for each in changes if each["type"] == "verdict"]
        assert verdicts == [(use["id"], ["already-used"])]
    assert [each["use_id"] for each in await told(new) if each["type"] == "verdict"] == [use["id"]]
    assert [each for each in await told(other) if each["type"] == "verdict"] == []


async def test_a_verdict_that_waited_for_the_old_name_is_read_by_the_new_one(house: House) -> None:
    old, other = await house.door(), await house.door("Side door")
    use = a_use(house.key_of("AIKUINEN"), house.event("evening-concert"))
    await old.send(use)
    since = await old.cursor()
    await other.send(a_use(house.key_of("AIKUINEN"), house.event("evening-concert")))
    new = await enrolled_anew(house, old)
    changes = (await new.changes(since)).body["changes"]
    assert [each["use_id"] for each in changes if each["type"] == "verdict"] == [use["id"]]


async def test_a_machine_enrolled_twice_anew_is_still_the_first_device(house: House) -> None:
    first = await house.door()
    second = await enrolled_anew(house, first)
    third = await enrolled_anew(house, second, first)
    uses = [a_use(house.key_of("AIKUINEN")) for _ in range(3)]
    for door, use in zip((first, second, third), uses, strict=True):
        await door.send(use)
    assert (await third.annul(*(an_annulment(use["id"]) for use in uses))).outcomes == [STORED] * 3


async def test_a_key_that_was_superseded_or_revoked_proves_it_too(house: House) -> None:
    old, use = await house.door(), a_use(house.key_of("AIKUINEN"))
    await old.send(use)
    newer = house.with_key((await old.post("/v1/kiosk/key")).body["key"])
    await newer.get("/v1/kiosk")
    await house.register.database.write(partial(revoke_kiosk, id_or_name=old.kiosk_id, at=house.clock.now()))
    new = await enrolled_anew(house, old)
    assert (await new.annul(an_annulment(use["id"]))).outcomes == [STORED]


async def test_who_cannot_prove_it_is_let_in_as_a_new_device(house: House) -> None:
    old, use = await house.door(), a_use(house.key_of("AIKUINEN"))
    await old.send(use)
    thief = await enrolled_anew(house, old, key="another key")
    assert (await thief.annul(an_annulment(use["id"]))).outcomes == [NOT_ITS_OWN]


async def test_a_proof_is_good_for_its_own_token_alone(house: House) -> None:
    old, use = await house.door(), a_use(house.key_of("AIKUINEN"))
    await old.send(use)
    overheard = claim_of(old, await house.token())
    reply = await house.stranger.post("/v1/enrolments", enrolment_of(await house.token()) | {"continues": [overheard]})
    thief = house.with_key(reply.body["key"])
    assert (await thief.annul(an_annulment(use["id"]))).outcomes == [NOT_ITS_OWN]


async def test_a_machine_that_moved_to_another_venue_annuls_nothing_of_the_first(house: House) -> None:
    old, use = await house.door(), a_use(house.key_of("AIKUINEN"))
    await old.send(use)
    moved = await enrolled_anew(house, old, venue=POOL)
    assert (await moved.annul(an_annulment(use["id"]))).outcomes == [NOT_ITS_OWN]
    assert [each for each in await told(moved) if each["type"] == "verdict"] == []
    back = await enrolled_anew(house, moved, old)
    assert (await back.annul(an_annulment(use["id"]))).outcomes == [STORED]


async def test_the_venues_annulment_of_a_use_whose_card_nobody_could_read_reaches_the_new_name(house: House) -> None:
    old = await house.door()
    use = a_use(None, sealed_number="A" * 80)
    await old.send(use)
    new, other = await enrolled_anew(house, old), await house.door("Side door")
    job = partial(annul_for_venue, use_id=use["id"], venue_id=HALL, why="a mistake", at=house.clock.now())
    since, besides = await new.cursor(), await other.cursor()
    assert await house.register.database.write(job) is True
    assert [each["use_id"] for each in (await new.changes(since)).body["changes"]] == [use["id"]]
    assert (await other.changes(besides)).body["changes"] == []
    assert [each["use_id"] for each in await told(new)] == [use["id"]]


@pytest.mark.parametrize(
    "claims", [[{"kiosk_id": "no id", "proof": "0" * 64}], [{"kiosk_id": an_id()}], "all", [an_id()] * MOST_CONTINUED]
)
async def test_an_odd_claim_is_malformed_and_uses_no_token_up(house: House, claims: object) -> None:
    token = await house.token()
    asked = enrolment_of(token) | {"continues": claims}
    assert (await house.stranger.post("/v1/enrolments", asked)).problem == (400, "malformed")
    assert (await house.stranger.post("/v1/enrolments", enrolment_of(token))).status == 200


async def test_a_claim_to_be_a_kiosk_that_never_was_is_passed_over(house: House) -> None:
    token = await house.token()
    asked = enrolment_of(token) | {"continues": [{"kiosk_id": an_id(), "proof": "0" * 64}]}
    assert (await house.stranger.post("/v1/enrolments", asked)).status == 200
