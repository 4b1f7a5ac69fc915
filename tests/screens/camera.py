"""Takes the pictures: every state, in three languages, at three sizes, in real Chromium."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection

from playwright.async_api import Browser, Page

from kiosk.cards.model import Language
from kiosk.screen.pages import load_pages
from tests.support.browser import chromium, open_window, person_at
from tests.support.screen_desk import DeskBehind
from tests.support.screens import LANGUAGES, SIGNS, SIZES, STATES
from tests.support.venue_shown import venue_shown
from tests.unit.cards.examples import HELSINKI

_LISTEN = """() => {
  const told = window.show;
  window.show = (state) => { told(state); window.pushed = state.html; };
}"""


async def pictures(
    sizes: Collection[str] = tuple(SIZES), languages: Collection[str] = LANGUAGES
) -> AsyncIterator[tuple[str, bytes]]:
    """Name and PNG of each picture; the name tells size, language and state."""
    behind = DeskBehind()
    await behind.start()
    try:
        async with chromium() as browser:
            for size in sizes:
                async for name, picture in _of_size(browser, behind, size, languages):
                    yield name, picture
    finally:
        await behind.stop()


async def _of_size(
    browser: Browser, behind: DeskBehind, size: str, languages: Collection[str]
) -> AsyncIterator[tuple[str, bytes]]:
    drawn = load_pages(HELSINKI)
    calm = {name: getattr(behind.board.state, name) for shown in STATES.values() for name in shown.around}
    for language in languages:
        async with person_at(browser, size=SIZES[size]) as person:
            page = (await open_window(person, f"{behind.url}/?language={language}")).page
            await page.evaluate(_LISTEN)
            for name, shown in STATES.items():
                behind.board.update(**calm)
                behind.board.update(**shown.around)
                await behind.show(shown.desk)
                await _painted(page, drawn.staff_push(behind.board.state, Language(language))["html"])
                yield f"{size}-{language}-{name}", await page.screenshot()
            behind.board.update(**calm)
            await behind.show(STATES["ready"].desk)
            await page.locator("#number").click()
            yield f"{size}-{language}-typing", await page.screenshot()
            await behind.show(STATES["accepted"].desk)
            await _painted(page, drawn.staff_push(behind.board.state, Language(language))["html"])
            async for theme, picture in _gone(page, behind):
                yield f"{size}-{language}-gone{theme}", picture
            await behind.show(STATES["out-of-service"].desk)  # else the next page is told of no change
            async for name in venue_shown(behind, page):
                # A page of the desk is one screen; these are longer, and the end of one counts as its beginning.
                yield f"{size}-{language}-venue-{name}", await page.screenshot(full_page=True)
    async with person_at(browser, size=SIZES[size]) as person:
        page = (await open_window(person, f"{behind.url}/visitor")).page
        await page.evaluate(_LISTEN)
        for name in SIGNS:
            await behind.show(STATES[name].desk)
            await _painted(page, drawn.visitor_push(behind.board.state)["html"])
            yield f"{size}-all-visitor-{name}", await page.screenshot()
        async for theme, picture in _gone(page, behind):
            yield f"{size}-all-visitor-gone{theme}", picture


async def _gone(page: Page, behind: DeskBehind) -> AsyncIterator[tuple[str, bytes]]:
    """The page while its kiosk is gone, in each theme; the kiosk comes back."""
    await behind.stop()
    await page.locator("#gone").wait_for()
    yield "", await page.screenshot()
    await page.emulate_media(contrast="more")
    yield "-contrast", await page.screenshot()
    await page.emulate_media(contrast="no-preference")
    await behind.start()
    await page.locator("#gone").wait_for(state="hidden")


async def _painted(page: Page, html: str) -> None:
    """Return when the page was pushed `html` and shows it: a push that comes late would be another's picture."""
    await page.wait_for_function("(html) => window.pushed === html", arg=html)
    await page.evaluate(
        "() => document.fonts.ready.then(() => new Promise((done) => requestAnimationFrame(() => "
        "requestAnimationFrame(done))))"
    )
