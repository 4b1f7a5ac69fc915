"""The venue's staff with their PIN: the desk set over a restart, paper brought to the register, two taps at once."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import re
from collections.abc import AsyncIterator
from pathlib import Path
from zoneinfo import ZoneInfo

import aiohttp

from tests.journey.conftest import numbered
from tests.support.kiosk import Kiosk, call_kiosk, running_kiosk
from tests.support.register import ServingRegister

PIN = "271828"


class Staff:
    """A browser behind the PIN."""

    def __init__(self, kiosk: Kiosk, session: aiohttp.ClientSession) -> None:
        self._kiosk = kiosk
        self._session = session

    async def read(self, path: str) -> str:
        async with self._session.get(self._kiosk.url + path) as page:
            assert page.status == 200, path
            return await page.text()

    async def press(self, path: str, page: str, **form: str) -> str:
        """Send a form of `page` with its hidden fields."""
        text = await self.read(page)
        hidden = {name: re.findall(rf'name="{name}" value="([^"]+)"', text) for name in ("form", "entry")}
        data = {name: values[0] for name, values in hidden.items() if values} | form
        async with self._session.post(self._kiosk.url + path, data=data) as answer:
            assert answer.status == 200, (path, answer.status)
            return await answer.text()


@contextlib.asynccontextmanager
async def behind_pin(kiosk: Kiosk, leads_to: str = "/venue") -> AsyncIterator[Staff]:
    set_ = await asyncio.to_thread(call_kiosk, "pin", "--config", str(kiosk.config), stdin=f"{PIN}\n")
    assert set_.returncode == 0, set_.stderr
    headers = {"Accept": "text/html"}
    async with aiohttp.ClientSession(headers=headers, cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        async with session.post(f"{kiosk.url}/venue/pin", data={"pin": PIN}) as answer:
            assert answer.url.path == leads_to
        yield Staff(kiosk, session)


async def test_a_desk_that_staff_closed_is_closed_after_a_power_cut(kiosk: Kiosk) -> None:
    async with behind_pin(kiosk) as staff:
        await staff.press("/venue/mode", "/venue/desk", mode="closed", on="1")
    await kiosk.until(lambda heard: heard.desk["phase"] == "out-of-service")
    await kiosk.kill()
    kiosk.heard.desk = {}
    await kiosk.launch()
    await kiosk.until(lambda heard: heard.desk.get("why") == "closed")
    async with behind_pin(kiosk, leads_to="/venue/desk") as staff:
        assert "Henkilökunta on sulkenut tämän pisteen." in await staff.read("/")
        await staff.press("/venue/mode", "/venue/desk", mode="closed", on="0")
    await kiosk.until(lambda heard: heard.desk["phase"] == "ready")
    assert (await kiosk.show(numbered(1)))["answer"] == "accept"


async def test_a_line_on_paper_reaches_the_register_once_with_its_own_time(
    kiosk: Kiosk, register: ServingRegister
) -> None:
    at = (dt.datetime.now(ZoneInfo("Europe/Helsinki")) - dt.timedelta(days=1)).replace(second=0, microsecond=0)
    line = {"number": numbered(2), "day": at.date().isoformat(), "time": f"{at:%H:%M}", "course": "0"}
    counts = {"own": "1", "children": "2", "clients": "0", "assistants": "0"}
    async with behind_pin(kiosk) as staff:
        assert "Rivi on kirjattu." in await staff.press("/venue/paper", "/venue/paper", **line, **counts)
        assert numbered(2) not in await staff.read(f"/venue?day={at.date().isoformat()}")
    await kiosk.until_delivered()
    (row,) = register.uses()
    assert (row["own_ticket"], row["children"], row["reasons"]) == (True, 2, [])
    assert dt.datetime.fromisoformat(row["decided_at"]) == at


async def test_a_course_on_paper_counts_against_the_courses_of_the_card(
    kiosk: Kiosk, register: ServingRegister
) -> None:
    day = dt.datetime.now(ZoneInfo("Europe/Helsinki")).date() - dt.timedelta(days=1)
    line = {"number": numbered(2), "day": day.isoformat(), "course": "1", "own": "1"}
    counts = {"children": "0", "clients": "0", "assistants": "0"}
    async with behind_pin(kiosk) as staff:
        for time in ("12.00", "15.00"):
            answer = await staff.press("/venue/paper", "/venue/paper", **line, **counts, time=time)
            assert "Rivi on kirjattu." in answer
    await kiosk.until_delivered()
    rows = sorted(register.uses(), key=lambda row: str(row["decided_at"]))
    assert [(row["kind"], row["event"], row["reasons"]) for row in rows] == [
        ("course", None, ["already-used"]),
        ("course", None, ["course-limit", "already-used"]),
    ]


async def test_two_pages_that_confirm_at_once_record_one_use(kiosk: Kiosk, register: ServingRegister) -> None:
    await kiosk.show(numbered(3))
    presentation = kiosk.heard.desk["presentation"]
    await asyncio.gather(*(kiosk.press("confirm", presentation=presentation) for _ in range(5)))
    await kiosk.until_delivered()
    assert [use["id"] for use in register.uses()] == [presentation]


async def test_what_is_practised_reaches_neither_disk_nor_register(kiosk: Kiosk, register: ServingRegister) -> None:
    async with behind_pin(kiosk) as staff:
        await staff.press("/venue/mode", "/venue/desk", mode="practice", on="1")
        assert (await kiosk.show("KIOSKTESTGOOD"))["answer"] == "accept"
        practised = await kiosk.confirm()
        await kiosk.until(lambda heard: heard.desk["phase"] == "ready")
        await staff.press("/venue/mode", "/venue/desk", mode="practice", on="0")
    await kiosk.show(numbered(4))
    use = await kiosk.confirm()
    await kiosk.until_delivered()
    assert [row["id"] for row in register.uses()] == [use]
    assert [name for name, content in kiosk.files().items() if practised.encode() in content and "db" in name] == []


async def test_without_staff_a_card_is_recorded_by_itself_and_a_child_makes_it_one_use_of_both(
    kiosk: Kiosk, register: ServingRegister
) -> None:
    async with behind_pin(kiosk) as staff:
        await staff.press("/venue/mode", "/venue/desk", mode="self_service", on="1")
    kiosk.scan("DEMO-0002-PERHE")
    await kiosk.until(lambda heard: len(heard.recorded) == 1)
    (first,) = kiosk.heard.recorded
    await kiosk.press("child", use=first)
    await kiosk.until(lambda heard: len(heard.recorded) == 2)
    await kiosk.until_delivered()
    told = {row["id"]: (row["children"], row["annulled"]) for row in register.uses()}
    (second,) = kiosk.heard.recorded - {first}
    assert told == {first: (0, True), second: (1, False)}


async def test_a_locked_desk_keeps_a_card_and_is_locked_after_a_power_cut(kiosk: Kiosk) -> None:
    async with behind_pin(kiosk) as staff:
        await staff.press("/venue/mode", "/venue/desk", mode="locked", on="1")
    kiosk.scan(numbered(5))
    await kiosk.until(lambda heard: heard.desk["locked"] and len(heard.desk["tray"]) == 1)
    assert kiosk.heard.presentations == set()
    await kiosk.kill()
    await kiosk.start()
    assert kiosk.heard.desk["locked"]
    async with aiohttp.ClientSession(headers={"Accept": "text/html"}) as session:
        await session.post(f"{kiosk.url}/venue/pin", data={"pin": PIN})
    await kiosk.until(lambda heard: not heard.desk["locked"])
    assert (await kiosk.show(numbered(5)))["answer"] == "accept"


async def test_a_use_at_an_event_added_by_hand_reaches_the_register_with_its_name(
    kiosk: Kiosk, register: ServingRegister
) -> None:
    async with behind_pin(kiosk) as staff:
        page = await staff.press("/venue/events", "/venue/events", name="Runoilta")
        (event,) = re.findall(r'name="event" value="([^"]+)"', page)
        await kiosk.press("event", event=event)
        await kiosk.show(numbered(6))
        await kiosk.confirm()
        assert "Runoilta" in await staff.read("/venue")
    await kiosk.until_delivered()
    (row,) = register.uses()
    assert (row["event"], row["event_label"], row["reasons"]) == (None, "Runoilta", [])


async def test_a_stick_that_is_to_have_the_copies_and_is_not_in_is_said_in_health(
    tmp_path: Path, register: ServingRegister
) -> None:
    place = f'[backup]\nstick_folder = "{tmp_path}"'
    async with running_kiosk(tmp_path / "kiosk", register.url, register.token(), settings=place) as kiosk:
        await kiosk.until_logged(f"stick fails: no stick is in: nothing is mounted on {tmp_path}")
        async with behind_pin(kiosk) as staff:
            rows = re.findall(r'<tr class="broken"><th scope="row">(.*?)</th>', await staff.read("/venue/health"))
    assert rows == ["Varmuuskopiot muistitikulla"]
