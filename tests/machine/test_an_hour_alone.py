"""An hour without a network, in which cards are used: in a kernel whose time flies (`run-in-kernel --time-flies`)."""

import asyncio
import datetime as dt
import os
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.power.visitors import numbered_from
from tests.support.kiosk import Kiosk, running_kiosk
from tests.support.register import ServingRegister, serving_register

pytestmark = pytest.mark.skipif(
    os.environ.get("KIOSK_TEST_HOUR") != "flies", reason="an hour takes an hour here; see ./dev machine"
)
REGISTER = "127.0.0.2"
HOUR_S, EVERY_S = 3600, 300
LONGEST_PAUSE_S = 120.0
SLACK_S = 10
CUT_TO_S = 0.001  # a record's time is cut to whole milliseconds, and the time of this test is not


class Link:
    """The way to the register's address, which is there or not; the rest of the machine's network is not touched."""

    def __init__(self) -> None:
        """Be up, in a kernel whose time flies: anywhere else a machine's own network would be cut for an hour."""
        assert "time-travel=" in Path("/proc/cmdline").read_text(encoding="ascii")
        _ip("address", "delete", "127.0.0.1/8", "dev", "lo")  # all of that network would be this machine's own
        _ip("address", "add", "127.0.0.1/32", "dev", "lo")
        self.up()

    def up(self) -> None:
        """Let the register be reached."""
        _ip("address", "add", f"{REGISTER}/32", "dev", "lo")

    def down(self) -> None:
        """Let it be on a network that this machine has no way to."""
        _ip("address", "delete", f"{REGISTER}/32", "dev", "lo")


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, timeout=20)


@pytest.fixture
def link() -> Link:
    return Link()


@pytest.fixture
def register(tmp_path: Path, link: Link) -> Iterator[ServingRegister]:
    with serving_register(
        tmp_path / "register", seed=("--demo", "--numbered", "40"), extra=("--host", REGISTER)
    ) as register:
        with sqlite3.connect(register.database) as db:
            db.execute("UPDATE events SET removed = 1")  # general admission: the evening of the demo ends in this hour
        db.close()
        yield register


async def use(kiosk: Kiosk, card: str) -> str:
    await kiosk.show(card)
    return await kiosk.confirm()


@pytest.mark.timeout(0)  # counted in a time that flies; run-in-kernel has a limit of its own
async def test_what_was_recorded_in_an_hour_without_a_network_arrives_once_with_its_own_times(
    tmp_path: Path, register: ServingRegister, link: Link
) -> None:
    cards = numbered_from(1)
    async with running_kiosk(
        tmp_path / "kiosk", register.url, register.token(), retry_longest_s=LONGEST_PAUSE_S
    ) as kiosk:
        await kiosk.until(lambda heard: heard.surroundings.get("trust") == "ok")
        used = [await use(kiosk, next(cards))]
        await kiosk.until_delivered()
        link.down()
        cut_at_s = time.time()
        while time.time() < cut_at_s + HOUR_S:
            await asyncio.sleep(EVERY_S)  # so long nobody comes
            used.append(await use(kiosk, next(cards)))
        alone = used[1:]
        await kiosk.until(lambda heard: heard.surroundings.get("waiting") == len(alone))
        assert (kiosk.heard.surroundings["online"], [row["id"] for row in register.uses()]) == (False, used[:1])
        link.up()
        await kiosk.until(lambda heard: heard.surroundings.get("waiting") == 0, LONGEST_PAUSE_S + SLACK_S)
    held = {row["id"]: dt.datetime.fromisoformat(row["decided_at"]) for row in register.uses()}
    assert sorted(row["id"] for row in register.uses()) == sorted(used)
    late_s = [held[each].timestamp() - cut_at_s - place * EVERY_S for place, each in enumerate(alone, 1)]
    assert len(alone) == HOUR_S / EVERY_S
    assert [late for late in late_s if not -CUT_TO_S <= late < SLACK_S * len(alone)] == []
