"""Pages for whoever needs wider text or a narrow page: success criteria 1.4.12 and 1.4.10 of WCAG 2.2."""

import pytest
from playwright.async_api import BrowserContext, Page, ViewportSize, expect

from kiosk.screen.views import visitor_sign
from tests.support.browser import open_window
from tests.support.cut_off import CUT_OFF
from tests.support.screen_desk import DeskBehind
from tests.support.screens import SIGNS, STATES
from tests.support.shown import show
from tests.support.venue_shown import venue_shown

pytestmark = pytest.mark.asyncio(loop_scope="session")

WIDER = """() => { const wider = new CSSStyleSheet();
  wider.replaceSync(`
    * { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }
    p { margin-bottom: 2em !important; }`);
  document.adoptedStyleSheets = [wider]; }"""
NARROW: ViewportSize = {"width": 320, "height": 568}
"""As wide as 1280 pixels at 400 %."""


async def test_no_text_of_the_desk_is_cut_off_by_wider_spacing(behind: DeskBehind, page: Page) -> None:
    await page.set_viewport_size({"width": 1280, "height": 800})
    await page.evaluate(WIDER)
    assert await cut_off_in_any_state(behind, page) == {}


async def test_no_text_of_the_venues_pages_is_cut_off_by_wider_spacing(behind: DeskBehind, page: Page) -> None:
    await page.set_viewport_size({"width": 1280, "height": 800})
    assert await cut_off_on_the_venues_pages(behind, page, WIDER) == {}


async def test_the_desk_needs_no_scrolling_sideways_at_320_pixels(behind: DeskBehind, page: Page) -> None:
    await page.set_viewport_size(NARROW)
    assert await cut_off_in_any_state(behind, page) == {}


async def test_no_sign_for_the_visitor_does_either(behind: DeskBehind, person: BrowserContext) -> None:
    page = (await open_window(person, f"{behind.url}/visitor")).page
    await page.set_viewport_size(NARROW)
    for name in SIGNS:
        await behind.show(STATES[name].desk)
        await expect(page.locator(".sign")).to_have_attribute("data-sign", visitor_sign(STATES[name].desk))
        assert await page.evaluate(CUT_OFF) == [], name


async def test_the_venues_pages_need_no_scrolling_sideways_at_320_pixels(behind: DeskBehind, page: Page) -> None:
    await page.set_viewport_size(NARROW)
    assert await cut_off_on_the_venues_pages(behind, page, "() => {}") == {}


async def cut_off_in_any_state(behind: DeskBehind, page: Page) -> dict[str, list[str]]:
    found = {}
    for name in STATES:
        await show(behind, page, name)
        found[name] = await page.evaluate(CUT_OFF)
    return {name: each for name, each in found.items() if each}


async def cut_off_on_the_venues_pages(behind: DeskBehind, page: Page, dress: str) -> dict[str, list[str]]:
    found = {}
    async for name in venue_shown(behind, page):
        if name != "paper-form":  # for the printer
            await page.evaluate(dress)
            found[name] = await page.evaluate(CUT_OFF)
    return {name: each for name, each in found.items() if each}
