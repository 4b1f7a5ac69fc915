"""A dying disk: the copy comes back with every use it had, and the register gets none of them twice."""

import contextlib
import random
import shutil
import subprocess
from collections import Counter
from pathlib import Path

from tests.journey.conftest import numbered
from tests.support.kiosk import Kiosk, call_kiosk, kiosk_environment, kiosk_program
from tests.support.register import ServingRegister

KILLS = 8


async def test_after_a_restore_no_use_of_the_copy_is_lost_and_none_doubled(
    kiosk: Kiosk, register: ServingRegister
) -> None:
    config = ("--config", str(kiosk.config))
    await kiosk.show(numbered(1))
    delivered = await kiosk.confirm()
    await kiosk.until_delivered()
    register.kill()
    await kiosk.show(numbered(2))
    waiting = await kiosk.confirm()
    made = call_kiosk("backup", *config)
    assert (made.returncode, made.stdout.count("2 uses")) == (0, 1), made.stderr
    await kiosk.show(numbered(3))
    later = await kiosk.confirm()
    refused = call_kiosk("restore", *config)
    assert (refused.returncode, "is running" in refused.stderr) == (1, True)
    await kiosk.kill()

    overwrite(kiosk.state / "kiosk.db")
    restored = call_kiosk("restore", *config)
    assert restored.returncode == 0, restored.stderr
    register.start()
    await kiosk.start()
    await kiosk.until_delivered()
    held = Counter(use["id"] for use in register.uses())
    # The log of the dead database may still give the last use; the copy's are sure.
    assert {use: held[use] for use in (delivered, waiting)} == {delivered: 1, waiting: 1}
    assert set(held) <= {delivered, waiting, later}
    assert set(held.values()) == {1}


async def test_the_serving_kiosk_makes_the_days_copy_and_wipe_takes_it_along(kiosk: Kiosk) -> None:
    config = ("--config", str(kiosk.config))
    assert await kiosk.stop() == 0
    shutil.rmtree(kiosk.state / "copies", ignore_errors=True)
    await kiosk.start()
    await kiosk.until_made(kiosk.state / "copies", "kiosk-*.db")
    assert await kiosk.stop() == 0
    assert call_kiosk("restore", *config).returncode == 0
    assert call_kiosk("wipe", "--yes", *config).returncode == 0
    assert left_in(kiosk.state) == []


def overwrite(database: Path) -> None:
    """Leave nothing of it that SQLite could read."""
    with database.open("r+b") as file:
        file.write(b"\xff" * database.stat().st_size)


def kill_restores(config: tuple[str, str]) -> None:
    """Begin a restore again and again, and kill it at random instants."""
    chance = random.Random(20261124)
    for _ in range(KILLS):
        words = [*kiosk_program(), "restore", *config]
        with subprocess.Popen(words, env=kiosk_environment(), stdout=subprocess.DEVNULL) as restoring:
            with contextlib.suppress(subprocess.TimeoutExpired):
                restoring.wait(chance.uniform(0.2, 1.2))
            restoring.kill()


def left_in(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file()]


async def test_a_restore_that_is_killed_anywhere_is_simply_done_again(kiosk: Kiosk, register: ServingRegister) -> None:
    config = ("--config", str(kiosk.config))
    register.kill()
    used = []
    for position in range(3):
        await kiosk.show(numbered(position))
        used.append(await kiosk.confirm())
    assert call_kiosk("backup", *config).returncode == 0
    await kiosk.show(numbered(4))
    used.append(await kiosk.confirm())
    assert await kiosk.stop() == 0

    kill_restores(config)
    assert call_kiosk("restore", *config).returncode == 0
    register.start()
    await kiosk.start()
    await kiosk.until_delivered()
    assert Counter(use["id"] for use in register.uses()) == Counter(used)
