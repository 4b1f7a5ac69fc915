"""Two real kiosks of one venue and their real register, with the line down and up again."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.journey.conftest import numbered
from tests.support.kiosk import Kiosk, call_kiosk, running_kiosk
from tests.support.register import ServingRegister


@pytest.fixture
async def side_door(tmp_path: Path, register: ServingRegister) -> AsyncIterator[Kiosk]:
    """The venue's second kiosk, with the whole card list."""
    async with running_kiosk(tmp_path / "side", register.url, register.token(kiosk_name="Side door")) as running:
        await running.until(lambda heard: heard.surroundings.get("online") and heard.surroundings.get("event"))
        yield running


def shown(kiosk: Kiosk, use: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(call_kiosk("queue", "--config", str(kiosk.config), "show", use, "--json").stdout)
    return told


async def test_a_card_at_two_doors_that_are_both_offline_needs_a_look_at_both(
    kiosk: Kiosk, side_door: Kiosk, register: ServingRegister
) -> None:
    places = kiosk.heard.surroundings["quota_left"]
    register.kill()
    uses = []
    for door in (kiosk, side_door):
        said = await door.show(numbered(1))
        assert (said["answer"], said["reasons"]) == ("accept", [])  # neither can know of the other
        uses.append(await door.confirm())
    await side_door.show(numbered(2))
    await side_door.confirm()
    register.start()
    for door in (kiosk, side_door):
        await door.until(lambda heard: heard.surroundings.get("flagged") == 1 and not heard.surroundings["waiting"])
        # All three took a place of the quota, whichever door they came through.
        await door.until(lambda heard: heard.surroundings["quota_left"] == places - 3)
    first, second = await asyncio.gather(
        asyncio.to_thread(shown, kiosk, uses[0]), asyncio.to_thread(shown, side_door, uses[1])
    )
    assert [(told["fate"], told["reasons"]) for told in (first, second)] == [("flagged", ["already-used"])] * 2
    assert "Side door" in first["message"]
    assert "Main door" in second["message"]
    assert {row["id"]: row["reasons"] for row in register.uses() if row["id"] in uses} == {
        use: ["already-used"] for use in uses
    }


async def test_the_last_place_of_the_quota_is_taken_once_although_there_are_two_doors(
    kiosk: Kiosk, side_door: Kiosk
) -> None:
    left = kiosk.heard.surroundings["quota_left"]
    for number in range(left):
        door = (kiosk, side_door)[number % 2]
        await door.show(numbered(number))
        await door.confirm()
    for door in (kiosk, side_door):
        await door.until(lambda heard: heard.surroundings["quota_left"] == 0)
        said = await door.show(numbered(left))
        assert "quota-full" in said["reasons"]
