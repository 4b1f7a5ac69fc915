"""The pages' server by raw HTTP: strangers are kept out, bad input gets a sentence, nothing is left open."""

import asyncio

import aiohttp
import pytest
from playwright.async_api import Browser, expect

from kiosk.errors import KioskError
from kiosk.screen.server import Listening, create_app, serve
from tests.support.browser import open_window, person_at
from tests.support.screen_desk import DeskBehind
from tests.unit.cards.examples import HELSINKI

pytestmark = pytest.mark.asyncio(loop_scope="session")

FORM = "application/x-www-form-urlencoded"


async def ask(behind: DeskBehind, method: str, path: str, body: str = "", **headers: str) -> tuple[int, str]:
    """Status and text of the answer; each answer must bind the browser."""
    if body:
        headers.setdefault("Content-Type", FORM)
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, behind.url + path, data=body, headers=headers, allow_redirects=False) as answer,
    ):
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self'; ")
        assert (answer.headers["X-Content-Type-Options"], answer.headers["Cache-Control"]) == ("nosniff", "no-store")
        return answer.status, await answer.text()


async def raw(behind: DeskBehind, request: bytes) -> bytes:
    """The first line of what comes back for these bytes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", behind.port)
    writer.write(request)
    line = await reader.readline()
    writer.close()
    await writer.wait_closed()
    return line


@pytest.mark.parametrize("host", ["kiosk.evil.example", "127.0.0.1.evil.example", "localhost.:80", "evil.example:80"])
async def test_another_name_for_this_machine_is_refused(behind: DeskBehind, host: str) -> None:
    assert await ask(behind, "GET", "/", Host=host) == (403, "Laite ei vastaa tässä osoitteessa.")


async def test_a_request_without_a_host_is_refused(behind: DeskBehind) -> None:
    assert b" 403 " in await raw(behind, b"GET / HTTP/1.0\r\n\r\n")
    assert await raw(behind, b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n") != b""


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
    ids=str,
)
async def test_a_form_of_another_site_changes_nothing(behind: DeskBehind, headers: dict[str, str]) -> None:
    await behind.read("demo 17")
    answer = await ask(behind, "POST", "/confirm", "presentation=presentation-1", **headers)
    assert answer == (403, "Tämä lähetettiin toiselta sivustolta: mitään ei muutettu.")
    assert behind.events == []


async def test_the_script_gets_no_content_and_a_plain_form_is_sent_back(behind: DeskBehind) -> None:
    own = {"Origin": behind.url, "Sec-Fetch-Site": "same-origin"}
    assert await ask(behind, "POST", "/cancel", "presentation=p", **own) == (204, "")
    assert (await ask(behind, "POST", "/cancel", "presentation=p", Accept="text/html", **own))[0] == 303
    assert await ask(behind, "POST", "/cancel", "presentation=p") == (204, "")


@pytest.mark.parametrize(
    ("method", "path", "body", "headers", "status", "sentence"),
    [
        ("GET", "/nowhere", "", {}, 404, "Tällaista sivua ei ole."),
        ("GET", "/static/../server.py", "", {}, 404, "Tällaista sivua ei ole."),
        ("GET", "/static/", "", {}, 403, "Tällä sivulla ei voi tehdä niin."),
        ("GET", "/confirm", "", {}, 405, "Tällä sivulla ei voi tehdä niin."),
        ("HEAD", "/events", "", {}, 405, ""),
        ("POST", "/", "a=b", {}, 405, "Tällä sivulla ei voi tehdä niin."),
        ("POST", "/scan", "number=" + "x" * 5000, {}, 413, "Liian paljon kerralla: mitään ei muutettu."),
        ("POST", "/scan", "number=" + "x" * 201, {}, 400, "Liian pitkä kortin tunnukseksi."),
        ("POST", "/scan", "number=+", {}, 400, "Kirjoita ensin kortin tunnus."),
        ("POST", "/scan", "", {}, 400, "Kirjoita ensin kortin tunnus."),
        ("POST", "/scan", "ä=ö", {"Content-Type": f"{FORM}; charset=no-such"}, 400, "Kirjoita ensin kortin tunnus."),
        ("POST", "/scan", "number=1", {"Content-Encoding": "gzip"}, 400, "Kirjoita ensin kortin tunnus."),
        ("POST", "/scan", '{"number": 1}', {"Content-Type": "text/json"}, 400, "Kirjoita ensin kortin tunnus."),
        ("POST", "/confirm", "&".join(["a=b"] * 99), {}, 400, "Jotain puuttuu: mitään ei muutettu. Yritä uudelleen."),
        ("POST", "/nowhere?language=sv", "a=b", {}, 404, "Sidan finns inte."),
        ("GET", "/nowhere?language=xx", "", {"Cookie": "language=en"}, 404, "Tällaista sivua ei ole."),
        ("GET", "/nowhere", "", {"Cookie": "language=en"}, 404, "There is no such page."),
    ],
)
async def test_what_cannot_be_is_said_in_words_and_changes_nothing(
    behind: DeskBehind, method: str, path: str, *, body: str, headers: dict[str, str], status: int, sentence: str
) -> None:
    assert await ask(behind, method, path, body, **headers) == (status, sentence)
    assert behind.events == []


async def test_a_form_in_chunks_is_a_form(behind: DeskBehind) -> None:
    request = f"POST /scan HTTP/1.1\r\nHost: localhost\r\nContent-Type: {FORM}\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert b" 204 " in await raw(behind, request.encode() + b"7\r\nnumber=\r\n4\r\ndemo\r\n0\r\n\r\n")
    assert len(behind.events) == 1


async def test_a_kiosk_that_fails_says_so_and_tells_the_log_only(
    behind: DeskBehind, caplog: pytest.LogCaptureFixture
) -> None:
    behind.breaks = RuntimeError("no place for demo 17")
    status, text = await ask(behind, "POST", "/scan", "number=demo+17")
    assert (status, text) == (500, "Jokin meni pieleen. Katso viimeisimmät käytöt ja yritä sitten uudelleen.")
    assert "RuntimeError" in caplog.text
    assert "raise self.breaks" in caplog.text
    assert "demo 17" not in caplog.text


@pytest.mark.parametrize(
    "request_",
    [
        b"DEMO17 / HTTP/1.1\r\n\r\n",
        b"GET /DEMO17 HTTP/9\r\n\r\n",
        b"POST /scan HTTP/1.1\r\nHost: localhost\r\nDEMO17\r\n\r\n",
        b"POST /scan HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nDEMO17\r\n\r\n",
        b"POST /scan HTTP/1.1\r\nHost: localhost\r\nHost: DEMO17\r\n\r\n",
    ],
    ids=["method", "version", "header", "chunk", "host"],
)
async def test_what_is_no_http_is_refused_and_reaches_no_log(
    behind: DeskBehind, caplog: pytest.LogCaptureFixture, request_: bytes
) -> None:
    assert b" 400 " in await raw(behind, request_)
    assert "DEMO17" not in caplog.text


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data; boundary=x", b"DEMO17 without any boundary"),
        ("multipart/form-data", b"DEMO17"),
        (FORM, b"number=DEMO17\xff"),
    ],
)
async def test_a_broken_form_is_refused_in_words_and_its_number_reaches_no_log(
    behind: DeskBehind, caplog: pytest.LogCaptureFixture, kind: str, body: bytes
) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{behind.url}/scan", data=body, headers={"Content-Type": kind}) as answer,
    ):
        assert (answer.status, await answer.text()) == (400, "Kirjoita ensin kortin tunnus.")
    assert (behind.events, "DEMO17" in caplog.text) == ([], False)


async def test_the_pages_work_without_any_script(behind: DeskBehind, browser: Browser) -> None:
    async with person_at(browser, script=False) as person:
        page = (await open_window(person, behind.url)).page
        await page.locator("#number").fill("demo 17")
        await page.keyboard.press("Enter")
        await expect(page.locator("h1")).to_have_text("Kelpaa")
        await page.locator("#more-children").click()
        await page.locator("#confirm").click()
        await expect(page.locator("h1")).to_have_text("Kirjattu")
        await page.get_by_role("button", name="Hae").click()
        await expect(page.locator("h1")).to_have_text("Kirjoita ensin kortin tunnus.")
        await page.get_by_role("link", name="Takaisin").click()
        await expect(page.locator("h1")).to_have_text("Kirjattu")
    assert [use.tickets.children for use in behind.recorded] == [1]


async def test_a_port_that_is_taken_is_said_in_words(behind: DeskBehind) -> None:
    app = create_app(behind.board, behind, clock=behind.clock, zone=HELSINKI)
    with pytest.raises(KioskError, match=rf"^The page cannot be served on 127\.0\.0\.1:{behind.port}: .*in use"):
        await serve(app, [Listening("127.0.0.1", behind.port)])
