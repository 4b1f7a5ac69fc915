"""The staff page in real Chromium, over a real socket, with a desk behind it that really steps."""

import re
from dataclasses import replace

import pytest
from playwright.async_api import BrowserContext, Page, expect

from kiosk.cards.desk_events import Scanned
from kiosk.cards.desk_state import DeskMode, EventChoice, Notice
from kiosk.cards.model import CardStatus, Reason, Tickets
from tests.support import desks
from tests.support.browser import open_window
from tests.support.screen_desk import DeskBehind, KnownCard, until
from tests.unit.cards.examples import COURSE, facts

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_verdict_is_pushed_and_one_tap_records_it(behind: DeskBehind, page: Page) -> None:
    await behind.read("demo 17")
    await expect(page.locator("h1")).to_have_text("Kelpaa")
    await page.locator("#confirm").click()
    await expect(page.locator("h1")).to_have_text("Kirjattu")
    await expect(page.locator(".uses li")).to_contain_text("18.30 •• 17oma lippu")
    assert [use.tickets for use in behind.recorded] == [Tickets()]


async def test_a_double_tap_is_sent_once(behind: DeskBehind, page: Page) -> None:
    await behind.read("demo 17")
    behind.answering.clear()
    await page.locator("#confirm").dblclick()
    behind.answering.set()
    await expect(page.locator("h1")).to_have_text("Kirjattu")
    assert len(behind.events) == len(behind.recorded) == 1


@pytest.mark.parametrize("size", [(800, 480), (1280, 800), (1080, 1920)], ids=str)
async def test_the_second_of_a_double_tap_does_not_press_what_the_first_has_put_under_the_finger(
    behind: DeskBehind, page: Page, size: tuple[int, int]
) -> None:
    await page.set_viewport_size({"width": size[0], "height": size[1]})
    for desk, button, after in (
        (desks.presented(), "#cancel", "[data-phase=ready]"),
        (replace(desks.presented(), mode=DeskMode(self_service=True)), "#confirm", "#add-child"),
        (desks.recorded_alone(), "#add-child", ".calm :text('1 lapsi')"),
    ):
        await behind.show(desk)
        await page.goto(behind.url)
        behind.events.clear()
        spot = await page.locator(button).bounding_box()
        assert spot is not None
        place = spot["x"] + spot["width"] / 2, spot["y"] + spot["height"] / 2
        await page.mouse.click(*place)
        await expect(page.locator(after)).to_be_visible()
        await page.mouse.click(*place)
        await page.locator("#number").click()
        assert len(behind.events) == 1, (button, behind.events)


async def test_a_late_tap_never_hits_the_next_visitor(behind: DeskBehind, page: Page) -> None:
    behind.cards["demo 18"] = KnownCard(tail="18")
    await behind.read("demo 17")
    await page.locator("#confirm").hover()
    await page.mouse.down()
    await behind.read("demo 18")
    await expect(page.locator(".card")).to_have_text("Kaikukortti •• 18")
    await page.mouse.up()
    await page.locator("#number").click()
    assert (behind.events, behind.recorded) == ([], [])


async def test_a_tap_is_not_lost_when_the_page_changes_under_the_finger(behind: DeskBehind, page: Page) -> None:
    await behind.read("demo 17")
    await page.locator("#confirm").hover()
    await page.mouse.down()
    behind.board.update(waiting=3)
    await expect(page.locator(".waiting")).to_have_text("3 odottaa lähetystä")
    await page.mouse.up()
    await expect(page.locator("h1")).to_have_text("Kirjattu")


async def test_staff_count_the_children_and_hear_when_they_are_too_many(behind: DeskBehind, page: Page) -> None:
    await behind.read("demo 17")
    more = page.get_by_role("button", name="Yksi lisää: Omat lapset")
    for count in ("1", "2", "3"):
        await more.click()
        await expect(page.get_by_role("group", name="Omat lapset").locator("output")).to_have_text(count)
    await expect(page.locator("h1")).to_have_text("Sinä päätät")
    await expect(page.locator(".why")).to_have_text("Lapsia on enemmän kuin rekisterissä (2).")
    await page.get_by_role("button", name="Yksi vähemmän: Omat lapset").click()
    await expect(page.locator("h1")).to_have_text("Kelpaa")
    await page.locator("#confirm").click()
    await expect(page.locator("h1")).to_have_text("Kirjattu")
    assert [use.tickets for use in behind.recorded] == [Tickets(own=1, children=2)]


