"""The ticket to the venue's pages by raw HTTP: for this machine alone, once, for seconds, and from its own page."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator

import aiohttp
import pytest
import pytest_asyncio

from kiosk.health import Condition
from kiosk.screen.walk import FETCHED_WITHIN
from tests.edge.screen.test_venue_pages import address_of_this_machine
from tests.support.venue import PIN
from tests.support.walked_desk import Codes, WalkedDesk, walked_desk

pytestmark = pytest.mark.asyncio(loop_scope="session")

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
Answer = tuple[int, str, bool]
"""Status, where it leads, and whether it lets this browser in."""


@pytest_asyncio.fixture(loop_scope="session")
async def desk() -> AsyncIterator[WalkedDesk]:
    async with walked_desk() as desk:
        yield desk


@pytest_asyncio.fixture(loop_scope="session")
async def browser() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        yield session


async def ask(browser: aiohttp.ClientSession, method: str, url: str, body: str = "", **headers: str) -> Answer:
    async with browser.request(method, url, data=body, headers=FORM | headers, allow_redirects=False) as answer:
        return answer.status, answer.headers.get("Location", ""), "desk" in answer.cookies


async def told(browser: aiohttp.ClientSession, url: str) -> str | None:
    """The ticket that a page hears of first."""
    async with browser.get(url) as answer:
        async for line in answer.content:
            if line.startswith(b"data: "):
                ticket: str | None = json.loads(line[6:]).get("ticket")
                return ticket
    raise AssertionError("nothing was said")


async def say_pin(desk: WalkedDesk) -> str:
    codes = Codes(desk)
    await codes.ask_for_pages()
    await codes.enter_pin()
    assert desk.board.state.ticket
    return desk.board.state.ticket


async def test_the_staff_page_of_this_machine_is_told_the_ticket_and_no_log(
    desk: WalkedDesk, browser: aiohttp.ClientSession, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    assert await told(browser, f"{desk.url}/events") == ""
    ticket = await say_pin(desk)
    assert await told(browser, f"{desk.url}/events") == ticket
    assert await told(browser, f"{desk.url}/events?page=visitor") is None
    assert ticket not in repr(desk.board.state)
    assert await ask(browser, "POST", f"{desk.url}/venue/walk", f"ticket={ticket}") == (303, "/venue", True)
    cookie = next(each.value for each in browser.cookie_jar if each.key == "desk")
    assert await told(browser, f"{desk.url}/events") == ""
    assert [secret for secret in (ticket, cookie, PIN) if secret in caplog.text] == []


async def test_a_ticket_lets_one_browser_in_once(desk: WalkedDesk, browser: aiohttp.ClientSession) -> None:
    ticket = await say_pin(desk)
    for wrong in ("", "x", ticket[:-1]):
        assert await ask(browser, "POST", f"{desk.url}/venue/walk", f"ticket={wrong}") == (204, "", False)
    assert await ask(browser, "POST", f"{desk.url}/venue/walk", f"ticket={ticket}") == (303, "/venue", True)
    async with aiohttp.ClientSession() as other:
        assert await ask(other, "POST", f"{desk.url}/venue/walk", f"ticket={ticket}") == (204, "", False)
    assert (await ask(browser, "GET", f"{desk.url}/venue"))[0] == 200


async def test_the_second_of_two_windows_of_one_browser_stays_at_the_desk_and_the_walk_goes_on(
    desk: WalkedDesk, browser: aiohttp.ClientSession
) -> None:
    ticket = await say_pin(desk)
    answers = [await ask(browser, "POST", f"{desk.url}/venue/walk", f"ticket={ticket}") for _ in range(2)]
    assert answers == [(303, "/venue", True), (204, "", False)]
    assert desk.venue.walk.is_on


async def test_a_ticket_is_over_after_seconds(desk: WalkedDesk, browser: aiohttp.ClientSession) -> None:
    ticket = await say_pin(desk)
    desk.clock.pass_by(FETCHED_WITHIN.total_seconds())
    assert await ask(browser, "POST", f"{desk.url}/venue/walk", f"ticket={ticket}") == (204, "", False)
    assert desk.board.state.ticket == ""


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "http://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}, {"Host": "evil.example"}],
    ids=str,
)
async def test_another_sites_page_cannot_use_a_ticket_up(
    desk: WalkedDesk, browser: aiohttp.ClientSession, headers: dict[str, str]
) -> None:
    ticket = await say_pin(desk)
    refused = await ask(browser, "POST", f"{desk.url}/venue/walk", f"ticket={ticket}", **headers)
    assert refused == (403, "", False)
    assert await ask(browser, "POST", f"{desk.url}/venue/walk", f"ticket={ticket}") == (303, "/venue", True)


async def test_another_machine_is_told_no_ticket_and_cannot_use_one_even_behind_the_pin(
    browser: aiohttp.ClientSession,
) -> None:
    address = address_of_this_machine()
    async with walked_desk("0.0.0.0", (address,)) as desk:  # noqa: S104  # as a tablet would reach it
        url = f"http://{address}:{desk.port}"
        assert await ask(browser, "POST", f"{url}/venue/pin", f"pin={PIN}") == (303, "/venue", True)
        ticket = await say_pin(desk)
        # The lock that the code turned has ended its session.
        assert await ask(browser, "GET", f"{url}/events") == (403, "", False)
        assert await ask(browser, "POST", f"{url}/venue/pin", f"pin={PIN}") == (303, "/venue", True)
        assert await told(browser, f"{url}/events") == ""
        assert await ask(browser, "POST", f"{url}/venue/walk", f"ticket={ticket}") == (403, "", False)
        assert await ask(browser, "GET", f"{url}/venue/walk") == (403, "", False)
        async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as own:
            assert await ask(own, "POST", f"{desk.url}/venue/walk", f"ticket={ticket}") == (303, "/venue", True)


async def test_steps_are_told_to_the_session_that_walks_alone(desk: WalkedDesk, browser: aiohttp.ClientSession) -> None:
    assert await ask(browser, "GET", f"{desk.url}/venue/walk") == (403, "", False)
    await ask(browser, "POST", f"{desk.url}/venue/pin", f"pin={PIN}")
    assert await ask(browser, "GET", f"{desk.url}/venue/walk") == (403, "", False)
    assert (await ask(browser, "GET", f"{desk.url}/venue"))[0] == 200


async def test_whoever_walked_is_led_to_the_desk_and_not_to_the_page_that_asks_for_the_pin(
    desk: WalkedDesk, browser: aiohttp.ClientSession
) -> None:
    ticket = await say_pin(desk)
    await ask(browser, "POST", f"{desk.url}/venue/walk", f"ticket={ticket}")
    desk.venue.walk.end()
    assert (await ask(browser, "GET", f"{desk.url}/venue"))[:2] == (303, "/")
    async with aiohttp.ClientSession() as other:
        assert (await ask(other, "GET", f"{desk.url}/venue"))[:2] == (303, "/venue/pin")


async def test_a_finger_at_the_desk_after_a_walk_is_asked_for_the_pin(
    desk: WalkedDesk, browser: aiohttp.ClientSession
) -> None:
    ticket = await say_pin(desk)
    await ask(browser, "POST", f"{desk.url}/venue/walk", f"ticket={ticket}")
    assert (await ask(browser, "GET", f"{desk.url}/"))[0] == 200
    assert not desk.venue.walk.is_on
    for path in ("/venue", "/venue/desk"):
        assert (await ask(browser, "GET", desk.url + path))[:2] == (303, "/venue/pin")


async def test_the_browser_that_walked_last_is_at_the_desk_and_ends_no_new_walk(
    desk: WalkedDesk, browser: aiohttp.ClientSession
) -> None:
    ticket = await say_pin(desk)
    await ask(browser, "POST", f"{desk.url}/venue/walk", f"ticket={ticket}")
    desk.venue.walk.end()
    ticket = await say_pin(desk)
    assert await ask(browser, "GET", f"{desk.url}/venue/walk") == (403, "", False)
    assert (await ask(browser, "GET", f"{desk.url}/"))[0] == 200
    assert await ask(browser, "POST", f"{desk.url}/venue/walk", f"ticket={ticket}") == (303, "/venue", True)


async def test_a_page_whose_walk_ended_while_it_was_drawn_leads_to_the_desk(
    desk: WalkedDesk, browser: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = await say_pin(desk)
    await ask(browser, "POST", f"{desk.url}/venue/walk", f"ticket={ticket}")

    def parts() -> dict[str, Condition]:
        desk.venue.walk.end()
        return {}

    monkeypatch.setattr(desk.venue.health, "parts", parts)
    assert await ask(browser, "GET", f"{desk.url}/venue/health") == (303, "/", False)


async def test_a_cookie_that_is_no_text_is_nobody_s(desk: WalkedDesk) -> None:
    desk.venue.walk.begin()
    desk.venue.walk.redeem(desk.board.state.ticket)
    reader, writer = await asyncio.open_connection("127.0.0.1", desk.port)
    writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nCookie: desk=\xff\r\n\r\n")
    assert (await reader.readline()).split()[1] == b"200"
    writer.close()
    await writer.wait_closed()


@pytest.mark.parametrize("path", ["/", "/venue", "/venue/paper/form", "/venue/nowhere"])
async def test_every_page_of_the_session_that_walks_listens_and_no_other_does(
    desk: WalkedDesk, browser: aiohttp.ClientSession, path: str
) -> None:
    async def listens() -> bool:
        async with browser.get(desk.url + path, headers={"Accept": "text/html"}) as answer:
            return "/static/walk.js" in await answer.text()

    await ask(browser, "POST", f"{desk.url}/venue/pin", f"pin={PIN}")
    assert not await listens()
    ticket = await say_pin(desk)
    await ask(browser, "POST", f"{desk.url}/venue/walk", f"ticket={ticket}")
    assert await listens() is (path != "/")
