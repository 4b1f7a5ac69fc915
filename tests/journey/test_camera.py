"""Pictures before the camera, uses in the register."""

import asyncio
import json
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from kiosk.demo.card_pictures import Printed, draw_card
from tests.support.kiosk import Kiosk, call_kiosk, running_kiosk
from tests.support.register import ServingRegister

FIRST, SECOND = "DEMO-01001-LISA", "DEMO-01002-LISA"


def picture(folder: Path, number: str, *, qr: bool = True, check_character: bool = True) -> Path:
    file = folder / f"{len(list(folder.iterdir())):02}.png"
    draw_card(Printed(number, qr=qr, check_character=check_character)).save(file)
    return file


@pytest.fixture
def gallery(tmp_path: Path) -> Path:
    folder = tmp_path / "pictures"
    folder.mkdir()
    return folder


@pytest.fixture
def names(tmp_path: Path) -> Path:
    fifo = tmp_path / "names"
    os.mkfifo(fifo)
    return fifo


@pytest.fixture
async def watching(tmp_path: Path, names: Path, register: ServingRegister) -> AsyncIterator[Kiosk]:
    """A kiosk with a camera that is shown the pictures named in `names`."""
    settings = f'[[scanner]]\nkind = "camera"\npath = {json.dumps(str(names))}\n'
    async with running_kiosk(tmp_path / "kiosk", register.url, register.token(), settings=settings) as kiosk:
        await kiosk.until(lambda heard: heard.surroundings.get("online") and heard.surroundings.get("event"))
        yield kiosk


async def show(kiosk: Kiosk, names: Path, file: Path) -> tuple[str, list[str]]:
    before = set(kiosk.heard.presentations)
    await asyncio.to_thread(names.write_text, f"{file}\n")
    await kiosk.until(lambda heard: heard.desk.get("phase") == "presented" and heard.presentations != before)
    return kiosk.heard.desk["answer"], kiosk.heard.desk["reasons"]


async def test_cards_shown_to_the_camera_are_uses_in_the_register(
    watching: Kiosk, names: Path, gallery: Path, register: ServingRegister
) -> None:
    uses = []
    for file in (
        picture(gallery, FIRST),
        picture(gallery, SECOND, qr=False, check_character=False),
        picture(gallery, "DEMO-0010-NAAPURI", qr=False),
    ):
        assert await show(watching, names, file) == ("accept", [])
        uses.append(await watching.confirm())
    await watching.until_delivered()
    assert [row["id"] for row in register.uses()] == uses
    assert len(watching.heard.verdicts) == 3


async def test_bars_that_nothing_vouches_for_are_no_card_and_the_next_card_is_read(
    watching: Kiosk, names: Path, gallery: Path
) -> None:
    unlisted = picture(gallery, "DEMO-77777-EI", qr=False, check_character=False)
    await asyncio.to_thread(names.write_text, f"{unlisted}\n")
    assert await show(watching, names, picture(gallery, FIRST, qr=False)) == ("accept", [])
    assert watching.heard.verdicts == [("accept", ())]


async def test_no_number_of_a_picture_is_logged_or_kept(watching: Kiosk, names: Path, gallery: Path) -> None:
    await show(watching, names, picture(gallery, FIRST))
    await show(watching, names, picture(gallery, "DEMO-77777-EI"))
    written = b"".join(watching.files().values())
    for number in (FIRST, "DEMO-77777-EI"):
        for form in (number, number.replace("-", "")):
            assert form.encode() not in written


def test_the_demonstration_reads_its_cards_from_pictures(tmp_path: Path, gallery: Path) -> None:
    picture(gallery, "DEMO-0001-AIKUINEN")
    picture(gallery, "DEMO-0004-VANHA", qr=False)
    picture(gallery, "DEMO-0010-NAAPURI", qr=False, check_character=False)
    done = call_kiosk("demo", "--once", "--camera", str(gallery), "--keep", str(tmp_path / "demo"))
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert told == {
        "scans": 3,
        "accepted": 2,
        "asked": 0,
        "refused": 1,
        "recorded": 2,
        "annulled": 0,
        "delivered": 2,
        "pending": 0,
        "lost": 0,
        "doubled": 0,
    }


def test_a_folder_without_a_picture_is_said(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "notes.txt").touch()
    refused = call_kiosk("demo", "--once", "--camera", str(tmp_path / "notes"))
    assert (refused.returncode, "There is no picture in" in refused.stderr) == (1, True)
