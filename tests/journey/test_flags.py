"""A flag at a real desk: counted, put away by staff, and taken back by the register."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path

from tests.journey.conftest import numbered
from tests.journey.test_venue import behind_pin
from tests.support.kiosk import Kiosk, call_kiosk, running_kiosk
from tests.support.register import ServingRegister


async def test_what_staff_have_seen_is_counted_no_more_and_what_is_over_is_taken_back(
    tmp_path: Path, kiosk: Kiosk, register: ServingRegister
) -> None:
    async with running_kiosk(tmp_path / "side", register.url, register.token(kiosk_name="Side door")) as other:
        await other.until(lambda heard: heard.surroundings.get("online") and heard.surroundings.get("event"))
        register.kill()
        for door in (kiosk, other):  # offline, neither door knows of the other's use
            await door.show(numbered(1))
        uses = [await door.confirm() for door in (kiosk, other)]
        register.start()
        for door in (kiosk, other):
            await door.until(lambda heard: heard.surroundings["flagged"] == 1)
        async with behind_pin(kiosk) as staff:
            page = await staff.read("/venue/look")
            (item,) = re.findall(r'name="item" value="([^"]+)"', page)
            assert item == uses[0]
            await staff.press("/venue/seen", "/venue/look", item=item)
            page = await staff.read("/venue/look")
        assert ("Nähty" in page, 'name="item"' in page) == (True, False)
        depth = json.loads(call_kiosk("queue", "--json", "--config", str(kiosk.config)).stdout)
        assert (depth["flagged"], depth["seen"]) == (1, 1)

        await asyncio.to_thread(register.annul, uses[1], why="Let in twice.")
        for door in (kiosk, other):
            await door.until(lambda heard: heard.surroundings["flagged"] == 0)
        shown = json.loads(call_kiosk("queue", "--config", str(kiosk.config), "show", uses[0], "--json").stdout)
        assert (shown["fate"], shown["reasons"]) == ("delivered", [])
        assert [each.split(" (")[0] for each in shown["ended"]] == ["already-used"]
