"""Scanners at the whole kiosk: printed codes in place of buttons, and a serial line."""

import json
import os
import pty
from pathlib import Path

from tests.support.kiosk import Kiosk, running_kiosk
from tests.support.register import ServingRegister


async def test_a_family_is_counted_let_in_and_taken_back_by_the_scanner_alone(
    kiosk: Kiosk, register: ServingRegister
) -> None:
    await kiosk.show("DEMO-0002-PERHE")
    use = kiosk.heard.desk["presentation"]
    for code in ("KIOSKCHILD", "KIOSKCHILD", "]A0KIOSKHELPER", "KIOSKRECORD"):  # the child's is one reading, seen twice
        kiosk.scan(code)
    await kiosk.until(lambda heard: use in heard.recorded)
    kiosk.scan("kioskundo")
    await kiosk.until_undone(use)
    await kiosk.until_delivered()
    (row,) = register.uses()
    assert {name: row[name] for name in ("children", "assistants", "annulled")} == {
        "children": 1,
        "assistants": 1,
        "annulled": True,
    }


async def test_cancel_and_next_event_are_codes_too_and_none_is_looked_up_as_a_card(kiosk: Kiosk) -> None:
    await kiosk.until(lambda heard: heard.surroundings.get("event"))
    before = kiosk.heard.surroundings["event"]
    await kiosk.show("DEMO-0002-PERHE")
    kiosk.scan("KIOSKSTOP")
    await kiosk.until(lambda heard: heard.desk["phase"] == "ready")
    kiosk.scan("KIOSKNEXT")
    await kiosk.until(lambda heard: heard.surroundings.get("event") != before)
    kiosk.scan("KIOSKRECORD")
    await kiosk.until(lambda heard: heard.desk["notice"] == "nothing-to-do")
    assert len(kiosk.heard.verdicts) == 1


async def test_where_visitors_reach_the_scanner_the_codes_can_be_switched_off(
    tmp_path: Path, register: ServingRegister
) -> None:
    kiosk = Kiosk(tmp_path / "kiosk", register.url, register.token())
    text = kiosk.config.read_text(encoding="utf-8")
    kiosk.config.write_text(text.replace("[desk]\n", "[desk]\ncommand_codes = false\n"), encoding="utf-8")
    try:
        await kiosk.start()
        said = await kiosk.show("KIOSKRECORD")
        assert (said["answer"], said["reasons"]) == ("refuse", ["not-a-card"])
    finally:
        await kiosk.close()


async def test_a_scanner_on_a_serial_line_reads_cards(tmp_path: Path, register: ServingRegister) -> None:
    gun, line = pty.openpty()
    serial = f'[[scanner]]\nkind = "serial"\npath = {json.dumps(os.ttyname(line))}'
    async with running_kiosk(tmp_path / "kiosk", register.url, register.token(), settings=serial) as kiosk:
        await kiosk.until(lambda heard: heard.surroundings.get("event"))
        os.write(gun, b"\x02]A0DEMO0001AIKUINEN\x03")
        await kiosk.until(lambda heard: heard.desk["phase"] == "presented")
        assert kiosk.heard.desk["answer"] == "accept"
    os.close(gun)
    os.close(line)


async def test_a_card_that_lies_under_one_scanner_does_not_take_the_desk_from_the_card_that_another_reads(
    tmp_path: Path, register: ServingRegister
) -> None:
    stand, line = pty.openpty()
    serial = f'[[scanner]]\nkind = "serial"\npath = {json.dumps(os.ttyname(line))}'
    async with running_kiosk(tmp_path / "kiosk", register.url, register.token(), settings=serial) as kiosk:
        await kiosk.until(lambda heard: heard.surroundings.get("event"))
        os.write(stand, b"DEMO0001AIKUINEN\r")
        await kiosk.until(lambda heard: heard.desk["phase"] == "presented")
        await kiosk.show("DEMO-0002-PERHE")
        family = kiosk.heard.desk["presentation"]
        os.write(stand, b"DEMO0001AIKUINEN\rKIOSKRECORD\r")
        await kiosk.until(lambda heard: heard.recorded)
        assert (kiosk.heard.recorded, len(kiosk.heard.verdicts)) == ({family}, 2)
    os.close(stand)
    os.close(line)
