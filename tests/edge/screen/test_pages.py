"""The pages in real Chromium, over a real socket, with a desk behind them that really steps."""

import asyncio
import re
from collections.abc import AsyncIterator
from zoneinfo import ZoneInfo

import aiohttp
import pytest
from playwright.async_api import Page, expect

from kiosk.cards.desk import step
from kiosk.cards.desk_model import Desk, DeskEvent, DeskTimes, Effect, Record, Recorded, Scanned
from kiosk.cards.model import CardStatus, Language
from kiosk.screen.board import Board
from kiosk.screen.server import create_app, serve
from tests.support import desks
from tests.support.browser import chromium
from tests.support.clock import FixedClock
from tests.unit.cards.examples import NOW, a_use


class DeskBehind:
    """A page's server on a port, and the desk that its buttons reach."""

    def __init__(self) -> None:
        self.board = Board()
        self.desk = Desk()
        self.events: list[DeskEvent] = []
        self.effects: list[Effect] = []
        self.port = 0
        self._serving: asyncio.Task[None] | None = None

    async def do(self, event: DeskEvent) -> None:
        self.events.append(event)
        if isinstance(event, Scanned):
            return
        self.desk, effects = step(self.desk, event, DeskTimes())
        self.effects += effects
        for effect in effects:
            if isinstance(effect, Record):
                done = Recorded(a_use(effect.presentation.id), 61_000)
                self.desk, _ = step(self.desk, done, DeskTimes())
        await self.board.announce(self.desk)

    async def show(self, desk: Desk) -> None:
        self.desk = desk
        await self.board.announce(desk)

    async def start(self) -> None:
        bound: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        app = create_app(
            self.board, self, clock=FixedClock(NOW), zone=ZoneInfo("Europe/Helsinki"), language=Language.FI
        )
        self._serving = asyncio.create_task(serve(app, "127.0.0.1", self.port, bound.set_result))
        self.port = int((await bound).rstrip("/").rpartition(":")[2])

    async def stop(self) -> None:
        if self._serving is not None:
            self._serving.cancel()
            await asyncio.wait({self._serving})

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@pytest.fixture
async def behind() -> AsyncIterator[DeskBehind]:
    behind = DeskBehind()
    await behind.start()
    await behind.show(Desk())
    yield behind
    await behind.stop()


@pytest.fixture
async def page(behind: DeskBehind) -> AsyncIterator[Page]:
    complaints: list[str] = []
    async with chromium() as browser:
        context = await browser.new_context(viewport={"width": 800, "height": 480})
        page = await context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        await page.goto(behind.url)
        yield page
    assert [text for text in complaints if "Content Security" in text or "Error" in text] == []


async def test_a_verdict_is_pushed_and_one_tap_records_it_once(behind: DeskBehind, page: Page) -> None:
    await behind.show(desks.presented("p1"))
    await expect(page.locator("h1")).to_have_text("Kelpaa")
    await page.locator("#confirm").dblclick()
    await expect(page.locator("h1")).to_have_text("Kirjattu")
    await expect(page.locator(".uses")).to_contain_text("oma lippu")
    assert len([effect for effect in behind.effects if isinstance(effect, Record)]) == 1


async def test_staff_count_the_children_and_undo_is_one_tap(behind: DeskBehind, page: Page) -> None:
    await behind.show(desks.presented("p1"))
    more = page.get_by_role("button", name="Yksi lisää: Omat lapset")
    for count in ("1", "2", "3"):
        await more.click()
        await expect(page.locator(".stepper output").nth(1)).to_have_text(count)
    await expect(page.locator(".why")).to_contain_text("Lapsia on enemmän kuin rekisterissä")
    await page.locator("#confirm").click()
    await page.get_by_role("button", name=re.compile("Peru käyttö klo")).click()
    await expect(page.locator(".notice")).to_be_visible()
    assert [type(effect).__name__ for effect in behind.effects] == ["Record", "Annul"]


async def test_a_number_typed_by_hand_is_a_scan_and_leaves_no_trace_in_the_address(
    behind: DeskBehind, page: Page
) -> None:
    await page.locator("#number").fill("demo 0001")
    await page.keyboard.press("Enter")
    await expect(page.locator("#number")).to_have_value("")
    assert [event.scan.text for event in behind.events if isinstance(event, Scanned)] == ["demo 0001"]
    assert page.url == behind.url + "/"


async def test_the_language_changes_with_one_tap_and_stays(behind: DeskBehind, page: Page) -> None:
    await behind.show(desks.presented("p1", card__status=CardStatus.BLOCKED))
    for language, word in (("sv", "Inte godkänt"), ("en", "Not accepted"), ("fi", "Ei kelpaa")):
        await page.locator(f".languages a[lang={language}]").click()
        await expect(page.locator("h1")).to_have_text(word)
    await page.locator(".languages a[lang=sv]").click()
    await page.goto(behind.url)
    await expect(page.locator("h1")).to_have_text("Inte godkänt")


