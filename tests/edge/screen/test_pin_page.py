"""The page that asks for the PIN, in real Chromium: a wrong one, too many, none set, and that all of it is in sight."""

import asyncio

import aiohttp
import pytest
from playwright.async_api import Page, expect

from kiosk.screen.access import Session
from tests.support import desks
from tests.support.browser import SMALL
from tests.support.held_hash import HeldHash
from tests.support.screen_desk import DeskBehind, until
from tests.support.venue import PIN
from tests.support.venue_shown import venue_shown

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_wrong_pin_is_said_and_too_many_must_wait(behind: DeskBehind, page: Page) -> None:
    await page.goto(f"{behind.url}/venue")
    for _ in range(3):
        await page.locator("#pin").fill("123456")
        await page.keyboard.press("Enter")
        await expect(page.locator(".wrong").first).to_have_text("PIN ei ole oikein.")
    await expect(page.locator(".wrong").nth(1)).to_have_text("Liian monta väärää yritystä. Odota 5 sekuntia.")
    await page.locator("#pin").fill(PIN)
    await page.keyboard.press("Enter")
    await expect(page.locator("h1")).to_have_text("Palvelupisteen PIN")
    behind.clock.pass_by(5)
    await page.locator("#pin").fill(PIN)
    await page.keyboard.press("Enter")
    await expect(page.locator("h1")).to_have_text("Käytöt")
    cookie = next(each for each in await page.context.cookies() if each["name"] == "desk")
    assert (cookie["httpOnly"], cookie["sameSite"], cookie["secure"], cookie["expires"]) == (True, "Strict", False, -1)


async def test_a_guess_whose_browser_hangs_up_counts_like_any_other(
    behind: DeskBehind, monkeypatch: pytest.MonkeyPatch
) -> None:
    held, access, gone = HeldHash(monkeypatch), behind.venue.access, asyncio.Semaphore(0)
    enter = access.enter

    async def watched(pin: str) -> Session | None:
        try:
            return await enter(pin)
        finally:
            gone.release()

    monkeypatch.setattr(access, "enter", watched)
    guess = b"POST /venue/pin HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    for _ in range(3):
        held.begun.clear()
        held.may_end.clear()
        _, writer = await asyncio.open_connection("127.0.0.1", behind.port)
        writer.write(guess + b"Content-Length: 10\r\n\r\npin=123456")
        await held.begun.wait()
        writer.transport.abort()
        await gone.acquire()
        held.may_end.set()
        await until(lambda: not access._guessing.locked())
    async with aiohttp.ClientSession() as person, person.post(f"{behind.url}/venue/pin", data={"pin": PIN}) as answer:
        assert (answer.status, "Liian monta" in await answer.text()) == (403, True)
    assert (held.times, held.most_at_once, access.wait_s) == (3, 1, 5)


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
async def test_the_pins_page_fits_the_small_screen_whatever_it_says(
    behind: DeskBehind, page: Page, language: str
) -> None:
    await page.goto(f"{behind.url}/?language={language}")
    heights = {}
    async for name in venue_shown(behind, page):
        if name.startswith("pin"):
            heights[name] = await page.evaluate("document.documentElement.scrollHeight")
    assert heights == dict.fromkeys(("pin-none", "pin", "pin-wrong", "pin-wait"), SMALL[1])


async def test_a_locked_desk_asks_for_the_pin_with_the_very_pages_that_an_open_one_does(
    behind: DeskBehind, page: Page
) -> None:
    """So that the pictures and all that is looked for in them are of both."""
    shown: list[dict[str, str]] = []
    for is_locked in (False, True):
        if is_locked:
            await behind.show(desks.locked())
        shown.append({})
        async for name in venue_shown(behind, page):
            if not name.startswith("pin"):
                break
            shown[-1][name] = await page.content()
    assert [*shown[0]] == ["pin-none", "pin", "pin-wrong", "pin-wait"]
    assert shown[1] == shown[0]


async def test_without_a_pin_set_the_page_says_how(behind: DeskBehind, page: Page) -> None:
    behind.venue.pin = None
    await page.goto(f"{behind.url}/venue")
    await expect(page.locator("main p")).to_contain_text("kiosk pin")
