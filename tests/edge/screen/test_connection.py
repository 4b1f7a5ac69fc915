"""A page and its kiosk lose each other and find each other again."""

from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import BrowserContext, Page, expect

from tests.support import desks
from tests.support.browser import open_window
from tests.support.held_wire import HeldWire
from tests.support.screen_desk import DeskBehind, until

pytestmark = pytest.mark.asyncio(loop_scope="session")

GONE = "Ei yhteyttä laitteeseen. Nyt ei voi vahvistaa mitään."
SLOW_TO_OPEN_MS = 5_000


async def test_a_page_says_that_the_kiosk_is_gone_and_is_right_when_it_is_back(behind: DeskBehind, page: Page) -> None:
    await behind.read("demo 17")
    await expect(page.locator("h1")).to_have_text("Kelpaa")
    await behind.stop()
    await expect(page.locator("#gone")).to_be_visible()
    await expect(page.locator("#gone")).to_have_text(GONE)
    await behind.show(desks.ready())
    await behind.start()
    await expect(page.locator("#gone")).to_be_hidden()
    await expect(page.locator("h1")).to_have_text("Valmis")


@pytest_asyncio.fixture(loop_scope="session")
async def wire(behind: DeskBehind) -> AsyncIterator[HeldWire]:
    wire = HeldWire(behind.port)
    await wire.start()
    yield wire
    await wire.stop()


async def test_a_page_says_so_too_when_the_kiosk_hangs(
    behind: DeskBehind, wire: HeldWire, person: BrowserContext
) -> None:
    window = await open_window(person, f"http://127.0.0.1:{wire.port}")
    await expect(window.page.locator("#gone")).to_be_hidden()
    wire.hold()
    await behind.read("demo 17")
    await expect(window.page.locator("#gone")).to_be_visible()
    await expect(window.page.locator("h1")).to_have_text("Valmis")
    wire.let_go()
    await expect(window.page.locator("#gone")).to_be_hidden()
    await expect(window.page.locator("h1")).to_have_text("Kelpaa")


async def test_a_page_says_so_within_a_second_of_the_last_word_it_heard(
    behind: DeskBehind, wire: HeldWire, person: BrowserContext
) -> None:
    page = await person.new_page()
    await page.clock.install()
    await page.goto(f"http://127.0.0.1:{wire.port}")
    await expect(page.locator("h1")).to_have_text("Valmis")
    wire.hold()
    await page.evaluate("heard()")
    await page.clock.run_for(800)
    assert await page.locator("#gone").is_hidden()
    await page.clock.run_for(200)
    assert await page.locator("#gone").is_visible()


async def test_a_stream_that_is_slow_to_open_is_waited_for_and_not_begun_anew_each_second(
    behind: DeskBehind, wire: HeldWire, person: BrowserContext
) -> None:
    """Else a tablet whose network takes longer than that to its first word would never hear one."""
    page = await person.new_page()
    begun: list[str] = []
    page.on("request", lambda request: begun.append(urlsplit(request.url).path))
    await page.clock.install()
    await page.goto(f"http://127.0.0.1:{wire.port}")
    await expect(page.locator("h1")).to_have_text("Valmis")
    wire.hold()
    begun.clear()
    await page.clock.run_for(SLOW_TO_OPEN_MS)
    assert await page.locator("#gone").is_visible()
    assert begun == ["/events"]
    await page.clock.run_for(SLOW_TO_OPEN_MS)
    assert begun == ["/events"] * 2


