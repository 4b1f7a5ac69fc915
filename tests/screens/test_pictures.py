"""Every page in every state, language and size looks as it was approved."""

from pathlib import Path

import pytest

from tests.screens.camera import pictures
from tests.screens.compare import APPROVED, MOST_DIFFERENT, difference, slack_of
from tests.support.screens import LANGUAGES, SIZES

pytestmark = pytest.mark.asyncio(loop_scope="session")

SEEN = Path(__file__).parents[2] / "screens"
"""Where a picture goes that is not as approved; no part of the repository."""


@pytest.mark.timeout(600)
@pytest.mark.parametrize("size", SIZES)
async def test_every_picture_is_as_approved(size: str) -> None:
    wrong, taken = {}, set()
    async for name, picture in pictures([size], LANGUAGES):
        file = APPROVED / f"{name}.png"
        taken.add(file.name)
        apart = difference(file.read_bytes(), picture, slack_of(name)) if file.exists() else 1.0
        if apart > MOST_DIFFERENT:
            wrong[name] = round(apart, 4)
            SEEN.mkdir(exist_ok=True)
            (SEEN / file.name).write_bytes(picture)
    assert wrong == {}, f"look at them in {SEEN.name}/, then mend the page or run: ./dev screens --approve"
    assert {file.name for file in APPROVED.glob(f"{size}-*.png")} == taken
