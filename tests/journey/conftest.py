from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.support.kiosk import Kiosk, running_kiosk
from tests.support.register import ServingRegister, serving_register

NUMBERED = 40


@pytest.fixture
def register(tmp_path: Path) -> Iterator[ServingRegister]:
    """A register with the demo's cards and some numbered ones."""
    seed = ("--demo", "--numbered", str(NUMBERED))
    with serving_register(tmp_path / "register", seed=seed) as serving:
        yield serving


@pytest.fixture
async def kiosk(tmp_path: Path, register: ServingRegister) -> AsyncIterator[Kiosk]:
    """An enrolled kiosk with an open desk and the whole card list."""
    async with running_kiosk(tmp_path / "kiosk", register.url, register.token()) as running:
        await running.until(lambda heard: heard.surroundings.get("online") and heard.surroundings.get("event"))
        yield running


def numbered(position: int) -> str:
    """The number of one of the plain cards."""
    return f"DEMO-{1000 + position % NUMBERED + 1:05}-LISA"
