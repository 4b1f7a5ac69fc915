"""Keys on the kiosk's own screen, for whoever has no keyboard: in real Chromium, by finger and by mouse."""

import pytest
from playwright.async_api import Browser, Page, expect

from kiosk.cards.desk_events import Scanned
from kiosk.cards.desk_state import Desk, DeskMode
from tests.edge.screen.test_accessible import enter
from tests.edge.screen.test_layout import SIZES
from tests.support import desks
from tests.support.axe import violations
from tests.support.browser import open_window
from tests.support.screen_desk import DeskBehind, KnownCard

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def tap(page: Page, text: str) -> None:
    """Tap the keys of `text`."""
    for sign in text:
        await page.locator(f'#keys [data-types="{sign}"]').click()


async def test_a_number_is_typed_by_finger_and_goes_the_way_of_any_typed_number(
    behind: DeskBehind, browser: Browser
) -> None:
    behind.cards["DEMO17"] = KnownCard()
    person = await browser.new_context(has_touch=True, viewport={"width": 800, "height": 480})
    page = (await open_window(person, behind.url)).page
    await expect(page.locator("#keys")).to_be_hidden()
    await page.locator("#number").tap()
    for sign in "DEMO177":
        await page.locator(f'#keys [data-types="{sign}"]').tap()
    await page.get_by_role("button", name="Poista").tap()
    await expect(page.locator("#number")).to_have_value("DEMO17")
    await expect(page.locator("#number")).to_be_focused()
    await page.get_by_role("button", name="Hae").tap()
    await expect(page.locator("h1")).to_have_text("Kelpaa")
    await expect(page.locator("#keys")).to_be_hidden()
    (scanned,) = behind.events
    assert isinstance(scanned, Scanned)
    assert (scanned.scan.text, scanned.scan.source) == ("DEMO17", "page")
    await person.close()


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_every_key_is_64_pixels_and_in_sight_and_moves_nothing(
    behind: DeskBehind, page: Page, size: tuple[int, int], language: str
) -> None:
    await page.set_viewport_size({"width": size[0], "height": size[1]})
    await page.goto(f"{behind.url}/?language={language}")
    before = await page.locator("#board").bounding_box()
    await page.locator("#number").click()
    assert await page.locator("#keys button").count() == 38
    wrong = await page.locator("#keys button").evaluate_all(
        """all => all.map((one) => [one.textContent, one.getBoundingClientRect()])
                     .filter(([, box]) => box.height < 64 || box.width < 64 || box.left < 0 || box.top < 0
                       || box.right > innerWidth || box.bottom > document.querySelector(".bar").offsetTop)
                     .map(([text]) => text)"""
    )
    assert wrong == []
    assert await page.locator("#board").bounding_box() == before
    assert await violations(page) == []


async def test_the_keys_go_for_a_verdict_a_real_key_and_a_tap_elsewhere(behind: DeskBehind, page: Page) -> None:
    keys = page.locator("#keys")
    await page.locator("#number").click()
    await behind.read("demo 17")
    await expect(page.locator("#confirm")).to_be_visible()
    await expect(keys).to_be_hidden()
    await page.locator("#number").click()
    behind.board.update(waiting=3)
    await expect(page.locator(".waiting")).to_be_visible()
    await expect(keys).to_be_visible()
    await page.keyboard.press("4")
    await expect(keys).to_be_hidden()
    await expect(page.locator("#number")).to_have_value("4")
    await page.locator("#number").click()
    await page.get_by_role("button", name="Sulje").click()
    await expect(keys).to_be_hidden()
    await behind.show(desks.ready())
    await page.locator("#number").click()
    await page.locator(".where").click()
    await expect(keys).to_be_hidden()


async def test_the_keys_go_with_their_field_when_the_desk_locks(behind: DeskBehind, page: Page) -> None:
    await page.locator("#number").click()
    await expect(page.locator("#keys")).to_be_visible()
    await behind.show(Desk(mode=DeskMode(locked=True)))
    await expect(page.locator("#number")).to_be_hidden()
    await expect(page.locator("#keys")).to_be_hidden()
    await behind.show(desks.ready())
    await expect(page.locator("#number")).to_be_visible()
    await expect(page.locator("#keys")).to_be_hidden()