async def test_what_is_of_before_can_be_neither_pressed_nor_reached_and_the_focus_comes_back(
    behind: DeskBehind, page: Page
) -> None:
    await behind.read("demo 17")
    confirm = page.locator("#confirm")
    await confirm.focus()
    spot = await confirm.bounding_box()
    assert spot is not None
    await behind.stop()
    await expect(page.locator("#gone")).to_be_visible()
    await page.mouse.click(spot["x"] + 20, spot["y"] + 20)
    await page.keyboard.press("Enter")
    for _ in range(20):
        await page.keyboard.press("Tab")
        assert not await page.evaluate("document.getElementById('board').contains(document.activeElement)")
    await page.locator("body").evaluate("one => one.focus() || document.activeElement.blur()")
    await expect(page.locator("#problem")).to_have_text("")
    await behind.start()
    await expect(page.locator("#gone")).to_be_hidden()
    await expect(confirm).to_be_focused()
    assert (behind.events, behind.recorded) == ([], [])


async def test_who_types_a_number_while_the_kiosk_is_gone_goes_on_typing_it(behind: DeskBehind, page: Page) -> None:
    """Else its end would go to a button, and the Enter after it would let somebody in."""
    await behind.read("demo 17")
    await page.locator("#confirm").focus()
    await behind.stop()
    await expect(page.locator("#gone")).to_be_visible()
    await page.locator("#number").click()
    await page.keyboard.type("dem")
    await behind.start()
    await expect(page.locator("#gone")).to_be_hidden()
    await page.keyboard.type("o 18")
    await expect(page.locator("#number")).to_have_value("demo 18")
    await page.keyboard.press("Enter")
    await expect(page.locator("#number")).to_have_value("")
    assert behind.recorded == []


async def test_a_page_that_was_refused_once_tries_again(behind: DeskBehind, page: Page) -> None:
    await page.route("**/events*", lambda route: route.fulfill(status=503), times=1)
    await behind.stop()
    await expect(page.locator("#gone")).to_be_visible()
    await behind.read("demo 17")
    await behind.start()
    await expect(page.locator("#gone")).to_be_hidden()
    await expect(page.locator("h1")).to_have_text("Kelpaa")


async def test_a_button_pressed_while_the_kiosk_is_gone_says_so_and_keeps_what_was_typed(
    behind: DeskBehind, page: Page
) -> None:
    await behind.stop()
    await page.locator("#number").fill("demo 17")
    await page.keyboard.press("Enter")
    await expect(page.locator("#problem")).to_have_text("Se ei onnistunut. Yritä uudelleen.")
    await expect(page.locator("#number")).to_have_value("demo 17")


async def test_a_page_of_another_release_fetches_itself_anew(behind: DeskBehind, page: Page) -> None:
    await page.evaluate("window.old = true")
    await behind.stop()
    await page.route(
        "**/events*",
        lambda route: route.fulfill(
            content_type="text/event-stream",
            body='event: state\ndata: {"html": "", "spoken": "", "about": "", "release": "another"}\n\n',
        ),
        times=1,
    )
    await behind.start()
    await page.wait_for_function("() => !window.old")
    await expect(page.locator("h1")).to_have_text("Valmis")


async def test_a_page_that_goes_away_leaves_nothing_behind(behind: DeskBehind) -> None:
    async with aiohttp.ClientSession() as session:
        for path in ("/events", "/events?page=visitor"):
            async with session.get(behind.url + path) as answer:
                assert (await answer.content.readline()) == b"event: state\n"
                assert behind.board.connected == 1
            await until(lambda: behind.board.connected == 0)


async def test_a_stopping_kiosk_ends_the_streams_itself(behind: DeskBehind) -> None:
    async with aiohttp.ClientSession() as session, session.get(f"{behind.url}/events") as answer:
        await behind.stop()
        assert (await answer.content.read()).startswith(b"event: state\n")
    assert behind.board.connected == 0


async def test_a_state_that_looks_the_same_to_a_page_is_only_a_beat(behind: DeskBehind) -> None:
    async with aiohttp.ClientSession() as session, session.get(f"{behind.url}/events?page=visitor") as answer:
        lines = [await answer.content.readline() for _ in range(3)]
        behind.board.update(waiting=3)
        lines += [await answer.content.readline() for _ in range(3)]
        assert [line for line in lines if line.startswith(b"event")] == [b"event: state\n", b"event: beat\n"]
