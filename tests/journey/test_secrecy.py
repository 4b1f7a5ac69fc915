"""No number of a card is left anywhere that a thief or a bystander could look."""

import re

import aiohttp

from tests.support.kiosk import Kiosk
from tests.support.register import ServingRegister

SHOWN = ("DEMO-0001-AIKUINEN", "DEMO-0004-VANHA", "DEMO-7777-KEKSITTY", "DEMO-8888-KEKSITTY")


def forms(number: str) -> set[bytes]:
    """The ways in which a number could be written, also without its last two characters."""
    bare = number.replace("-", "")
    return {
        form.encode() for whole in (number, bare) for form in (whole, whole.lower(), whole[:-2], whole[:-2].lower())
    }


async def test_neither_files_nor_log_nor_pages_hold_a_number(kiosk: Kiosk, register: ServingRegister) -> None:
    pages = []
    async with aiohttp.ClientSession() as session:
        for number in SHOWN:
            if number == "DEMO-8888-KEKSITTY":
                register.kill()
                await kiosk.until(lambda heard: heard.surroundings.get("online") is False)
            said = await kiosk.show(number)
            for path in ("/visitor", "/"):
                async with session.get(kiosk.url + path) as page:
                    pages.append((path, await page.text()))
            if said["answer"] != "refuse":
                await kiosk.confirm()
    register.start()
    await kiosk.until_delivered()
    await kiosk.stop()

    places = {**kiosk.files(), **{file.name: file.read_bytes() for file in register.database.parent.iterdir()}}
    assert {"kiosk.db", "identity.json", "kiosk.log", "register.db"} <= set(places)
    found = {
        (name, form)
        for name, content in places.items()
        for number in SHOWN
        for form in forms(number)
        if form in content
    }
    assert found == set()
    for path, text in pages:
        tails = {number[-2:] for number in SHOWN}
        assert all(form.decode() not in text for number in SHOWN for form in forms(number))
        if path == "/visitor":
            assert not re.search("•|" + "|".join(f">[^<]*{tail}[^<]*<" for tail in tails), text)


async def test_the_key_is_readable_by_the_kiosk_alone(kiosk: Kiosk) -> None:
    modes = {path.name: oct(path.stat().st_mode & 0o077) for path in kiosk.state.iterdir() if path.name != "kiosk.lock"}
    assert set(modes.values()) == {"0o0"}
    assert "identity.json" in modes
