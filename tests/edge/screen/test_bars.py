"""What the screen promises in figures: weight, calm, and a heap that does not grow; speed is in `bench`."""

import asyncio
import math
import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from playwright.async_api import CDPSession, Page, Response, expect

from bench.clocks import offset_of
from bench.screen import GRAIN_MS, ask
from kiosk.cards.desk_state import Desk
from kiosk.screen.board import BoardState
from kiosk.screen.stream import BEAT_S
from tests.edge.screen.test_accessible import enter
from tests.support import desks
from tests.support.screen_desk import DeskBehind, KnownCard
from tests.support.screens import VENUE_PAGES
from tests.unit.cards.examples import facts

pytestmark = pytest.mark.asyncio(loop_scope="session")

MOST_PAGE_BYTES = 200_000
SCANS, WARM_UP = 5_000, 1_000
STATES = 3
"""Of each scan: presented, recorded, ready."""
BEATS = math.ceil(4 * 3600 / BEAT_S / SCANS / STATES)
"""That come meanwhile, for each state."""
MOST_GROWTH = 1.10
SCANS_AT_ONCE = 250
"""At most so many are on their way to the page."""
PATIENCE_S = 60
"""What takes longer does not come any more."""
COUNT = """() => {
  window.counted = { states: 0, beats: 0 };
  window.latest = { about: "", beats: 0 };
  window.counts = () => {};
  const [shows, hears] = [show, heard];
  window.show = (state) => {
    shows(state);
    counted.states += 1;
    latest = { about: state.about, beats: 0 };
    counts();
  };
  window.heard = (event) => {
    hears(event);
    if (!event || event.type !== "beat") return;
    counted.beats += 1;
    latest.beats += 1;
    counts();
  };
  connect();
}"""
HEARD = """([about, beats]) => new Promise((done) => {
  window.counts = () => { if (latest.about === about && latest.beats >= beats) done(); };
  counts();
})"""
ANEW = """() => {
  window.counts = () => {
    if (latest.beats) return;
    window.counts = () => {};
    const end = performance.now() + 500;
    while (performance.now() < end);
    connect();
  };
}"""
"""At the next state the page is busy so long that many wait for it; then it connects anew, and hears none of them."""


@pytest.mark.parametrize("path", ["/", "/visitor", "/venue/pin", *VENUE_PAGES.values()])
async def test_a_page_weighs_at_most_200_kilobytes_and_comes_from_here(
    behind: DeskBehind, page: Page, path: str
) -> None:
    await enter(page, behind)
    fetched: list[Response] = []
    page.on("response", lambda response: fetched.append(response))
    await page.goto(behind.url + path, wait_until="load")
    finished = [each for each in fetched if urlsplit(each.url).path != "/events"]
    weights = {each.url: int(await each.header_value("content-length") or MOST_PAGE_BYTES) for each in finished}
    assert behind.url + path in weights
    assert len(weights) >= 2
    assert sum(weights.values()) <= MOST_PAGE_BYTES
    assert [url for url in weights if not url.startswith(behind.url)] == []


async def test_no_verdict_shifts_anything_by_the_browsers_own_measure(behind: DeskBehind, page: Page) -> None:
    behind.cards["demo 18"] = KnownCard(tail="18", facts=facts(quota_used=6))
    await page.evaluate(
        """() => { window.shifted = 0;
          new PerformanceObserver((list) => list.getEntries().forEach((one) => { shifted += one.value; }))
            .observe({ type: "layout-shift" }); }"""
    )
    for text, word in (("demo 17", "Kelpaa"), ("demo 18", "Sinä päätät"), ("x", "Ei luettu")):
        await behind.read(text)
        await expect(page.locator("h1")).to_have_text(word)
        await page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert await page.evaluate("shifted") == 0


@pytest_asyncio.fixture(loop_scope="session")
async def inspector(page: Page) -> AsyncIterator[CDPSession]:
    session = await page.context.new_cdp_session(page)
    yield session
    await session.detach()


