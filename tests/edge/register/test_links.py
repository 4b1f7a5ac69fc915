"""The register keeps what kiosks say of their chains, and finds what is not as it was."""

from __future__ import annotations

import datetime as dt
import sqlite3
from contextlib import closing
from typing import Any

import msgspec

from contract.chain import FIRST, hash_of
from contract.messages import UseSent
from register.rules.chains import Linked
from register.store.chain_heads import list_heads
from register.store.export import export_uses
from register.store.links import links_held
from tests.edge.register.house import NOON, House
from tests.edge.register.samples import a_heartbeat, a_stamp, a_use, an_id

CHAIN = "01900000-0000-4000-8000-00000000000c"


def linked(use: dict[str, Any], position: int, previous: str) -> dict[str, Any]:
    """`use` at this place of the chain."""
    sent = msgspec.convert(use, type=UseSent, strict=False)
    its_hash = hash_of(sent, chain=CHAIN, position=position, previous=previous)
    return {**use, "link": {"chain": CHAIN, "position": position, "previous": previous, "hash": its_hash}}


async def links(house: House) -> list[Linked]:
    return await house.register.database.read(lambda db: list(links_held(db)))


async def test_a_use_is_kept_with_its_place_and_is_what_its_kiosk_hashed(house: House) -> None:
    door = await house.door()
    first = linked(a_use(house.key_of("AIKUINEN"), house.event("evening-concert"), remarks=["already-used"]), 1, FIRST)
    second = linked(a_use(house.key_of("PERHE"), children=2, decided=a_stamp(sequence=3)), 2, first["link"]["hash"])
    assert [outcome for outcome, _ in (await door.send(second, first)).outcomes] == ["stored", "stored"]
    told = [(link.position, link.use_id, link.sequence, link.door, link.hash) for link in await links(house)]
    assert told == [
        (1, first["id"], 1, "Main door", first["link"]["hash"]),
        (2, second["id"], 3, "Main door", second["link"]["hash"]),
    ]
    assert all(link.computed == link.hash for link in await links(house))


async def test_the_name_of_an_event_added_by_hand_is_kept_hashed_told_and_no_reason_to_flag(house: House) -> None:
    door = await house.door()
    use = linked(a_use(house.key_of("AIKUINEN"), event_label="Avoimet ovet"), 1, FIRST)
    assert (await door.send(use)).outcomes == [("stored", [])]
    (link,) = await links(house)
    assert link.computed == link.hash
    (row,) = await house.register.database.read(export_uses)
    assert (row["event"], row["event_label"]) == (None, "Avoimet ovet")
    assert [outcome for outcome, _ in (await door.send(use)).outcomes] == ["duplicate"]
    assert (await door.send(use | {"event_label": "Toinen"})).outcomes == [("refused", ["id-reused"])]
    for label, outcome in (("a\nb", "refused"), ("x" * 81, "refused"), ("x" * 80, "stored")):
        (answer,) = (await door.send(a_use(house.key_of("PERHE"), event_label=label))).outcomes
        assert answer[0] == outcome, label


async def test_a_link_is_never_a_reason_to_refuse_what_happened(house: House) -> None:
    door, key = await house.door(), house.key_of("AIKUINEN")
    uses = [linked(a_use(key, an_id()), 1, FIRST) for _ in range(2)]  # two at one place
    spoiled = linked(a_use(house.key_of("PERHE")), 9, "e" * 64)
    spoiled["link"]["hash"] = "0" * 64
    outcomes = [outcome for outcome, _ in (await door.send(*uses, spoiled)).outcomes]
    assert set(outcomes) <= {"stored", "flagged"}
    assert [(link.position, link.computed == link.hash) for link in await links(house)] == [
        (1, True),
        (1, True),
        (9, False),
    ]


async def test_a_use_changed_in_the_register_s_own_file_is_found(house: House) -> None:
    door = await house.door()
    await door.send(linked(a_use(house.key_of("AIKUINEN")), 1, FIRST))
    with closing(sqlite3.connect(house.database)) as other, other:
        other.execute("DROP TRIGGER uses_are_not_changed")
        other.execute("UPDATE uses SET own_ticket = 0")
    (link,) = await links(house)
    assert link.computed != link.hash


async def test_a_use_without_a_link_is_in_no_chain_and_half_a_link_is_malformed(house: House) -> None:
    door, use = await house.door(), a_use(house.key_of("AIKUINEN"))
    half = {**a_use(house.key_of("PERHE")), "link": {"chain": CHAIN, "position": 1}}
    nothing = {**a_use(house.key_of("PERHE")), "link": None}
    assert (await door.send(use, half, nothing)).outcomes == [
        ("stored", []),
        ("refused", ["malformed"]),
        ("refused", ["malformed"]),
    ]
    assert await links(house) == []


async def test_a_kiosk_s_word_stands_until_it_is_fulfilled_and_says_since_when(house: House) -> None:
    door = await house.door()

    async def beat(position: int) -> list[tuple[int, str, dt.datetime]]:
        reply = await door.post("/v1/heartbeats", a_heartbeat(chain_head={"chain": CHAIN, "position": position}))
        assert reply.status == 200, reply.body
        heads = await house.register.database.read(list_heads)
        return [(head.position, head.door, head.told_at) for head in heads]

    assert await beat(1) == [(1, "Main door", NOON)]
    house.clock.go_on(dt.timedelta(hours=1))
    assert await beat(2) == [(1, "Main door", NOON)]
    await door.send(linked(a_use(house.key_of("AIKUINEN")), 1, FIRST))
    later = house.clock.now()
    assert await beat(2) == [(2, "Main door", later)]
    house.clock.go_on(dt.timedelta(hours=1))
    assert await beat(2) == [(2, "Main door", later)]
