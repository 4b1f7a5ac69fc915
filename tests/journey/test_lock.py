"""A whole kiosk that its scanner alone locks and opens, over a power cut too; and where its PIN is left: nowhere."""

import asyncio

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
