"""The venue's pages by printed codes alone and by two buttons alone, from the open desk and back, in real Chromium."""

from collections.abc import AsyncIterator, Callable

import pytest
import pytest_asyncio
from playwright.async_api import BrowserContext, Page, expect

from kiosk.cards.desk_state import DeskMode, Phase
from kiosk.cards.model import Scan
from kiosk.cards.page_steps import PageStep
from kiosk.screen.walk import FETCHED_WITHIN, ON_ITS_WAY
from tests.support.axe import violations
from tests.support.browser import open_window
from tests.support.screen_desk import until
from tests.support.walked_desk import Codes, TwoButtons, WalkedDesk, walked_desk

pytestmark = pytest.mark.asyncio(loop_scope="session")

MOST_STEPS = 60
Hand = Codes | TwoButtons
EACH_WAY = pytest.mark.parametrize("way", [Codes, TwoButtons], ids=["codes", "buttons"])
FOCUS = """() => { const one = document.activeElement;
  return one === document.body ? "" : one.getAttribute("aria-label") || one.name || one.innerText.trim(); }"""
PLACE = "() => [...document.querySelectorAll('*')].indexOf(document.activeElement)"
SIGHT = """() => [[...document.querySelectorAll("*")].indexOf(document.activeElement), window.scrollY,
  ...[...document.querySelectorAll("select, input")].map((each) => each.value)].join()"""


@pytest_asyncio.fixture(loop_scope="session")
async def desk() -> AsyncIterator[WalkedDesk]:
    async with walked_desk() as desk:
        yield desk


@pytest_asyncio.fixture(loop_scope="session")
async def page(desk: WalkedDesk, person: BrowserContext) -> AsyncIterator[Page]:
    """The kiosk's own screen; a test fails when its browser complained of anything."""
    window = await open_window(person, desk.url)
    yield window.page
    assert window.complaints == []


class Walker:
    """Somebody at the kiosk's own screen with one kind of input and nothing else."""

    def __init__(self, desk: WalkedDesk, page: Page, way: Callable[[WalkedDesk], Hand]) -> None:
        self.desk, self.page, self.hand = desk, page, way(desk)

    async def come_in(self) -> None:
        await self.hand.ask_for_pages()
        await expect(self.page.locator("h1")).to_have_text("The venue's pages")
        await expect(self.page.locator(".calm p").first).to_have_text("The PIN opens the venue's pages.")
        await self.hand.enter_pin()
        await until(lambda: self.desk.listening is not None)

    async def step(self, step: PageStep) -> None:
        """One that changes what is seen of the page."""
        before = await self.page.evaluate(SIGHT)
        await self.hand.step(step)
        await self.page.wait_for_function(f"before => ({SIGHT})() !== before", arg=before)

    async def go_to(self, name: str, step: PageStep = PageStep.FORWARD) -> None:
        for _ in range(MOST_STEPS):
            if await self.page.evaluate(FOCUS) == name:
                break
            await self.step(step)
        assert await self.page.evaluate(FOCUS) == name

    async def follow(self, name: str, step: PageStep = PageStep.FORWARD) -> None:
        """Choose what leads to another page that is walked."""
        await self.go_to(name, step)
        before = self.desk.listening
        await self.hand.step(PageStep.CHOOSE)
        await until(lambda: self.desk.listening not in (None, before))

    async def go_home(self) -> None:
        await self.hand.step(PageStep.AWAY)
        await self.page.wait_for_url(self.desk.url + "/")
        await expect(self.page.locator("#board")).to_be_visible()

    async def type(self, text: str) -> None:
        """On the keys that are drawn, or by the codes of digits."""
        await self.hand.step(PageStep.CHOOSE)
        await expect(self.page.locator("#keys")).to_be_visible()
        for sign in text:
            await self.go_to("Space" if sign == " " else sign.upper())
            value = "() => document.querySelector('[name=name]').value.length"
            before = await self.page.evaluate(value)
            await self.hand.step(PageStep.CHOOSE)
            await self.page.wait_for_function(f"before => ({value})() > before", arg=before)
        await self.hand.step(PageStep.AWAY)
        await expect(self.page.locator("#keys")).to_be_hidden()


@EACH_WAY
async def test_the_desk_is_closed_and_opened_again(
    desk: WalkedDesk, page: Page, way: Callable[[WalkedDesk], Hand]
) -> None:
    walker = Walker(desk, page, way)
    await walker.come_in()
    await expect(page.locator("h1")).to_have_text("Uses")
    await walker.follow("The desk", PageStep.BACK)
    await walker.follow("Close the desk")
    assert desk.flow.desk.mode == DeskMode(closed=True)
    await walker.go_home()
    await expect(page.locator("h1")).to_have_text("Out of service")
    assert not desk.venue.walk.is_on

    await walker.come_in()
    await expect(page.locator("h1")).to_have_text("The desk")
    await walker.follow("Open the desk")
    assert (desk.flow.desk.mode, desk.flow.desk.phase) == (DeskMode(), Phase.READY)
    await walker.go_home()
    await expect(page.locator("h1")).to_have_text("Ready")


@EACH_WAY
async def test_an_earlier_use_is_undone(desk: WalkedDesk, page: Page, way: Callable[[WalkedDesk], Hand]) -> None:
    walker = Walker(desk, page, way)
    await walker.come_in()
    undos = page.get_by_role("button", name="Undo the use of")
    earlier = await undos.nth(1).get_attribute("aria-label")
    assert earlier is not None
    await walker.follow(earlier)
    assert [annulment.use_id for annulment in desk.ledger.annulments] == ["a3"]
    await walker.hand.step(PageStep.CHOOSE)
    await walker.step(PageStep.FORWARD)
    assert len(desk.ledger.annulments) == 1, "a page that has just come has nothing chosen"


