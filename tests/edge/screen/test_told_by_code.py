"""What a printed code or a button changes on pages that are open, in real Chromium: language, and dots of a PIN."""

import pytest
from playwright.async_api import BrowserContext, Page, expect

from kiosk.cards.desk_events import PinEntered, PinRefused
from kiosk.cards.desk_state import Desk, DeskMode, PinProgress
from tests.support.screen_desk import DeskBehind

pytestmark = pytest.mark.asyncio(loop_scope="session")

LOCKED = Desk(mode=DeskMode(locked=True))


async def test_every_staff_page_goes_on_in_the_next_language_and_shows_what_it_showed(
    behind: DeskBehind, page: Page, person: BrowserContext
) -> None:
    await behind.read("demo 17")
    tablet = await person.new_page()
    await tablet.goto(behind.url)
    for language, word in (("sv", "Godkänt"), ("en", "Accepted"), ("fi", "Kelpaa")):
        behind.board.next_language()
        for each in (page, tablet):
            await expect(each.locator("html")).to_have_attribute("lang", language)
            await expect(each.locator("h1")).to_have_text(word)
    assert (behind.events, behind.recorded) == ([], [])
    await tablet.close()


async def test_a_language_that_is_tapped_afterwards_stays_and_the_next_one_is_counted_from_it(
    behind: DeskBehind, page: Page
) -> None:
    behind.board.next_language()
    await expect(page.locator("html")).to_have_attribute("lang", "sv")
    await page.locator(".languages a[lang=en]").click()
    await expect(page.locator("html")).to_have_attribute("lang", "en")
    await behind.read("demo 17")
    await expect(page.locator("h1")).to_have_text("Accepted")
    behind.board.next_language()
    await expect(page.locator("html")).to_have_attribute("lang", "fi")


async def test_a_page_that_heard_nothing_for_a_while_goes_by_the_last_word_alone(
    behind: DeskBehind, page: Page
) -> None:
    await behind.stop()
    await expect(page.locator("#gone")).to_be_visible()
    for _ in range(2):
        behind.board.next_language()
    await behind.start()
    await expect(page.locator("html")).to_have_attribute("lang", "en")
    await page.reload()
    await expect(page.locator("html")).to_have_attribute("lang", "en")


async def test_a_word_that_comes_while_the_page_is_fetched_is_not_missed(behind: DeskBehind, page: Page) -> None:
    behind.board.next_language()
    await expect(page.locator("html")).to_have_attribute("lang", "sv")
    first = behind.board.state.telling
    assert first is not None
    await page.goto("about:blank")
    behind.board.next_language()
    await page.goto(f"{behind.url}/?language=sv&told={first.id}", wait_until="commit")
    await expect(page.locator("html")).to_have_attribute("lang", "en")


async def test_a_word_from_before_a_restart_moves_no_page(behind: DeskBehind, page: Page) -> None:
    behind.board.next_language()
    await expect(page.locator("html")).to_have_attribute("lang", "sv")
    await page.goto(f"{behind.url}/?language=fi")
    await page.evaluate("window.still = true")
    behind.board.update(telling=None)  # what a kiosk that was started anew knows of it
    await behind.read("demo 17")
    await expect(page.locator("h1")).to_have_text("Kelpaa")
    assert await page.evaluate("window.still")


async def test_a_locked_page_counts_digits_with_dots_and_says_how_many_and_never_which(
    behind: DeskBehind, page: Page
) -> None:
    await behind.show(LOCKED)
    await expect(page.locator("h1")).to_have_text("Lukittu")
    place = await page.locator(".calm a.key").bounding_box()
    for progress, dots, said in (
        (PinProgress(1), "●", "1 numero"),
        (PinProgress(2), "●●", "2 numeroa"),
        (PinProgress(2, begun=True), "●●○", "2 numeroa"),
    ):
        behind.hear(PinEntered(progress, behind.clock.monotonic_ms))
        await behind.show(behind.desk)
        await expect(page.locator(".dots")).to_have_text(dots)
        await expect(page.locator("#spoken")).to_have_text(said)
        assert await page.locator(".calm a.key").bounding_box() == place, "the page moves under a finger"
    behind.hear(PinRefused(5, behind.clock.monotonic_ms))
    await behind.show(behind.desk)
    wrong = "PIN ei ole oikein. Liian monta väärää yritystä. Odota 5 sekuntia."
    await expect(page.locator(".notice")).to_have_text(wrong)
    await expect(page.locator("#spoken")).to_have_text(wrong)
    await expect(page.locator(".dots")).to_have_count(0)
