"""A kiosk whose identity was lost enrols anew, and what it recorded before is still its own."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

from tests.journey.conftest import numbered
from tests.support.kiosk import Kiosk, call_kiosk, running_kiosk
from tests.support.register import ServingRegister


async def test_a_use_of_before_is_undone_and_a_verdict_on_another_one_comes(
    tmp_path: Path, kiosk: Kiosk, register: ServingRegister
) -> None:
    uses = []
    for number in (1, 2):
        await kiosk.show(numbered(number))
        uses.append(await kiosk.confirm())
    await kiosk.until_delivered()
    assert await kiosk.stop() == 0
    (kiosk.state / "identity.json").unlink()
    (tmp_path / "kiosk" / "token").write_text(await asyncio.to_thread(register.token))
    enrolled = call_kiosk("enrol", "--config", str(kiosk.config))
    assert enrolled.returncode == 0, enrolled.stderr
    await kiosk.start()
    await kiosk.press("undo", use=uses[0])
    await kiosk.until_undone(uses[0])
    await kiosk.until_delivered()
    assert kiosk.heard.surroundings["parked"] == 0
    held = {use["id"]: (use["kiosk"], use["annulled"]) for use in register.uses()}
    assert [annulled for _, annulled in (held[use] for use in uses)] == [True, False]
    assert held[uses[0]][0] not in enrolled.stdout

    async with running_kiosk(tmp_path / "side", register.url, register.token(kiosk_name="Side door")) as other:
        register_down = asyncio.to_thread(register.kill)
        await other.until(lambda heard: heard.surroundings.get("online") and heard.surroundings.get("event"))
        forget_the_other_doors(other)
        await register_down
        await other.show(numbered(2))
        await other.confirm()
        register.start()
        await kiosk.until(lambda heard: heard.surroundings["flagged"] == 1)


async def test_a_kiosk_that_enrols_anew_before_its_first_start_with_this_version_is_the_same_device(
    tmp_path: Path, kiosk: Kiosk, register: ServingRegister
) -> None:
    await kiosk.show(numbered(1))
    use = await kiosk.confirm()
    await kiosk.until_delivered()
    assert await kiosk.stop() == 0
    with closing(sqlite3.connect(kiosk.state / "kiosk.db")) as connection, connection:
        connection.execute("DELETE FROM identities")  # as a version wrote it that did not know of them
    (tmp_path / "kiosk" / "token").write_text(await asyncio.to_thread(register.token))
    enrolled = call_kiosk("enrol", "--config", str(kiosk.config))
    assert enrolled.returncode == 0, enrolled.stderr
    await kiosk.start()
    await kiosk.press("undo", use=use)
    await kiosk.until_undone(use)
    await kiosk.until_delivered()
    assert [(each["id"], each["annulled"]) for each in register.uses()] == [(use, True)]


def forget_the_other_doors(kiosk: Kiosk) -> None:
    """As if both doors had been offline: the other one's use has not come yet."""
    with closing(sqlite3.connect(kiosk.state / "kiosk.db")) as connection, connection:
        connection.execute("DELETE FROM uses_elsewhere")