async def test_the_keys_type_where_the_caret_is_and_in_the_place_of_what_is_selected(
    behind: DeskBehind, page: Page
) -> None:
    number = page.locator("#number")

    async def select(start: int, end: int) -> None:
        await number.evaluate("(one, [start, end]) => one.setSelectionRange(start, end)", [start, end])

    async def now() -> tuple[str, int]:
        return await number.input_value(), await number.evaluate("one => one.selectionEnd")

    await number.click()
    await tap(page, "DEM17")
    await select(3, 3)
    await tap(page, "O")
    assert await now() == ("DEMO17", 4)
    await page.get_by_role("button", name="Poista").click()
    assert await now() == ("DEM17", 3)
    await select(1, 4)
    await tap(page, "X")
    assert await now() == ("DX7", 2)
    await select(0, 2)
    await page.get_by_role("button", name="Poista").click()
    assert await now() == ("7", 0)
    await page.get_by_role("button", name="Poista").click()
    assert await now() == ("7", 0)


async def test_the_keys_type_no_more_than_a_field_takes_and_what_was_there_stays(
    behind: DeskBehind, page: Page
) -> None:
    await enter(page, behind)
    await page.goto(f"{behind.url}/venue/events")
    name = page.get_by_label("Nimi")
    await name.fill("x" * 79)
    await name.click()
    await name.evaluate("one => one.setSelectionRange(0, 0)")
    await tap(page, "AB")
    assert await name.input_value() == "A" + "x" * 79


async def test_what_is_typed_by_finger_stays_in_sight(behind: DeskBehind, page: Page) -> None:
    await page.locator("#number").click()
    await tap(page, "QWERTYUIOPASDFGHJKLZXCVBNM1234567890")
    await page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    at, most = await page.locator("#number").evaluate("one => [one.scrollLeft, one.scrollWidth - one.clientWidth]")
    assert most > 0
    assert at >= most - 1


async def test_an_event_is_named_by_finger_with_the_letters_of_this_country(behind: DeskBehind, page: Page) -> None:
    await enter(page, behind)
    await page.goto(f"{behind.url}/venue/events")
    await page.get_by_label("Nimi").click()
    await tap(page, "YÖ ÅBO")
    await expect(page.get_by_label("Nimi")).to_have_value("Yö Åbo")
    assert await violations(page) == []
    await page.get_by_role("button", name="Sulje").click()
    await page.get_by_role("button", name="Lisää tapahtuma").click()
    await expect(page.locator("tbody tr", has_text="Yö Åbo")).to_have_count(1)


async def test_counts_of_the_paper_form_are_typed_by_finger_and_into_no_other_field(
    behind: DeskBehind, page: Page
) -> None:
    await enter(page, behind)
    await page.goto(f"{behind.url}/venue/paper")
    number, own, children = page.locator("[name=number]"), page.locator("[name=own]"), page.locator("[name=children]")
    await number.click()
    await tap(page, "DEMO17")
    await children.click()
    await tap(page, "1Q2")
    await expect(children).to_have_value("12")
    await children.click(position={"x": 2, "y": 20})
    await tap(page, "4")
    await expect(children).to_have_value("4")
    await tap(page, "56")
    await expect(children).to_have_value("56")
    await own.click()
    await tap(page, "0")
    await expect(own).to_have_value("0")
    await expect(number).to_have_value("DEMO17")
    await page.locator("[name=day]").focus()
    await page.locator("[name=day]").dispatch_event("pointerdown")
    await expect(page.locator("#keys")).to_be_hidden()


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_a_finger_on_a_field_of_the_venues_pages_types_nothing_and_keeps_it_in_sight(
    behind: DeskBehind, browser: Browser, size: tuple[int, int]
) -> None:
    person = await browser.new_context(has_touch=True, viewport={"width": size[0], "height": size[1]})
    page = await person.new_page()
    await enter(page, behind)
    for path in ("/venue/paper", "/venue/events"):
        await page.goto(behind.url + path)
        for field in await page.locator("[data-keys]").all():
            before = await field.input_value()
            await field.tap()
            await expect(page.locator("#keys")).to_be_visible()
            await expect(field).to_be_focused()
            assert await field.input_value() == before
            box, keys = await field.bounding_box(), await page.locator("#keys").bounding_box()
            assert box is not None
            assert keys is not None
            assert (box["y"] >= 0, box["y"] + box["height"] <= keys["y"]) == (True, True), path
            await page.get_by_role("button", name="Sulje").tap()
            await expect(page.locator("#keys")).to_be_hidden()
    await person.close()