async def test_nobody_at_all_cannot_be_confirmed(behind: DeskBehind, page: Page) -> None:
    await behind.read("demo 17")
    await page.get_by_role("button", name="Yksi vähemmän: Oma lippu").click()
    await expect(page.locator("h1")).to_have_text("Tarkista liput")
    await expect(page.locator("#confirm")).to_be_disabled()


async def test_undo_is_one_tap(behind: DeskBehind, page: Page) -> None:
    await behind.read("demo 17")
    await page.locator("#confirm").click()
    await page.get_by_role("button", name="Peru käyttö klo 18.30").click()
    await expect(page.locator(".notice")).to_have_text("Käyttö peruttiin.")
    await expect(page.locator(".uses")).to_contain_text("Ei vielä käyttöjä.")
    assert behind.annulled == [use.id for use in behind.recorded]


async def test_cancel_lets_nobody_in(behind: DeskBehind, page: Page) -> None:
    behind.cards["demo 17"] = KnownCard(facts=facts(quota_used=6))
    await behind.read("demo 17")
    await page.locator("#cancel").click()
    await expect(page.locator("h1")).to_have_text("Valmis")
    assert (behind.recorded, behind.refused) == ([], [Reason.QUOTA_FULL])


async def test_a_refused_card_can_only_be_closed(behind: DeskBehind, page: Page) -> None:
    behind.cards["demo 17"] = KnownCard(facts=facts(card__status=CardStatus.BLOCKED))
    await behind.read("demo 17")
    await expect(page.locator(".why")).to_have_text("Kortti on korvattu uudella tai ilmoitettu kadonneeksi.")
    await expect(page.locator(".answers button")).to_have_text(["Sulje"])


async def test_a_card_that_waits_comes_back_with_one_tap(behind: DeskBehind, page: Page) -> None:
    behind.cards["demo 18"] = KnownCard(tail="18")
    await behind.read("demo 17")
    await behind.read("demo 18")
    await page.get_by_role("button", name="Odottaa •• 17").click()
    await expect(page.locator(".card")).to_have_text("Kaikukortti •• 17")
    await expect(page.get_by_role("button", name=re.compile("Odottaa"))).to_have_text("Odottaa •• 18")


async def test_another_event_is_one_tap_away(behind: DeskBehind, page: Page) -> None:
    await page.locator(f"#event-{COURSE.id}").click()
    await expect(page.locator(f"#event-{COURSE.id}")).to_have_attribute("aria-pressed", "true")
    await page.get_by_role("button", name="Yleinen sisäänpääsy").click()
    await expect(page.locator("#event-general")).to_have_attribute("aria-pressed", "true")
    assert behind.desk.choice == EventChoice(automatic=False, event_id=None)


