"""Every state of every page, looked through by axe-core; targets, contrast themes, and text at twice its size."""

import hashlib
import re

import pytest
from playwright.async_api import BrowserContext, Page, expect

from kiosk.screen.views import visitor_sign
from tests.support.axe import ENHANCED, SCRIPT, violations
from tests.support.browser import open_window
from tests.support.screen_desk import DeskBehind
from tests.support.screens import SIGNS, STATES, VENUE_PAGES
from tests.support.shown import show
from tests.support.venue import PIN
from tests.support.venue_shown import venue_shown

pytestmark = pytest.mark.asyncio(loop_scope="session")

AXE_SHA256 = "880970c081707360e64f34cea25ff91892f5bc95675b0776925b9709dd8a68bb"


async def test_axe_is_the_published_one() -> None:
    assert hashlib.sha256(SCRIPT.read_bytes()).hexdigest() == AXE_SHA256


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


async def test_axe_finds_nothing_in_a_page_whose_kiosk_is_gone(behind: DeskBehind, person: BrowserContext) -> None:
    found = {}
    for path in ("/", "/visitor"):
        page = (await open_window(person, behind.url + path)).page
        await behind.show(STATES["accepted"].desk)
        await expect(page.locator("#board")).to_contain_text(re.compile("Kelpaa|Tervetuloa"))
        await behind.stop()
        await expect(page.locator("#gone")).to_be_visible()
        found[path] = await violations(page)
        await behind.start()
    assert {path: wrong for path, wrong in found.items() if wrong} == {}


async def test_axe_finds_nothing_in_anything_that_the_venues_pages_show(behind: DeskBehind, page: Page) -> None:
    found = {}
    async for name in venue_shown(behind, page):
        found[name] = await violations(page)
    assert len(found) > len(VENUE_PAGES)
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


async def moving(page: Page) -> int:
    """How much of `page` moves by itself."""
    running = "document.getAnimations().filter((one) => one.playState === 'running').length"
    return int(await page.evaluate(running))


async def test_what_moves_stands_still_for_whoever_asks_for_that(behind: DeskBehind, page: Page) -> None:
    await show(behind, page, "reading")
    await page.emulate_media(reduced_motion="no-preference")
    assert await moving(page) == 1
    await page.emulate_media(reduced_motion="reduce")
    assert {name: await still(behind, page, name) for name in STATES} == dict.fromkeys(STATES, 0)


async def still(behind: DeskBehind, page: Page, name: str) -> int:
    """How much moves in the state called `name`."""
    await show(behind, page, name)
    return await moving(page)


async def of_the_contrast_theme(page: Page) -> list[str]:
    """What is wrong with `page` there, where every text has seven to one."""
    return [*await violations(page), *await violations(page, ENHANCED)]


async def test_in_the_contrast_theme_every_text_of_the_desk_has_seven_to_one(behind: DeskBehind, page: Page) -> None:
    await page.emulate_media(contrast="more")
    found = {}
    for name in STATES:
        await show(behind, page, name)
        found[name] = await of_the_contrast_theme(page)
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


async def test_in_the_contrast_theme_every_sign_for_the_visitor_has_seven_to_one(
    behind: DeskBehind, person: BrowserContext
) -> None:
    page = (await open_window(person, f"{behind.url}/visitor")).page
    await page.emulate_media(contrast="more")
    found = {}
    for name in SIGNS:
        await behind.show(STATES[name].desk)
        await expect(page.locator(".sign")).to_have_attribute("data-sign", visitor_sign(STATES[name].desk))
        found[name] = await of_the_contrast_theme(page)
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


async def test_in_the_contrast_theme_every_text_of_the_venues_pages_has_seven_to_one(
    behind: DeskBehind, page: Page
) -> None:
    await page.emulate_media(contrast="more")
    found = {}
    async for name in venue_shown(behind, page):
        found[name] = await of_the_contrast_theme(page)
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


async def test_where_the_browser_chooses_the_colours_a_verdict_has_its_frame_sign_and_word(
    behind: DeskBehind, page: Page
) -> None:
    await page.emulate_media(forced_colors="active")
    for name, word in (("accepted", "Kelpaa"), ("asked", "Sinä päätät"), ("refused", "Ei kelpaa")):
        await show(behind, page, name)
        assert await violations(page) == [], name
        await expect(page.locator("h1")).to_have_text(word)
        box, sign = await page.locator(".verdict .icon").bounding_box(), page.locator(".verdict .icon")
        assert box is not None
        assert min(box["width"], box["height"]) >= 48
        ink, ground, frame = await sign.evaluate(
            """one => [getComputedStyle(one).stroke, getComputedStyle(one.closest(".verdict")).backgroundColor,
                       getComputedStyle(one.closest(".desk")).borderTopWidth]"""
        )
        assert ink != ground, name
        assert frame == "4px", name


