"""How the desk is set on the venue's pages, in real Chromium: lock, practice, closed, self-service, and who is here."""

from dataclasses import replace

import pytest
from playwright.async_api import Page, expect

from kiosk.cards.desk_events import Touched
from kiosk.cards.desk_state import Desk, DeskMode, Phase
from kiosk.cards.model import Tickets
from tests.edge.screen.test_accessible import enter
from tests.support import desks
from tests.support.screen_desk import DeskBehind
from tests.support.screens import VENUE_PAGES
from tests.support.venue import PIN

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_each_page_that_is_opened_and_each_form_that_is_sent_behind_the_pin_tells_the_desk_that_somebody_is_here(
    behind: DeskBehind, page: Page
) -> None:
    await page.goto(f"{behind.url}/venue")
    await expect(page.locator("#pin")).to_be_visible()
    assert behind.heard == []
    await enter(page, behind)
    for path in (*VENUE_PAGES.values(), "/venue/look"):
        behind.clock.pass_by(20)
        behind.heard.clear()
        await page.goto(behind.url + path)
        assert behind.heard == [Touched(behind.clock.monotonic_ms)], path
    await page.get_by_role("button", name="nähdyksi").first.click()
    await expect(page.locator("h1")).to_have_text("Tarkistettavat")
    assert behind.heard == [Touched(behind.clock.monotonic_ms)] * 3, "the page before, the form, and the page after it"


async def test_a_locked_desk_shows_nothing_and_opens_with_the_pin(behind: DeskBehind, page: Page) -> None:
    await behind.read("demo 17")
    await enter(page, behind)
    await page.goto(f"{behind.url}/venue/desk")
    await page.get_by_role("button", name="Lukitse piste").click()
    await expect(page.locator("h1")).to_have_text("Lukittu")
    await expect(page.locator(".tray li")).to_have_count(0)
    await expect(page.locator(".uses")).to_have_count(0)  # nor that there were none
    assert behind.kept_modes == [DeskMode(locked=True)]
    await page.goto(f"{behind.url}/venue")
    await page.locator("#pin").fill(PIN)
    await page.keyboard.press("Enter")
    await expect(page.locator(".tray li")).to_have_count(1)
    assert behind.desk.mode == DeskMode()


async def test_a_card_shown_to_a_locked_desk_waits_and_both_sides_are_told_kindly(
    behind: DeskBehind, page: Page
) -> None:
    await behind.show(Desk(mode=DeskMode(locked=True)))
    await behind.read("demo 17")
    told = "Piste on juuri nyt lukittu. Näytetty kortti odottaa avaamista."
    await expect(page.locator(".notice")).to_have_text(told)
    await expect(page.locator("#spoken")).to_have_text(told)
    await expect(page.locator("h1")).to_have_text("Lukittu")
    assert "17" not in await page.locator("main").inner_text()
    await page.get_by_role("link", name="Avaa").click()
    await page.locator("#pin").fill(PIN)
    await page.keyboard.press("Enter")
    await page.locator(".tray button").click()
    await expect(page.locator("h1")).to_have_text("Kelpaa")
    assert behind.recorded == []


async def test_a_session_from_before_the_lock_opens_nothing(behind: DeskBehind, page: Page) -> None:
    await enter(page, behind)
    await behind.show(Desk(mode=DeskMode(locked=True)))
    await page.goto(f"{behind.url}/venue/desk")
    await expect(page.locator("#pin")).to_be_visible()


async def test_practice_is_framed_and_ends_where_it_began(behind: DeskBehind, page: Page) -> None:
    await enter(page, behind)
    await page.goto(f"{behind.url}/venue/desk")
    await page.get_by_role("button", name="Aloita harjoitus").click()
    await expect(page.locator(".practising")).to_have_text("HARJOITUS – mitään ei kirjata")
    await page.goto(f"{behind.url}/venue/desk")
    await expect(page.locator(".cards button")).to_have_count(6)
    await page.get_by_role("button", name="Lopeta harjoitus").click()
    await page.goto(behind.url)
    await expect(page.locator(".practising")).to_have_count(0)


async def test_a_desk_that_staff_close_says_so_on_every_page(behind: DeskBehind, page: Page) -> None:
    await enter(page, behind)
    await page.goto(f"{behind.url}/venue/desk")
    await page.get_by_role("button", name="Sulje piste").click()
    await expect(page.get_by_role("button", name="Avaa piste")).to_be_visible()
    assert (behind.desk.phase, behind.kept_modes) == (Phase.OUT_OF_SERVICE, [DeskMode(closed=True)])


async def test_a_closed_desk_leads_to_where_it_is_opened(behind: DeskBehind, page: Page) -> None:
    await behind.show(desks.out_of_service("disk-full"))
    await expect(page.get_by_role("link", name="Avaa piste")).to_have_count(0)
    await behind.show(replace(desks.out_of_service("closed"), mode=DeskMode(closed=True)))
    await page.get_by_role("link", name="Avaa piste").click()
    await page.locator("#pin").fill(PIN)
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="Avaa piste").click()
    await expect(page.get_by_role("button", name="Sulje piste")).to_be_visible()
    assert (behind.desk.mode, behind.kept_modes) == (DeskMode(), [DeskMode()])


async def test_a_visitor_without_staff_adds_a_child(behind: DeskBehind, page: Page) -> None:
    await behind.show(desks.recorded_alone())
    await page.goto(f"{behind.url}/visitor")
    await page.locator("#add-child").dblclick()
    await expect(page.locator(".sign")).to_have_attribute("data-sign", "thanks")
    assert [use.tickets for use in behind.recorded] == [Tickets(own=1, children=1)]
    assert behind.annulled == ["p1"]
