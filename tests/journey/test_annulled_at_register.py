"""A use that the venue's administrator takes back at the register, seen at both doors."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.journey.conftest import numbered
from tests.journey.test_venue import behind_pin
from tests.support.kiosk import Kiosk, running_kiosk
from tests.support.register import ServingRegister


@pytest.fixture
async def side_door(tmp_path: Path, register: ServingRegister) -> AsyncIterator[Kiosk]:
    """The venue's second kiosk, with the whole card list."""
    async with running_kiosk(tmp_path / "side", register.url, register.token(kiosk_name="Side door")) as running:
        await running.until(lambda heard: heard.surroundings.get("online") and heard.surroundings.get("event"))
        yield running


async def annulled(register: ServingRegister, use: str) -> str:
    return await asyncio.to_thread(register.annul, use, why="Let in at the wrong event.")


async def test_the_kiosk_offers_it_for_undo_no_more_and_its_place_and_card_are_free_at_both_doors(
    kiosk: Kiosk, side_door: Kiosk, register: ServingRegister
) -> None:
    places = kiosk.heard.surroundings["quota_left"]
    await kiosk.show(numbered(1))
    use = await kiosk.confirm()
    for door in (kiosk, side_door):
        await door.until(lambda heard: heard.surroundings["quota_left"] == places - 1)
    await kiosk.until(lambda heard: not heard.surroundings["waiting"])
    assert use in kiosk.heard.desk["undoable"]
    assert "is annulled" in await annulled(register, use)
    await kiosk.until(lambda heard: use not in heard.desk["undoable"])
    for door in (kiosk, side_door):
        await door.until(lambda heard: heard.surroundings["quota_left"] == places)
        said = await door.show(numbered(1))
        assert (said["answer"], said["reasons"]) == ("accept", [])
    async with behind_pin(kiosk) as staff:
        page = await staff.read("/venue")
    assert ("Kohde perunut klo" in page, f'value="{use}"' in page) == (True, False)
    assert "before: nothing was changed" in await annulled(register, use)


async def test_a_kiosk_that_was_off_meanwhile_learns_of_it_at_its_start(
    kiosk: Kiosk, side_door: Kiosk, register: ServingRegister
) -> None:
    places = kiosk.heard.surroundings["quota_left"]
    await kiosk.show(numbered(1))
    use = await kiosk.confirm()
    await side_door.until(lambda heard: heard.surroundings["quota_left"] == places - 1)  # so it is at the register
    await kiosk.kill()
    await annulled(register, use)
    kiosk.heard.desk = {}
    await kiosk.launch()
    await kiosk.until(lambda heard: heard.desk.get("phase") == "ready" and use not in heard.desk["undoable"])
