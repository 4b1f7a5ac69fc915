"""The real register, served in this process on a free port, with a clock that the test turns."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.edge.register.house import House, open_house


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """A seeded register at work."""
    async with open_house(tmp_path / "register.db") as opened:
        yield opened
