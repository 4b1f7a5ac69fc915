"""Every state of every page, looked through by axe-core in each language and size; targets, and contrast themes."""

import hashlib
import itertools
import re
from dataclasses import replace

import pytest
from playwright.async_api import BrowserContext, Page, expect

from kiosk.screen.views import visitor_sign
from tests.support.axe import ENHANCED, SCRIPT, violations
from tests.support.browser import open_window
from tests.support.screen_desk import DeskBehind
from tests.support.screens import LANGUAGES, SIGNS, SIZES, STATES, VENUE_PAGES
from tests.support.shown import show
from tests.support.turns import View, turn_to, view_of
from tests.support.venue import PIN
from tests.support.venue_shown import venue_shown

pytestmark = pytest.mark.asyncio(loop_scope="session")

in_each_language = pytest.mark.parametrize("language", LANGUAGES)
AXE_SHA256 = "880970c081707360e64f34cea25ff91892f5bc95675b0776925b9709dd8a68bb"


async def test_axe_is_the_published_one() -> None:
    assert hashlib.sha256(SCRIPT.read_bytes()).hexdigest() == AXE_SHA256


async def enter(page: Page, behind: DeskBehind) -> None:
    """Say the PIN."""
    await page.goto(f"{behind.url}/venue/pin")
    await page.locator("#pin").fill(PIN)
    await page.keyboard.press("Enter")
    await expect(page.locator(".office-top nav")).to_be_visible()


async def test_in_three_turns_each_state_is_seen_in_each_language_and_size_and_once_in_the_contrast_theme() -> None:
    for place in range(len(STATES) + len(VENUE_PAGES)):
        views = [view_of(place, language) for language in LANGUAGES]
        assert sorted(view.size for view in views) == sorted(SIZES.values())
        assert sum(view.is_contrast for view in views) == 1
    seen = {(language, view_of(place, language)) for place in range(len(SIGNS) + 1) for language in LANGUAGES}
    assert seen == {
        (language, View(size, is_contrast))
        for language, size, is_contrast in itertools.product(LANGUAGES, SIZES.values(), (True, False))
    }


async def wrong_with(page: Page, view: View) -> list[str]:
    """What axe finds in `page`, which is turned to `view`; in the contrast theme every text has seven to one."""
    return await violations(page, [ENHANCED] if view.is_contrast else [])


@in_each_language
async def test_axe_finds_nothing_in_any_state_of_the_desk(behind: DeskBehind, page: Page, language: str) -> None:
    await page.goto(f"{behind.url}/?language={language}")
    found = {}
    for place, name in enumerate(STATES):
        view = view_of(place, language)
        await turn_to(page, view)
        await show(behind, page, name)
        found[name] = await wrong_with(page, view)
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize("turn", LANGUAGES)
async def test_axe_finds_nothing_in_any_sign_for_the_visitor(
    behind: DeskBehind, person: BrowserContext, turn: str
) -> None:
    page = (await open_window(person, f"{behind.url}/visitor")).page
    found = {}
    for place, name in enumerate(SIGNS):
        view = view_of(place, turn)
        await turn_to(page, view)
        await behind.show(STATES[name].desk)
        await expect(page.locator(".sign")).to_have_attribute("data-sign", visitor_sign(STATES[name].desk))
        found[name] = await wrong_with(page, view)
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


@in_each_language
async def test_axe_finds_nothing_in_a_page_whose_kiosk_is_gone_and_nothing_moves_there(
    behind: DeskBehind, person: BrowserContext, language: str
) -> None:
    found: dict[tuple[str, str], list[str]] = {}
    for place, path in enumerate((f"/?language={language}", "/visitor")):
        page = (await open_window(person, behind.url + path)).page
        await behind.show(STATES["accepted"].desk)
        await expect(page.locator("#board")).to_contain_text(re.compile("Kelpaa|Godkänt|Accepted|Tervetuloa"))
        await behind.stop()
        await expect(page.locator("#gone")).to_be_visible()
        for is_contrast in (False, True):
            view = replace(view_of(place, language), is_contrast=is_contrast)
            await turn_to(page, view)
            found[path, "in contrast" if is_contrast else ""] = await wrong_with(page, view)
        await page.emulate_media(reduced_motion="no-preference")
        found[path, "moves"] = ["something"] * await moving(page)
        await behind.start()
    assert {path: wrong for path, wrong in found.items() if wrong} == {}


@in_each_language
async def test_axe_finds_nothing_in_anything_that_the_venues_pages_show(
    behind: DeskBehind, page: Page, language: str
) -> None:
    await page.goto(f"{behind.url}/?language={language}")
    found: dict[str, list[str]] = {}
    async for name in venue_shown(behind, page):
        view = view_of(len(found), language)
        await turn_to(page, view)
        found[name] = await wrong_with(page, view)
        assert await page.evaluate("document.documentElement.lang") == language, name
    assert {*VENUE_PAGES} < {*found}
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


@in_each_language
async def test_whatever_can_be_tapped_on_the_venues_pages_is_64_pixels(
    behind: DeskBehind, page: Page, language: str
) -> None:
    await page.goto(f"{behind.url}/?language={language}")
    small: dict[str, list[str]] = {}
    async for name in venue_shown(behind, page):
        await turn_to(page, view_of(len(small), language))
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
