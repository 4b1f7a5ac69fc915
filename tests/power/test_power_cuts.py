"""The plug of the whole machine is pulled at random instants while cards are used.

In a kernel of its own (`./dev machine`): what a killed process has written is in the host's memory, and is kept.
"""

import asyncio
import os
import random
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.power.visitors import NUMBERED, numbered_from, on_the_disk, serve_visitors, settled_at
from tests.support.kiosk import ROOT
from tests.support.powered import PoweredKiosk
from tests.support.register import ServingRegister

CUTS = int(os.environ.get("KIOSK_TEST_CUTS", "25"))
LONGEST_LIFE_S = 2.5
SEED = int(os.environ.get("KIOSK_TEST_SEED", random.SystemRandom().randrange(10**9)))
DURABLE = "PRAGMA synchronous=FULL", "SYNCHRONOUS_FULL = 2"


def without(durability: str, folder: Path) -> Path:
    """A copy of the kiosk's packages that asks SQLite for less than is promised."""
    for package in ("kiosk", "contract"):
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    level = {"NORMAL": 1, "OFF": 0}[durability]
    file = folder / "kiosk" / "store" / "connection.py"
    text = file.read_text(encoding="utf-8")
    assert all(text.count(each) == 1 for each in DURABLE)
    for each, weaker in zip(DURABLE, (f"PRAGMA synchronous={durability}", f"SYNCHRONOUS_FULL = {level}"), strict=True):
        text = text.replace(each, weaker)
    file.write_text(text, encoding="utf-8")
    return folder


async def pull_plugs(kiosk: PoweredKiosk, first_card: int = 1) -> AsyncIterator[set[str]]:
    """What was announced so far, after each time that the machine lost its power."""
    chance = random.Random(SEED)
    cards = numbered_from(first_card)
    for _ in range(CUTS):
        await kiosk.start()
        visitors = asyncio.create_task(serve_visitors(kiosk, cards))
        await asyncio.wait({visitors}, timeout=chance.uniform(0, LONGEST_LIFE_S))
        await kiosk.pull_the_plug()
        visitors.cancel()
        with pytest.raises(asyncio.CancelledError):
            await visitors
        yield kiosk.heard.recorded


@pytest.mark.timeout(900)
async def test_each_use_that_was_announced_outlives_the_power(kiosk: PoweredKiosk, register: ServingRegister) -> None:
    print(f"seed {SEED}")
    kiosk.move_in()
    async for _ in pull_plugs(kiosk):
        pass
    announced = frozenset(kiosk.heard.recorded)
    held = await settled_at(register, kiosk)
    print(f"{len(announced)} announced in {CUTS} lives, {held.total()} at the register")
    assert len(announced) > CUTS, "too few uses to prove anything"
    assert {use for use in announced if held[use] != 1} == set(), "lost"
    assert held.total() == len(held), "doubled"
    # A use that was on the disk when the plug was pulled, and was not yet announced: one for each life at most.
    assert len(held) - len(announced) <= CUTS


@pytest.mark.timeout(900)
@pytest.mark.parametrize("durability", ["OFF", "NORMAL"])
async def test_a_kiosk_that_asks_less_of_its_disk_is_caught(
    durability: str, kiosk: PoweredKiosk, tmp_path: Path
) -> None:
    kiosk.move_in(without(durability, tmp_path / "weaker"))
    lost: set[str] = set()
    async for announced in pull_plugs(kiosk, first_card=NUMBERED - 200):  # none that the register has heard of
        machine = kiosk.disk
        kiosk.move_out()
        lost = announced - on_the_disk(kiosk)
        if lost:
            break
        kiosk.disk = machine
    assert lost
