"""Kiosk and register are killed at random instants, one, the other, or both at once (`./dev storm`: 200 rounds)."""

import asyncio
import json
import os
import random
from collections import Counter
from pathlib import Path

import aiohttp
import pytest

from tests.journey.test_pulled_plug import serve_visitors
from tests.support.kiosk import Kiosk
from tests.support.register import ServingRegister, call_register

ROUNDS = int(os.environ.get("KIOSK_STORM", "25"))
LONGEST_LIFE_S = 0.5
FRESH = random.SystemRandom().randrange(10**9)


@pytest.mark.timeout(120 + 20 * ROUNDS)
async def test_whoever_dies_each_use_announced_is_at_the_register_once(
    tmp_path: Path, register: ServingRegister
) -> None:
    seed = int(os.environ.get("KIOSK_STORM_SEED", FRESH))
    print(f"seed {seed}")
    chance = random.Random(seed)
    kiosk = Kiosk(tmp_path / "kiosk", register.url, register.token())
    confirmed, undone, died = set[str](), set[str](), Counter[str]()
    visitors: asyncio.Task[None] | None = None
    try:
        await kiosk.start()
        for _ in range(ROUNDS):
            visitors = visitors or asyncio.create_task(serve_visitors(kiosk, chance, confirmed, undone))
            await asyncio.wait({visitors}, timeout=chance.uniform(0, LONGEST_LIFE_S))
            dies = chance.choice(("kiosk", "register", "both"))
            died[dies] += 1
            if dies != "kiosk":
                register.kill()
            if dies != "register":
                await kiosk.kill()
                visitors.cancel()
                with pytest.raises((asyncio.CancelledError, aiohttp.ClientError)):
                    await visitors
                visitors = None
                await kiosk.start()
            if dies != "kiosk":
                # Without it the desk serves on; it comes back while the visitors come.
                await asyncio.to_thread(register.start)
        if visitors is not None:
            await kiosk.kill()
            visitors.cancel()
            await asyncio.wait({visitors})
            await kiosk.start()
        await kiosk.until_delivered()
    finally:
        await kiosk.close()

    uses = register.uses()
    held = Counter(use["id"] for use in uses)
    annulled = {use["id"] for use in uses if use["annulled"]}
    lost = {use for use in kiosk.heard.recorded if held[use] != 1}
    print(f"{dict(died)}; {len(kiosk.heard.recorded)} announced, {held.total()} held, lost {len(lost)}")
    assert len(kiosk.heard.recorded) >= ROUNDS // 4, "too few uses to prove anything"
    assert lost == set(), "lost"
    assert held.total() == len(held), "doubled"
    assert set(held) - confirmed == set(), "never confirmed"
    assert undone - annulled == set(), "undone, and yet not annulled"
    chains = json.loads(call_register("check-chains", "--json", "--database", str(register.database)).stdout)
    assert chains == {"uses": held.total(), "chains": 1, "findings": []}
