"""A whole kiosk that its scanner alone locks and opens, over a power cut too; and where its PIN is left: nowhere."""

import asyncio
import json

import aiohttp

from kiosk.cards.commands import PIN_CODES, Command
from tests.support.kiosk import Kiosk, call_kiosk

PIN = "80915"
CODE_OF = {key.value: code.value for code, key in PIN_CODES.items()}


def enter(kiosk: Kiosk, pin: str) -> None:
    """Read the digits; no two that are the same follow each other, which would take a second between them."""
    for digit in pin:
        kiosk.scan(CODE_OF[digit])
    kiosk.scan(Command.CONFIRM)


async def test_the_scanner_alone_locks_and_opens_the_desk_and_leaves_no_digit_behind(kiosk: Kiosk) -> None:
    kiosk.scan(Command.LOCK)
    await kiosk.until(lambda heard: heard.desk["notice"] == "nothing-to-do")
    set_ = await asyncio.to_thread(call_kiosk, "pin", "--config", str(kiosk.config), stdin=f"{PIN}\n")
    assert set_.returncode == 0, set_.stderr
    await kiosk.show("DEMO-0002-PERHE")
    kiosk.scan("KIOSKTONGUE")
    kiosk.scan(Command.LOCK)
    kiosk.scan("DEMO-0001-AIKUINEN")  # its turn comes when the lock is on the disk
    await kiosk.until(lambda heard: heard.desk["locked"] and len(heard.desk["tray"]) == 2)
    await kiosk.kill()
    await kiosk.start()
    await kiosk.until(lambda heard: heard.desk.get("locked"))
    enter(kiosk, PIN[:-1])
    await kiosk.until(lambda heard: heard.desk["notice"] == "wrong-pin")
    enter(kiosk, PIN)
    await kiosk.until(lambda heard: not heard.desk["locked"])
    assert (await kiosk.show("DEMO-0001-AIKUINEN"))["answer"] == "accept"
    await kiosk.stop()
    said = {name: content for name, content in kiosk.files().items() if name != "scans"}
    assert {"kiosk.db", "kiosk.log"} <= set(said)
    wanted = [PIN, *CODE_OF.values(), *(code.lower() for code in CODE_OF.values())]
    assert {(name, word) for name, content in said.items() for word in wanted if word.encode() in content} == set()


async def test_the_scanner_alone_brings_the_venues_pages_up_on_the_kiosks_own_screen(kiosk: Kiosk) -> None:
    set_ = await asyncio.to_thread(call_kiosk, "pin", "--config", str(kiosk.config), stdin=f"{PIN}\n")
    assert set_.returncode == 0, set_.stderr
    kiosk.scan(Command.VENUE_PAGES)
    await kiosk.until(lambda heard: heard.desk.get("locked"))
    enter(kiosk, PIN)
    await kiosk.until(lambda heard: not heard.desk["locked"])
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as screen, asyncio.timeout(10):
        ticket = ""
        async with screen.get(f"{kiosk.url}/events") as told:
            async for line in told.content:
                ticket = json.loads(line[6:])["ticket"] if line.startswith(b"data: {") else ""
                if ticket:
                    break
        async with screen.post(f"{kiosk.url}/venue/walk", data={"ticket": ticket}) as page:
            assert (page.status, page.url.path) == (200, "/venue")
            assert "/static/walk.js" in await page.text()
        async with screen.get(f"{kiosk.url}/venue/walk") as steps:
            assert await steps.content.readline() == b"event: beat\n"
            kiosk.scan(Command.FORWARD)
            async for line in steps.content:
                if line.startswith(b"event: step"):
                    break
            assert await steps.content.readline() == b"data: forward\n"
    await kiosk.stop()
    assert [name for name, content in kiosk.files().items() if ticket.encode() in content] == []
