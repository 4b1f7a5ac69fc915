import sqlite3
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.power.visitors import NUMBERED
from tests.support.powered import PoweredKiosk
from tests.support.register import ServingRegister, serving_register


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