@EACH_WAY
async def test_an_event_is_added_by_hand_with_the_keys_that_are_drawn(
    desk: WalkedDesk, page: Page, way: Callable[[WalkedDesk], Hand]
) -> None:
    walker = Walker(desk, page, way)
    await walker.come_in()
    await walker.follow("Events", PageStep.BACK)
    await walker.go_to("name")
    await walker.type("jam 2")
    await expect(page.locator("[name=name]")).to_be_focused()
    await walker.follow("Add the event")
    assert [event.name.en for event in desk.venue.by_hand[1:]] == ["Jam 2"]


async def test_keys_that_a_finger_brought_are_sent_away_by_code_and_a_finger_comes_back_after_the_walk(
    desk: WalkedDesk, page: Page
) -> None:
    walker = Walker(desk, page, Codes)
    await walker.come_in()
    await walker.follow("Events", PageStep.BACK)
    await page.locator("[name=name]").click()
    await expect(page.locator("#keys")).to_be_visible()
    await walker.hand.step(PageStep.AWAY)
    await expect(page.locator("#keys")).to_be_hidden()
    await walker.go_home()
    await page.get_by_role("link", name="The venue's pages").click()
    await expect(page.locator("h1")).to_have_text("PIN of the desk")


async def test_a_digit_that_is_read_is_typed_into_its_field(desk: WalkedDesk, page: Page) -> None:
    walker = Walker(desk, page, Codes)
    await walker.come_in()
    await walker.follow("Paper form", PageStep.BACK)
    await walker.go_to("children")
    for digit, value in ((PageStep.ONE, "1"), (PageStep.TWO, "12")):
        await walker.hand.step(digit)
        await expect(page.locator("[name=children]")).to_have_value(value)


@EACH_WAY
async def test_a_value_is_chosen_and_what_has_no_control_is_scrolled_into_sight(
    desk: WalkedDesk, page: Page, way: Callable[[WalkedDesk], Hand]
) -> None:
    walker = Walker(desk, page, way)
    await walker.come_in()
    await walker.follow("Figures", PageStep.BACK)
    await walker.go_to("day")
    months = await page.locator("[name=day] option").evaluate_all("all => all.map((each) => each.value)")
    await walker.step(PageStep.CHOOSE)
    await expect(page.locator("[name=day]")).to_have_value(months[1])
    seen = set()
    for _ in range(20):
        await walker.step(PageStep.FORWARD)
        seen.add(await page.evaluate("() => window.scrollY + window.innerHeight >= document.body.scrollHeight - 1"))
    assert seen == {True, False}


@EACH_WAY
async def test_every_control_of_every_page_is_reached(
    desk: WalkedDesk, page: Page, way: Callable[[WalkedDesk], Hand]
) -> None:
    walker = Walker(desk, page, way)
    await walker.come_in()
    for name in ("Needs a look", "Events", "Figures", "Paper form", "The desk", "Health", "Uses"):
        here = page.locator("nav a").filter(has_text=name)
        label = (await here.inner_text()).strip()
        await walker.follow(label)
        wanted = await page.evaluate(
            "() => [...document.querySelectorAll('a, button, select, input:not([type=hidden]), [tabindex]')]"
            ".filter((each) => each.getClientRects().length).length"
        )
        reached = set()
        for _ in range(3 * wanted):
            await walker.step(PageStep.FORWARD)
            reached.add(await page.evaluate(PLACE))
            if len(reached) == wanted:
                break
        assert len(reached) == wanted, name
        assert await violations(page) == [], name


@EACH_WAY
async def test_what_is_meant_for_the_page_does_nothing_at_the_desk(
    desk: WalkedDesk, page: Page, way: Callable[[WalkedDesk], Hand]
) -> None:
    """A visitor's card brings the desk back, and only a hand that comes down afterwards lets the visitor in."""
    walker = Walker(desk, page, way)
    await walker.come_in()
    await desk.flow.scan(Scan("A1", "other gun"))
    assert desk.flow.desk.phase is Phase.PRESENTED
    desk.clock.monotonic_ms -= 1200 if way is TwoButtons else 1500
    for step in (PageStep.FORWARD, PageStep.CHOOSE):
        await walker.hand.step(step)
        desk.clock.monotonic_ms -= 1200 if way is TwoButtons else 1500
    assert (desk.flow.desk.phase, desk.ledger.uses) == (Phase.PRESENTED, {})
    await page.wait_for_url(desk.url + "/")
    await expect(page.locator("#confirm")).to_be_visible()
    desk.clock.pass_by(ON_ITS_WAY.total_seconds())
    await walker.hand.step(PageStep.FORWARD if way is TwoButtons else PageStep.CHOOSE)
    assert len(desk.ledger.uses) == 1


async def test_a_desk_that_locks_itself_takes_the_page_back_to_the_lock(desk: WalkedDesk, page: Page) -> None:
    walker = Walker(desk, page, TwoButtons)
    await walker.come_in()
    desk.clock.pass_by(601)
    await page.wait_for_url(desk.url + "/")
    await expect(page.locator("h1")).to_have_text("Locked")


async def test_a_page_that_is_gone_leaves_the_desk_to_codes_and_buttons(desk: WalkedDesk, page: Page) -> None:
    walker = Walker(desk, page, TwoButtons)
    await walker.come_in()
    await page.goto("about:blank")
    await until(lambda: desk.listening is None)
    assert desk.venue.walk.is_on
    desk.clock.pass_by(FETCHED_WITHIN.total_seconds())
    assert not desk.venue.walk.is_on
