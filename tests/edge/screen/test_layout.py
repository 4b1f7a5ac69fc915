"""What is on the staff page is in sight, large enough, and stays in its place."""

from dataclasses import replace

import pytest
from playwright.async_api import Page, expect

from kiosk.cards.desk_state import Desk, DeskMode
from kiosk.cards.model import CardKind, CardStatus, EarlierUse
from kiosk.cards.trust import TrustLevel
from tests.support import desks
from tests.support.screen_desk import DeskBehind, KnownCard
from tests.support.screens import LONG_NAME, STATES
from tests.support.shown import show
from tests.unit.cards.examples import CONCERT, COURSE, HOUR, NOW, facts

pytestmark = pytest.mark.asyncio(loop_scope="session")

SIZES = [(800, 480), (1280, 800), (1080, 1920)]
USED_AND_FULL = desks.presented(quota_used=6, earlier_uses=(EarlierUse(NOW - HOUR, "Itäovi"),))
DESKS = {
    "Valmis": desks.ready(),
    "Kelpaa": desks.presented(card__kind=CardKind.COMMUNITY),
    "Sinä päätät": USED_AND_FULL,
    "Ei kelpaa": desks.presented(card__status=CardStatus.BLOCKED),
    "Ei luettu": desks.unread(),
    "Kirjattu": desks.recorded(),
    "Pois käytöstä": desks.out_of_service(),
}
TROUBLE = {
    "online": False,
    "waiting": 123,
    "needs_look": 12,
    "trust": TrustLevel.REGISTER_NEEDED,
    "failing": ("lamps", "scanner 1"),
    "lamps": frozenset({"red"}),
}


@pytest.mark.parametrize(("word", "desk"), DESKS.items(), ids=DESKS)
@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_every_state_fits(behind: DeskBehind, page: Page, size: tuple[int, int], word: str, desk: Desk) -> None:
    await page.set_viewport_size({"width": size[0], "height": size[1]})
    behind.board.update(**TROUBLE)
    await behind.show(desk)
    await expect(page.locator("h1")).to_have_text(word)
    for button in await page.locator("#confirm, #cancel").all():
        await expect(button).to_be_in_viewport(ratio=1)
    assert await page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]") == [
        *size
    ]


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_all_that_can_be_said_of_the_kiosk_and_the_event_at_once_is_in_sight(
    behind: DeskBehind, page: Page, size: tuple[int, int], language: str
) -> None:
    await page.set_viewport_size({"width": size[0], "height": size[1]})
    await page.goto(f"{behind.url}/?language={language}")
    course = replace(COURSE, name=LONG_NAME, sold_out=True)
    behind.board.update(**{**TROUBLE, "lamps": None, "waiting": 1234, "chosen": course, "quota_left": 0})
    await behind.show(replace(desks.ready(), mode=DeskMode(self_service=True)))
    said = page.locator(".state li")
    await expect(said).to_have_count(7)
    for each in await said.all():
        await expect(each).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_whatever_can_be_tapped_is_64_pixels_in_every_state(
    behind: DeskBehind, page: Page, size: tuple[int, int], language: str
) -> None:
    await page.set_viewport_size({"width": size[0], "height": size[1]})
    await page.goto(f"{behind.url}/?language={language}")
    small = {}
    for name, shown in STATES.items():
        await show(behind, page, name)
        await expect(page.locator(".tray li")).to_have_count(0 if shown.desk.mode.locked else len(shown.desk.tray))
        assert await page.locator(".tray").evaluate("one => one.scrollWidth <= one.clientWidth"), name
        for key in await page.locator(".tray button, #confirm, #cancel").all():
            await expect(key).to_be_in_viewport(ratio=1)
        small[name] = await page.locator("button:visible, a:visible, input:visible").evaluate_all(
            """all => all.map((one) => [one.textContent.trim() || one.name, one.getBoundingClientRect()])
                         .filter(([, box]) => box.height < 64 || box.width < 64)
                         .map(([text, box]) => `${text} ${box.width} x ${box.height}`)"""
        )
    await behind.show(STATES["recorded-alone"].desk)
    await page.goto(f"{behind.url}/visitor")
    box = await page.locator("#add-child").bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 64
    assert {name: each for name, each in small.items() if each} == {}


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("size", [*SIZES, (1024, 600)], ids=str)
async def test_what_is_counted_and_what_the_register_says_of_it_stand_whole_above_the_buttons(
    behind: DeskBehind, page: Page, size: tuple[int, int], language: str
) -> None:
    await page.set_viewport_size({"width": size[0], "height": size[1]})
    await page.goto(f"{behind.url}/?language={language}")
    await behind.show(desks.presented(card__children=12))
    said = page.locator(".stepper .label")
    await expect(said.nth(1)).to_contain_text("12")
    assert await said.evaluate_all("all => all.map((one) => one.scrollWidth <= one.clientWidth)") == [True] * 3


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_nothing_moves_when_a_verdict_arrives(behind: DeskBehind, page: Page, size: tuple[int, int]) -> None:
    behind.cards["demo 18"] = KnownCard(tail="18", facts=facts(quota_used=6))
    await page.set_viewport_size({"width": size[0], "height": size[1]})
    await behind.show(desks.recorded())
    await expect(page.locator("h1")).to_have_text("Kirjattu")
    await page.evaluate(
        """() => { window.shifts = [];
          new PerformanceObserver((list) => list.getEntries().forEach((one) => shifts.push(
            one.sources.map((source) => source.node && source.node.className))))
            .observe({ type: "layout-shift" }); }"""
    )
    for desk, word in (
        (desks.ready(), "Valmis"),
        (desks.reading(), "Haetaan korttia"),
        (desks.presented(), "Kelpaa"),
        (desks.presented("p2", quota_used=6), "Sinä päätät"),
        (desks.presented("p3", card__status=CardStatus.BLOCKED), "Ei kelpaa"),
    ):
        await behind.show(desk)
        await expect(page.locator("h1")).to_have_text(word)
        await page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert await page.evaluate("shifts") == []


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_a_notice_and_a_complaint_move_nothing_and_lie_on_nothing(
    behind: DeskBehind, page: Page, size: tuple[int, int]
) -> None:
    await page.set_viewport_size({"width": size[0], "height": size[1]})
    await behind.show(STATES["tray"].desk)
    await expect(page.locator("h1")).to_have_text("Kelpaa")
    places = """() => [...document.querySelectorAll(".desk, .uses li, .side .events .key, .tray li")]
                       .map((one) => JSON.stringify(one.getBoundingClientRect()))"""
    before = await page.evaluate(places)
    await behind.show(STATES["tray-full"].desk)
    await expect(page.locator(".notice")).to_be_in_viewport(ratio=1)
    await page.get_by_role("button", name="Hae").click()
    await expect(page.locator("#problem")).to_be_in_viewport(ratio=1)
    assert await page.evaluate(places) == before
    boxes = [await page.locator(name).bounding_box() for name in (".desk", ".listed", ".notice", "#problem", ".bar")]
    over = [
        (one, other)
        for number, one in enumerate(boxes)
        for other in boxes[:number]
        if one and other and one["y"] < other["y"] + other["height"] and other["y"] < one["y"] + one["height"]
        if one["x"] < other["x"] + other["width"] and other["x"] < one["x"] + one["width"]
    ]
    assert over == []


