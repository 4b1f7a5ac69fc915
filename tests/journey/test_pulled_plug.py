"""The kiosk is killed at random instants while uses are confirmed, undone and sent."""

import asyncio
import json
import os
import random
from collections import Counter
from pathlib import Path

import aiohttp
import pytest

from tests.journey.conftest import NUMBERED, numbered
from tests.support.kiosk import Kiosk
from tests.support.register import ServingRegister, call_register

KILLS = 100
LONGEST_LIFE_S = 0.35
FRESH = random.SystemRandom().randrange(10**9)


async def serve_visitors(kiosk: Kiosk, chance: random.Random, confirmed: set[str], undone: set[str]) -> None:
    """Cards shown, confirmed and now and then undone, until the kiosk is gone."""
    while True:
        await kiosk.show(numbered(chance.randrange(NUMBERED)))
        presentation = str(kiosk.heard.desk["presentation"])
        confirmed.add(presentation)
        use = await kiosk.confirm()
        if chance.random() < 0.2:
            await kiosk.press("undo", use=use)
            await kiosk.until_undone(use)
            undone.add(use)


@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", [20261124, pytest.param(FRESH, id="fresh")])
async def test_each_use_announced_is_at_the_register_once_and_none_that_nobody_confirmed(
    seed: int, tmp_path: Path, register: ServingRegister
) -> None:
    print(f"seed {seed}")
    chance = random.Random(seed)
    kiosk = Kiosk(tmp_path / "kiosk", register.url, register.token())
    confirmed: set[str] = set()
    undone: set[str] = set()
    try:
        await kiosk.start()
        for _ in range(int(os.environ.get("KIOSK_KILLS", KILLS))):
            visitors = asyncio.create_task(serve_visitors(kiosk, chance, confirmed, undone))
            await asyncio.wait({visitors}, timeout=chance.uniform(0, LONGEST_LIFE_S))
            await kiosk.kill()
            visitors.cancel()
            with pytest.raises((asyncio.CancelledError, aiohttp.ClientError)):
                await visitors
            await kiosk.start()
        await kiosk.until_delivered()
    finally:
        await kiosk.close()

    held = Counter(use["id"] for use in register.uses())
    annulled = {use["id"] for use in register.uses() if use["annulled"]}
    print(f"{len(kiosk.heard.recorded)} announced, {held.total()} at the register, {len(undone)} undone")
    assert len(kiosk.heard.recorded) > KILLS // 4, "too few uses to prove anything"
    assert {use for use in kiosk.heard.recorded if held[use] != 1} == set(), "lost"
    assert set(held) - confirmed == set(), "never confirmed"
    assert held.total() == len(held), "doubled"
    assert undone - annulled == set(), "undone, and yet not annulled"
    chains = json.loads(call_register("check-chains", "--json", "--database", str(register.database)).stdout)
    assert chains == {"uses": held.total(), "chains": 1, "findings": []}
