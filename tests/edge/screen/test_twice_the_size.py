"""Text at 200 %: a window of half the pixels, in which all can be read and reached."""

from dataclasses import replace

import pytest
from playwright.async_api import BrowserContext, Page, expect

from kiosk.screen.views import visitor_sign
from tests.support.browser import open_window
from tests.support.cut_off import CUT_OFF
from tests.support.screen_desk import DeskBehind
from tests.support.screens import LANGUAGES, SIGNS, STATES
from tests.support.shown import show
from tests.support.turns import View, turn_to, view_of
from tests.support.venue_shown import venue_shown

pytestmark = pytest.mark.asyncio(loop_scope="session")

in_each_language = pytest.mark.parametrize("language", LANGUAGES)


def twice(place: int, language: str) -> View:
    """The view that is due, at 200 %."""
    view = view_of(place, language)
    return replace(view, size=(view.size[0] // 2, view.size[1] // 2))


@in_each_language
async def test_at_twice_the_text_size_all_of_the_desk_can_be_read_and_reached(
    behind: DeskBehind, page: Page, language: str
) -> None:
    await page.goto(f"{behind.url}/?language={language}")
    lost = {}
    for place, name in enumerate(STATES):
        await turn_to(page, twice(place, language))
        await show(behind, page, name)
        lost[name] = [await page.evaluate(CUT_OFF)]
        for key in await page.locator(":is(button, input, a):visible").all():
            await key.scroll_into_view_if_needed()
            if not await key.evaluate(_WHOLE):
                lost[name].append(await key.inner_text())
    assert {name: each for name, each in lost.items() if each != [[]]} == {}


@pytest.mark.parametrize("turn", LANGUAGES)
async def test_at_twice_the_text_size_every_sign_can_be_read(
    behind: DeskBehind, person: BrowserContext, turn: str
) -> None:
    page = (await open_window(person, f"{behind.url}/visitor")).page
    for place, name in enumerate(SIGNS):
        await turn_to(page, twice(place, turn))
        await behind.show(STATES[name].desk)
        await expect(page.locator(".sign")).to_have_attribute("data-sign", visitor_sign(STATES[name].desk))
        assert await page.evaluate(CUT_OFF) == [], name
        for part in await page.locator(".sign > *").all():
            await part.scroll_into_view_if_needed()
            assert await part.evaluate(_WHOLE), name


@in_each_language
async def test_at_twice_the_text_size_all_that_the_venues_pages_show_can_be_read(
    behind: DeskBehind, page: Page, language: str
) -> None:
    await page.goto(f"{behind.url}/?language={language}")
    cut: dict[str, list[str]] = {}
    async for name in venue_shown(behind, page):
        await turn_to(page, twice(len(cut), language))
        cut[name] = [] if name == "paper-form" else await page.evaluate(CUT_OFF)  # the form is for the printer
    assert {name: each for name, each in cut.items() if each} == {}


_WHOLE = """(one) => { const box = one.getBoundingClientRect();
  return box.left >= 0 && box.right <= innerWidth + 1 && box.bottom > 0 && box.top < innerHeight; }"""