async def heap_bytes(inspector: CDPSession) -> int:
    """What the page's script holds after everything that can be let go of was."""
    await inspector.send("HeapProfiler.collectGarbage")
    used: int = (await inspector.send("Runtime.getHeapUsage"))["usedSize"]
    return used


async def test_the_benchs_offset_of_the_browsers_clock_is_the_one_that_the_browser_itself_names(
    page: Page, inspector: CDPSession
) -> None:
    asked = [await ask(page) for _ in range(50)]
    offset = offset_of(asked, GRAIN_MS)
    await inspector.send("Performance.enable")
    told = {each["name"]: each["value"] for each in (await inspector.send("Performance.getMetrics"))["metrics"]}
    print(offset)
    # Chromium counts from where CLOCK_MONOTONIC does; the bench takes no such thing for granted.
    assert abs(told["NavigationStart"] * 1000 - offset.ms) <= offset.within_ms


class Evening:
    """Plays scans and beats through the server's own stream, as fast as the page takes them.

    A page that hears nothing for a second connects anew, also on a machine that was only busy, and what was on its way
    is lost to it: only what the page itself has heard counts, and the rest is played again.
    """

    def __init__(self, behind: DeskBehind, page: Page) -> None:
        self._behind = behind
        self._page = page
        self._states = behind.board.states
        self._sent = asyncio.Event()
        self._cards = 0

    async def play(self, scans: int) -> None:
        """Returns when the page has heard so many more with their beats, and nothing is on its way."""
        due = (await self._counted())["states"] + scans * STATES
        while (await self._counted())["states"] < due:
            for _ in range(SCANS_AT_ONCE):
                name = self._next_card()
                for desk in (desks.presented(name), desks.recorded(name), desks.ready()):
                    await self._send(desk)
            # The latest state comes to every page, however often it connected anew; and no other is like this one.
            last = self._next_card()
            await self._send(desks.presented(last))
            async with asyncio.timeout(PATIENCE_S):
                await self._page.evaluate(HEARD, [last, BEATS])

    async def states(self, quiet_s: float) -> AsyncGenerator[BoardState | None, None]:
        """The board's, and after each the beats that come until the next one on an evening of four hours."""
        async with aclosing(self._states(quiet_s)) as states:
            async for state in states:
                yield state
                for _ in range(BEATS):
                    yield None
                if state is not None:
                    self._sent.set()

    async def _counted(self) -> dict[str, int]:
        counted: dict[str, int] = await self._page.evaluate("counted")
        return counted

    def _next_card(self) -> str:
        self._cards += 1
        return f"p{self._cards}"

    async def _send(self, desk: Desk) -> None:
        self._sent.clear()
        await self._behind.show(desk)
        async with asyncio.timeout(PATIENCE_S):
            await self._sent.wait()


@pytest.mark.timeout(400)
async def test_five_thousand_scans_leave_the_pages_heap_as_it_was(
    behind: DeskBehind, page: Page, inspector: CDPSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An evening of four hours with one lost connection, as fast as the page takes it, through the server's stream."""
    evening = Evening(behind, page)
    monkeypatch.setattr(behind.board, "states", evening.states)
    await page.evaluate(COUNT)
    await evening.play(WARM_UP)
    before = await heap_bytes(inspector)
    nodes = await page.evaluate("document.querySelectorAll('*').length")
    start_s = time.monotonic()
    await page.evaluate(ANEW)
    await evening.play(SCANS)
    took_s = time.monotonic() - start_s
    after = await heap_bytes(inspector)
    heard = await page.evaluate("counted")
    print(f"the heap: {before} bytes after {WARM_UP} scans, {after} after {SCANS} more in {took_s:.0f} s; {heard}")
    assert after <= before * MOST_GROWTH
    assert await page.evaluate("document.querySelectorAll('*').length") == nodes
