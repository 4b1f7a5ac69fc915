"""The longest name that the register may give an event can be read whole, and pushes nothing out of sight."""

from dataclasses import replace
from typing import get_args

import pytest
from playwright.async_api import Page, expect

from contract.messages import Name
from kiosk.cards.desk_state import Desk
from kiosk.cards.model import Texts
from tests.edge.screen.test_accessible import enter
from tests.edge.screen.test_layout import SIZES
from tests.support import desks
from tests.support.screen_desk import DeskBehind
from tests.unit.cards.examples import CONCERT, COURSE

pytestmark = pytest.mark.asyncio(loop_scope="session")

LONGEST: int = get_args(Name)[1].max_length
IN_WORDS = " ".join(["Puhallinorkesterien"] * 10).ljust(LONGEST, "!")
IN_ONE_WORD = "M" * LONGEST
OF_ONE_LINE = CONCERT.name.fi
NAMES = [OF_ONE_LINE, IN_WORDS, IN_ONE_WORD]
EVENTS = tuple(
    replace(event, id=f"event {number}", name=Texts(name, name, name), sold_out=True)
    for number, (event, name) in enumerate(zip((CONCERT, COURSE, COURSE), NAMES, strict=True))
)
TWICE_THE_TEXT = (640, 400)
CLIPPED = """all => all.filter((one) => one.scrollWidth > one.clientWidth || one.scrollHeight > one.clientHeight + 1)
                  .map((one) => one.textContent)"""
"""Beyond a pixel, which is lost where a height is rounded."""


@pytest.mark.parametrize("size", [*SIZES, TWICE_THE_TEXT], ids=str)
@pytest.mark.parametrize(
    ("desk", "word"), [(desks.ready(), "Valmis"), (desks.presented(), "Kelpaa")], ids=["desk", "side"]
)
async def test_every_name_stands_whole_where_events_are_chosen(
    behind: DeskBehind, page: Page, desk: Desk, word: str, size: tuple[int, int]
) -> None:
    await page.set_viewport_size({"width": size[0], "height": size[1]})
    assert [len(name) for name in NAMES[1:]] == [LONGEST, LONGEST]
    behind.board.update(events=EVENTS, chosen=EVENTS[2])
    await behind.show(desk)
    await expect(page.locator("h1")).to_have_text(word)
    buttons = page.locator(".events button")
    await expect(buttons.locator("span")).to_have_text(
        ["Ajan mukaan", *(f"19.00 {name}" for name in NAMES), "Yleinen sisäänpääsy"]
    )
    assert await page.locator(".events button, .events button span").evaluate_all(CLIPPED) == []
    sideways = "all => all.map((one) => one.scrollWidth > one.clientWidth)"
    assert await page.locator("html, .events, .listed").evaluate_all(sideways) == [False] * (
        await page.locator("html, .events, .listed").count()
    )
    for button in await buttons.all():
        await button.scroll_into_view_if_needed()
        await expect(button).to_be_in_viewport(ratio=0.99)


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("name", NAMES[1:], ids=["in words", "in one word"])
async def test_at_the_top_a_long_name_takes_one_line_and_is_read_aloud_whole(
    behind: DeskBehind, page: Page, name: str, size: tuple[int, int]
) -> None:
    await page.set_viewport_size({"width": size[0], "height": size[1]})
    told = page.locator(".where strong")
    await expect(told).to_have_text(OF_ONE_LINE)
    short = await told.bounding_box()
    behind.board.update(chosen=replace(CONCERT, name=Texts(name, name, name)))
    await expect(told).to_have_text(name)
    long = await told.bounding_box()
    assert short is not None
    assert long is not None
    assert (long["y"], long["height"]) == (short["y"], short["height"])
    assert name in await page.locator(".top").aria_snapshot()
    await expect(page.locator(".state .online")).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("path", ["/venue", "/venue/events"])
async def test_a_table_of_the_venues_pages_holds_a_long_name_without_going_sideways(
    behind: DeskBehind, page: Page, path: str
) -> None:
    behind.venue.concert = replace(CONCERT, name=Texts(IN_ONE_WORD, IN_ONE_WORD, IN_ONE_WORD))
    await page.set_viewport_size({"width": 800, "height": 480})
    await enter(page, behind)
    await page.goto(behind.url + path)
    assert await page.get_by_role("cell", name=IN_ONE_WORD).count() > 0
    assert await page.locator(".scroll").evaluate("one => one.scrollWidth <= one.clientWidth")