@pytest.mark.parametrize("size", SIZES[:2], ids=str)
async def test_the_last_uses_begin_at_the_top_of_their_column(
    behind: DeskBehind, page: Page, size: tuple[int, int]
) -> None:
    await page.set_viewport_size({"width": size[0], "height": size[1]})
    await behind.show(STATES["tray"].desk)
    desk, uses = await page.locator(".desk").bounding_box(), await page.locator(".uses").bounding_box()
    assert desk is not None
    assert uses is not None
    assert uses["y"] == desk["y"]


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_that_an_event_is_sold_out_is_in_sight_on_its_button_however_long_its_name(
    behind: DeskBehind, page: Page, size: tuple[int, int]
) -> None:
    await page.set_viewport_size({"width": size[0], "height": size[1]})
    behind.board.update(
        events=(replace(CONCERT, name=LONG_NAME, sold_out=True), replace(COURSE, name=LONG_NAME, sold_out=True))
    )
    await behind.show(desks.ready())
    shown = page.locator(".events small")
    await expect(shown).to_have_text(["Loppuunmyyty", "Kurssi · Loppuunmyyty"])
    buttons = page.locator(".events button", has=page.locator("small"))
    for button, each in zip(await buttons.all(), await shown.all(), strict=True):
        await button.scroll_into_view_if_needed()
        await expect(each).to_be_in_viewport(ratio=1)  # which what is cut off is not


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_on_a_day_of_many_events_that_of_now_and_the_next_are_one_tap_away_without_scrolling(
    behind: DeskBehind, page: Page, size: tuple[int, int], language: str
) -> None:
    await page.set_viewport_size({"width": size[0], "height": size[1]})
    await page.goto(f"{behind.url}/?language={language}")
    await show(behind, page, "ready-busy")
    keys = page.locator(".desk > .events .key")
    for key in (await keys.all())[:4]:  # by the time, a course that goes on, what begins soon, and what comes after it
        assert await key.evaluate(_WHOLE_AND_CLEAR)
    words = page.locator(".calm h1, .calm p")
    assert await words.evaluate_all("all => all.map((one) => one.scrollWidth <= one.clientWidth)") == [True, True]
    assert await page.locator(".calm").evaluate("one => one.scrollHeight <= one.clientHeight")


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_beside_a_card_too_the_event_of_now_is_one_tap_away_without_scrolling(
    behind: DeskBehind, page: Page, size: tuple[int, int], language: str
) -> None:
    await page.set_viewport_size({"width": size[0], "height": size[1]})
    await page.goto(f"{behind.url}/?language={language}")
    await show(behind, page, "accepted-busy")
    for key in (await page.locator(".side .events .key").all())[:2]:
        assert await key.evaluate(_WHOLE_AND_CLEAR)


_WHOLE_AND_CLEAR = """(one) => {
  const box = one.getBoundingClientRect();
  const list = (one.closest(".listed") ?? one.closest(".events")).getBoundingClientRect();
  return box.top >= Math.max(0, list.top) && box.bottom <= Math.min(innerHeight, list.bottom)
    && one.contains(document.elementFromPoint(box.left + 20, box.bottom - 6)); }"""


async def test_at_twice_the_text_size_everything_can_still_be_reached(behind: DeskBehind, page: Page) -> None:
    await page.set_viewport_size({"width": 640, "height": 400})
    await behind.show(USED_AND_FULL)
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for button in await page.locator("#confirm, #cancel, #number, .languages a").all():
        await button.scroll_into_view_if_needed()
        await expect(button).to_be_in_viewport(ratio=1)
