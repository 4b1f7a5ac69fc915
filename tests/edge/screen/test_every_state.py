"""A walk through all that a page can show: the browser complains of nothing, and each verdict is painted."""

import io
from collections.abc import Sequence

import pytest
from PIL import Image
from playwright.async_api import BrowserContext, Page, expect

from tests.edge.screen.test_accessible import enter
from tests.support.screen_desk import DeskBehind
from tests.support.screens import SIGNS, STATES, VENUE_PAGES
from tests.support.shown import show

pytestmark = pytest.mark.asyncio(loop_scope="session")

VERDICTS = {"accepted": "--accept", "asked": "--ask", "refused": "--refuse"}
MOSTLY = 0.5
"""Of a verdict's picture: the rest is its words and its sign."""


async def listened_to(person: BrowserContext) -> tuple[Page, list[str]]:
    """A page, and every line that its browser writes, of whatever weight: a page of ours has nothing to say there."""
    said: list[str] = []
    page = await person.new_page()
    page.on("console", lambda told: said.append(f"{told.type}: {told.text}"))
    page.on("pageerror", lambda error: said.append(f"script: {error}"))
    return page, said


async def test_the_browser_complains_of_nothing_in_any_state_and_on_any_page(
    behind: DeskBehind, person: BrowserContext
) -> None:
    page, said = await listened_to(person)
    complaints: dict[str, Sequence[str]] = {}
    await page.goto(behind.url)
    for name in STATES:
        await show(behind, page, name)
        complaints[name] = tuple(said)
        said.clear()
    await enter(page, behind)
    for name, path in VENUE_PAGES.items():
        await page.goto(behind.url + path)
        complaints[f"venue's {name}"] = tuple(said)
        said.clear()
    await page.goto(f"{behind.url}/visitor")
    for name in SIGNS:
        await behind.show(STATES[name].desk)
        await expect(page.locator(".sign")).to_be_visible()
        complaints[f"visitor's {name}"] = tuple(said)
        said.clear()
    assert {name: each for name, each in complaints.items() if each} == {}


async def test_each_verdict_is_painted_in_its_own_colour(behind: DeskBehind, page: Page) -> None:
    seen = {}
    for name, colour in VERDICTS.items():
        await show(behind, page, name)
        wanted = await page.evaluate(
            "(name) => getComputedStyle(document.documentElement).getPropertyValue(name)", colour
        )
        seen[name] = share_of(wanted.strip(), await page.locator(".verdict").screenshot())
    assert {name: share for name, share in seen.items() if share < MOSTLY} == {}


def share_of(colour: str, picture: bytes) -> float:
    """Which share of `picture` has `colour` (#rrggbb), from 0 to 1."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    wanted = tuple(bytes.fromhex(colour.removeprefix("#")))
    colours = image.getcolors(image.width * image.height) or []
    return sum(count for count, found in colours if found == wanted) / (image.width * image.height)