async def test_the_page_says_that_the_kiosk_is_gone_and_is_right_when_it_is_back(
    behind: DeskBehind, page: Page
) -> None:
    await expect(page.locator("#gone")).to_be_hidden()
    await behind.stop()
    await expect(page.locator("#gone")).to_be_visible()
    behind.desk = desks.presented("p1")
    await behind.board.announce(behind.desk)
    await behind.start()
    await expect(page.locator("#gone")).to_be_hidden()
    await expect(page.locator("h1")).to_have_text("Kelpaa")


async def test_several_pages_agree(behind: DeskBehind, page: Page) -> None:
    second = await page.context.new_page()
    await second.goto(behind.url)
    await behind.show(desks.presented("p1"))
    await page.locator("#confirm").click()
    for each in (page, second):
        await expect(each.locator("h1")).to_have_text("Kirjattu")


async def test_a_verdict_is_spoken_once(behind: DeskBehind, page: Page) -> None:
    await behind.show(desks.presented("p1", quota_used=6))
    spoken = page.locator("#spoken")
    await expect(spoken).to_have_text("Sinä päätät. Tapahtuman Kaikukortti-paikat ovat täynnä. Sinä päätät. (6)")
    await expect(spoken).to_have_attribute("aria-live", "assertive")


@pytest.mark.parametrize("desk", [desks.presented(quota_used=6), desks.presented(card__status=CardStatus.BLOCKED)])
async def test_the_visitor_sees_neither_number_nor_reason(behind: DeskBehind, page: Page, desk: Desk) -> None:
    await page.goto(f"{behind.url}/visitor")
    await behind.show(desk)
    await expect(page.locator("[data-sign=staff]")).to_be_visible()
    assert (await page.locator("body").inner_text()).split("\n\n") == [
        "Juttele henkilökunnan kanssa",
        "Tala med personalen",
        "Please talk to the staff",
    ]


@pytest.mark.parametrize(("width", "height"), [(800, 480), (1280, 800), (1080, 1920)])
async def test_nothing_scrolls_sideways_and_the_answers_are_in_sight(
    behind: DeskBehind, page: Page, width: int, height: int
) -> None:
    await page.set_viewport_size({"width": width, "height": height})
    await behind.show(desks.presented("p1", quota_used=6))
    await expect(page.locator("#confirm")).to_be_in_viewport(ratio=1)
    await expect(page.locator("#cancel")).to_be_in_viewport(ratio=1)
    assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    sizes = await page.locator("button:visible, .languages a:visible").evaluate_all(
        "all => all.map(each => Math.min(each.getBoundingClientRect().height, 64))"
    )
    assert set(sizes) == {64}


async def status(behind: DeskBehind, method: str, path: str, **headers: str) -> int:
    data = {"presentation": "p1"} if method == "POST" else None
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, behind.url + path, data=data, headers=headers, allow_redirects=False) as answer,
    ):
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        return answer.status


async def test_strangers_are_kept_out(behind: DeskBehind) -> None:
    own = behind.url.removeprefix("http://")
    assert [
        await status(behind, "GET", "/"),
        await status(behind, "GET", "/", Host="kiosk.evil.example"),
        await status(behind, "POST", "/confirm", Origin=behind.url),
        await status(behind, "POST", "/confirm", Origin="http://evil.example"),
        await status(behind, "POST", "/confirm", Origin="null"),
        await status(behind, "POST", "/confirm", Accept="application/json", Host=own),
        await status(behind, "POST", "/scan"),
        await status(behind, "GET", "/confirm"),
        await status(behind, "GET", "/nowhere"),
    ] == [200, 403, 303, 403, 403, 204, 400, 405, 404]


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data; boundary=x", b"DEMO0001AIKUINEN without any boundary"),
        ("multipart/form-data", b"DEMO0001AIKUINEN"),
        ("application/x-www-form-urlencoded", b"number=DEMO0001AIKUINEN\xff"),
        ("application/x-www-form-urlencoded; charset=nope", b"number=DEMO0001AIKUINEN"),
    ],
)
async def test_a_broken_form_is_refused_in_words_and_its_number_reaches_no_log(
    behind: DeskBehind, caplog: pytest.LogCaptureFixture, kind: str, body: bytes
) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.post(behind.url + "/scan", data=body, headers={"Content-Type": kind}) as answer,
    ):
        assert (answer.status, await answer.text()) == (400, "Jotain puuttuu: mitään ei muutettu. Yritä uudelleen.")
    assert "DEMO0001" not in caplog.text
