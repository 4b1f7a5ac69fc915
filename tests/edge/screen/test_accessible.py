"""Every state of every page, looked through by axe-core; targets, contrast themes, and text at twice its size."""

import hashlib

import pytest
from playwright.async_api import BrowserContext, Page, expect

from tests.support.axe import SCRIPT, violations
from tests.support.browser import open_window
from tests.support.screen_desk import DeskBehind
from tests.support.screens import SIGNS, STATES, VENUE_PAGES
from tests.support.venue import PIN

pytestmark = pytest.mark.asyncio(loop_scope="session")

AXE_SHA256 = "880970c081707360e64f34cea25ff91892f5bc95675b0776925b9709dd8a68bb"


async def test_axe_is_the_published_one() -> None:
    assert hashlib.sha256(SCRIPT.read_bytes()).hexdigest() == AXE_SHA256


async def show(behind: DeskBehind, page: Page, name: str) -> None:
    """Bring the page into the state called `name`."""
    behind.board.update(**STATES[name].around)
    await behind.show(STATES[name].desk)
    await expect(page.locator("[data-phase]")).to_have_attribute("data-phase", STATES[name].desk.phase.value)


async def enter(page: Page, behind: DeskBehind) -> None:
    """Say the PIN."""
    await page.goto(f"{behind.url}/venue/pin")
    await page.locator("#pin").fill(PIN)
    await page.keyboard.press("Enter")
    await expect(page.locator(".office-top nav")).to_be_visible()


async def test_axe_finds_nothing_in_any_state_of_the_desk(behind: DeskBehind, page: Page) -> None:
    found = {}
    for name in STATES:
        await show(behind, page, name)
        found[name] = await violations(page)
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


async def test_axe_finds_nothing_in_any_sign_for_the_visitor(behind: DeskBehind, person: BrowserContext) -> None:
    page = (await open_window(person, f"{behind.url}/visitor")).page
    found = {}
    for name in SIGNS:
        await behind.show(STATES[name].desk)
        await expect(page.locator(".sign")).to_be_visible()
        found[name] = await violations(page)
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


async def test_axe_finds_nothing_in_the_venues_pages(behind: DeskBehind, page: Page) -> None:
    await page.goto(f"{behind.url}/venue/pin")
    found = {"pin": await violations(page)}
    await enter(page, behind)
    for name, path in VENUE_PAGES.items():
        await page.goto(behind.url + path)
        found[name] = await violations(page)
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


async def test_every_button_and_link_of_the_venues_pages_is_64_pixels(behind: DeskBehind, page: Page) -> None:
    await enter(page, behind)
    small = {}
    for name, path in VENUE_PAGES.items():
        await page.goto(behind.url + path)
        small[name] = await page.locator("button:visible, a:visible, input:visible, select:visible").evaluate_all(
            """all => all.map((one) => [one.textContent.trim() || one.name, one.getBoundingClientRect()])
                         .filter(([, box]) => box.height < 64 || box.width < 64).map(([text]) => text)"""
        )
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
    assert {name: each for name, each in small.items() if each} == {}


async def test_the_contrast_theme_and_reduced_motion_hold_for_every_verdict(behind: DeskBehind, page: Page) -> None:
    await page.emulate_media(contrast="more", reduced_motion="reduce")
    for name in ("ready", "reading", "accepted", "asked", "refused", "recorded", "locked"):
        await show(behind, page, name)
        assert await violations(page) == [], name
        moving = "document.getAnimations().filter((one) => one.playState === 'running').length"
        assert await page.evaluate(moving) == 0, name


async def test_the_venues_pages_can_be_read_at_twice_the_text_size(behind: DeskBehind, page: Page) -> None:
    await enter(page, behind)
    await page.set_viewport_size({"width": 640, "height": 400})  # 1280 × 800 at 200 %
    for name, path in VENUE_PAGES.items():
        if name != "paper-form":  # for the printer
            await page.goto(behind.url + path)
            assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