async def test_a_number_typed_by_hand_is_a_scan_and_leaves_no_trace(behind: DeskBehind, page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await page.get_by_label("Kortin tunnus").fill(" demo 17 ")
    await page.keyboard.press("Enter")
    await expect(page.locator("h1")).to_have_text("Kelpaa")
    await expect(page.locator("#number")).to_have_value("")
    assert [event.scan.text for event in behind.events if isinstance(event, Scanned)] == ["demo 17"]
    assert f"{behind.url}/scan" in asked
    assert [address for address in (*asked, page.url) if "demo" in address] == []


async def test_an_empty_number_is_answered_in_words_and_nothing_typed_is_lost(behind: DeskBehind, page: Page) -> None:
    await page.get_by_role("button", name="Hae").click()
    await expect(page.locator("#problem")).to_have_text("Kirjoita ensin kortin tunnus.")
    await expect(page.locator("#problem")).to_be_in_viewport(ratio=1)
    await page.locator("#number").press_sequentially("1")
    await expect(page.locator("#problem")).to_have_text("")
    await behind.read("demo 17")
    await expect(page.locator("#number")).to_have_value("1")


async def test_the_language_changes_with_one_tap_and_stays(behind: DeskBehind, page: Page) -> None:
    await behind.show(desks.presented(card__status=CardStatus.BLOCKED))
    for language, word in (("en", "Not accepted"), ("fi", "Ei kelpaa"), ("sv", "Inte godkänt")):
        await page.locator(f".languages a[lang={language}]").click()
        await expect(page.locator("h1")).to_have_text(word)
        await expect(page.locator("html")).to_have_attribute("lang", language)
    await page.goto(behind.url)
    await expect(page.locator("h1")).to_have_text("Inte godkänt")
    (cookie,) = await page.context.cookies()
    assert (cookie["value"], cookie["httpOnly"], cookie["sameSite"], cookie["path"]) == ("sv", True, "Strict", "/")


async def test_several_pages_agree(behind: DeskBehind, page: Page, person: BrowserContext) -> None:
    other = await open_window(person, behind.url)
    await behind.read("demo 17")
    await expect(other.page.locator("h1")).to_have_text("Kelpaa")
    await page.locator("#confirm").click()
    for each in (page, other.page):
        await expect(each.locator("h1")).to_have_text("Kirjattu")


async def test_two_pages_that_confirm_at_once_record_one_use(
    behind: DeskBehind, page: Page, person: BrowserContext
) -> None:
    other = (await open_window(person, behind.url)).page
    await behind.read("demo 17")
    behind.answering.clear()
    for each in (page, other):
        await expect(each.locator("#confirm")).to_be_enabled()
        await each.locator("#confirm").click()
    await until(lambda: len(behind.events) == 2)
    behind.answering.set()
    for each in (page, other):
        await expect(each.locator("h1")).to_have_text("Kirjattu")
        await expect(each.locator("#problem")).to_have_text("")
    assert [use.tickets for use in behind.recorded] == [Tickets()]


async def test_a_verdict_is_spoken_once_for_each_card(behind: DeskBehind, page: Page) -> None:
    await page.evaluate(
        """() => { window.heard_words = [];
          const hear = (node) => heard_words.push(node.data);
          new MutationObserver((all) => all.forEach((one) => one.addedNodes.forEach(hear)))
            .observe(document.getElementById("spoken"), { childList: true }); }"""
    )
    for presentation in ("p1", "p2"):
        await behind.show(desks.presented(presentation))
        await expect(page.locator("#confirm")).to_be_visible()
        for waiting in (1, 2):
            behind.board.update(waiting=waiting)
            await expect(page.locator(".waiting")).to_contain_text(str(waiting))
        await expect(page.locator(f'input[value="{presentation}"]').first).to_be_attached()
    assert [text for text in await page.evaluate("heard_words") if text] == ["Kelpaa.", "Kelpaa."]


async def test_a_notice_is_in_one_live_region_beside_a_verdict_and_without_one(behind: DeskBehind, page: Page) -> None:
    for desk in (desks.ready(), desks.presented(), desks.recorded()):
        await behind.show(replace(desk, notice=Notice.ANNULLED))
        await expect(page.locator("[data-phase]")).to_have_attribute("data-phase", desk.phase.value)
        live = page.locator(":is([role=status], [role=alert], [aria-live])")
        await expect(live.filter(has_text="Käyttö peruttiin.")).to_have_count(1)


async def test_the_keyboard_alone_is_enough(behind: DeskBehind, page: Page) -> None:
    await page.locator("#number").focus()
    await page.keyboard.type("demo 17")
    await page.keyboard.press("Enter")
    await expect(page.locator("h1")).to_have_text("Kelpaa")
    await page.locator("[data-phase]").focus()
    stops = []
    for _ in range(6):
        await page.keyboard.press("Tab")
        stops.append(await page.evaluate("document.activeElement.id"))
    assert stops == ["less-own", "more-children", "more-assistants", "cancel", "confirm", "event-automatic"]
    await page.keyboard.press("Shift+Tab")
    await page.keyboard.press("Enter")
    await expect(page.locator("h1")).to_have_text("Kirjattu")
    assert await page.evaluate("document.activeElement.dataset.phase") == "recorded"


async def test_the_focus_stays_where_it_is_when_the_page_changes(behind: DeskBehind, page: Page) -> None:
    await behind.read("demo 17")
    more = page.locator("#more-children")
    await more.focus()
    for count in ("1", "2"):
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("group", name="Omat lapset").locator("output")).to_have_text(count)
    await expect(more).to_be_focused()


async def test_an_enter_that_was_meant_for_one_card_does_not_confirm_the_next(behind: DeskBehind, page: Page) -> None:
    behind.cards["demo 18"] = KnownCard(tail="18")
    await behind.read("demo 17")
    await page.locator("#confirm").focus()
    await behind.read("demo 18")
    await expect(page.locator(".card")).to_have_text("Kaikukortti •• 18")
    await page.keyboard.press("Enter")
    await page.locator("#number").fill("x")
    await page.keyboard.press("Enter")
    await until(lambda: len(behind.events) == 1)
    assert (type(behind.events[0]), behind.recorded) == (Scanned, [])