@pytest.mark.parametrize("size", [(800, 480), (1280, 800), (1080, 1920), (640, 400)], ids=str)
async def test_whatever_has_the_focus_is_in_sight_framed_and_nothing_lies_on_it(
    behind: DeskBehind, page: Page, size: tuple[int, int]
) -> None:
    await page.set_viewport_size({"width": size[0], "height": size[1]})
    wrong: dict[str, set[str]] = {}
    for name in STATES:
        await show(behind, page, name)
        await page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
        wanted = await page.evaluate(_STOPS)
        came = []
        for _ in range(len(wanted) + 1):  # once round is past the page itself
            await page.keyboard.press("Tab")
            came.append(tuple(await page.evaluate(_STOP)))
        came = [stop for stop in came if stop[0] != "BODY"]
        wrong[name] = {what for what, is_clear in came if not is_clear} | ({*wanted} ^ {what for what, _ in came})
    assert {name: each for name, each in wrong.items() if each} == {}


_NAMED = (
    "const named = (one) => one.tagName === 'BODY' ? 'BODY' : one.id || one.getAttribute('href') || one.textContent;"
)
_STOPS = f"""() => {{ {_NAMED}
  return [...document.querySelectorAll("a, button, input")].filter((one) => !one.disabled && one.type !== "hidden"
    && one.checkVisibility({{ visibilityProperty: true }})).map(named); }}"""
_STOP = f"""() => {{ {_NAMED}
  const one = document.activeElement, box = one.getBoundingClientRect(), style = getComputedStyle(one);
  const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  const framed = style.outlineStyle === "solid" && parseFloat(style.outlineWidth) >= 3;
  return [named(one), Boolean(top) && (top === one || one.contains(top)) && framed]; }}"""


TWICE = pytest.mark.parametrize("size", [(400, 240), (640, 400), (540, 960)], ids=str)
"""800 × 480, 1280 × 800 and 1080 × 1920 at 200 %."""


@TWICE
async def test_at_twice_the_text_size_all_of_the_desk_can_be_read_and_reached(
    behind: DeskBehind, page: Page, size: tuple[int, int]
) -> None:
    await page.set_viewport_size({"width": size[0], "height": size[1]})
    lost = {}
    for name in STATES:
        await show(behind, page, name)
        lost[name] = [await page.evaluate(CUT_OFF)]
        for key in await page.locator(":is(button, input, a):visible").all():
            await key.scroll_into_view_if_needed()
            if not await key.evaluate(_WHOLE):
                lost[name].append(await key.inner_text())
    assert {name: each for name, each in lost.items() if each != [[]]} == {}


@TWICE
async def test_at_twice_the_text_size_every_sign_can_be_read(
    behind: DeskBehind, person: BrowserContext, size: tuple[int, int]
) -> None:
    page = (await open_window(person, f"{behind.url}/visitor")).page
    await page.set_viewport_size({"width": size[0], "height": size[1]})
    for name in SIGNS:
        await behind.show(STATES[name].desk)
        await expect(page.locator(".sign")).to_have_attribute("data-sign", visitor_sign(STATES[name].desk))
        assert await page.evaluate(CUT_OFF) == [], name
        for part in await page.locator(".sign > *").all():
            await part.scroll_into_view_if_needed()
            assert await part.evaluate(_WHOLE), name


@TWICE
async def test_the_venues_pages_can_be_read_at_twice_the_text_size(
    behind: DeskBehind, page: Page, size: tuple[int, int]
) -> None:
    await enter(page, behind)
    await page.set_viewport_size({"width": size[0], "height": size[1]})
    for name, path in VENUE_PAGES.items():
        if name != "paper-form":  # for the printer
            await page.goto(behind.url + path)
            assert await page.evaluate(CUT_OFF) == [], name


_WHOLE = """(one) => { const box = one.getBoundingClientRect();
  return box.left >= 0 && box.right <= innerWidth + 1 && box.bottom > 0 && box.top < innerHeight; }"""
CUT_OFF = """() => [document.documentElement, document.body, ...document.querySelectorAll("main *")]
  .filter((one) => one.checkVisibility() && one.namespaceURI.endsWith("html"))
  .filter((one) => !one.closest(".unseen, .scroll > *, .short span"))
  .filter((one) => {
    const { overflowX, textOverflow, display } = getComputedStyle(one);
    const inline = display === "inline" || display.startsWith("table");
    return !inline && one.scrollWidth > one.clientWidth + 1 && (overflowX !== "auto" || one.matches("html, body"))
      && textOverflow !== "ellipsis";
  })
  .map((one) => `${one.tagName}.${one.className} ${one.scrollWidth} > ${one.clientWidth}`)"""
