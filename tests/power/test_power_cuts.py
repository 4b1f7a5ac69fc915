"""The plug of the whole machine is pulled at random instants while cards are used.

In a kernel of its own (`./dev machine`): what a killed process has written is in the host's memory, and is kept.
"""

import asyncio
import itertools
import os
import random
import shutil
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.support.kiosk import ROOT, Heard, call_kiosk
from tests.support.powered import PoweredKiosk
from tests.support.register import ServingRegister, serving_register

CUTS = int(os.environ.get("KIOSK_TEST_CUTS", "25"))
LONGEST_LIFE_S = 2.5
NUMBERED = 1000
SEED = int(os.environ.get("KIOSK_TEST_SEED", random.SystemRandom().randrange(10**9)))
DURABLE = "PRAGMA synchronous=FULL", "SYNCHRONOUS_FULL = 2"


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServingRegister]:
    """A register that knows a card for each visitor of the evening."""
    folder = tmp_path_factory.mktemp("register")
    with serving_register(folder, seed=("--demo", "--numbered", str(NUMBERED))) as register:
        yield register


@pytest.fixture
async def kiosk(tmp_path: Path, register: ServingRegister) -> AsyncIterator[PoweredKiosk]:
    """A kiosk with its card list that lets everybody in by itself; its machine is still to be switched on."""
    kiosk = PoweredKiosk(tmp_path / "kiosk", register.url, register.token())
    try:
        await kiosk.start()
        await kiosk.until(lambda heard: heard.surroundings.get("trust") == "ok" and heard.surroundings.get("event"))
        await kiosk.stop()
        with sqlite3.connect(kiosk.state / "kiosk.db") as db:
            db.execute("DELETE FROM events")  # general admission: no number of places ends the evening
            db.execute("INSERT OR REPLACE INTO desk_mode (only, closed, locked, self_service) VALUES (1, 0, 0, 1)")
        db.close()
        yield kiosk
    finally:
        await kiosk.close()


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


async def serve_visitors(kiosk: PoweredKiosk, cards: Iterator[str]) -> None:
    """One visitor after the other, until the kiosk is gone."""
    while True:
        before = frozenset(kiosk.heard.recorded)
        kiosk.scan(next(cards))
        await kiosk.until(partial(_more_than, before))


def _more_than(before: frozenset[str], heard: Heard) -> bool:
    return heard.recorded > before


async def pull_plugs(kiosk: PoweredKiosk, first_card: int = 1) -> AsyncIterator[set[str]]:
    """What was announced so far, after each time that the machine lost its power."""
    chance = random.Random(SEED)
    cards = (f"DEMO-{1000 + position:05}-LISA" for position in itertools.count(first_card))
    for _ in range(CUTS):
        await kiosk.start()
        visitors = asyncio.create_task(serve_visitors(kiosk, cards))
        await asyncio.wait({visitors}, timeout=chance.uniform(0, LONGEST_LIFE_S))
        await kiosk.pull_the_plug()
        visitors.cancel()
        with pytest.raises(asyncio.CancelledError):
            await visitors
        yield kiosk.heard.recorded


def on_the_disk(kiosk: PoweredKiosk) -> set[str]:
    """The uses that a kiosk would find there."""
    db = sqlite3.connect(kiosk.state / "kiosk.db")
    try:
        return {use for (use,) in db.execute("SELECT id FROM uses")}
    finally:
        db.close()


@pytest.mark.timeout(900)
async def test_each_use_that_was_announced_outlives_the_power(kiosk: PoweredKiosk, register: ServingRegister) -> None:
    print(f"seed {SEED}")
    kiosk.move_in()
    async for _ in pull_plugs(kiosk):
        pass
    kiosk.move_out()
    announced = frozenset(kiosk.heard.recorded)
    checked = call_kiosk("check", "--chain", "--config", str(kiosk.config))
    assert checked.returncode == 0, checked.stdout + checked.stderr
    await kiosk.start()
    await kiosk.until_delivered()

    held = Counter(use["id"] for use in register.uses())
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
