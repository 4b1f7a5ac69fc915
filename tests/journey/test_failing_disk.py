"""Whatever the disk does, the desk says why it is closed, records nothing, and opens again by itself."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import sqlite3
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiohttp
import pytest

from tests.journey.conftest import numbered
from tests.support.kiosk import LIMIT_S, LOOK_S, Kiosk
from tests.support.register import ServingRegister
from tests.support.small_disk import MB, SmallDisk, breakable_disk, small_disk

SETTINGS = '[lamps]\nkind = "simulated"\n'


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    """The disk of the kiosk's state; the kiosk keeps 32 MB of it free."""
    with small_disk(tmp_path / "disk", 64) as mounted:
        yield mounted


@contextlib.asynccontextmanager
async def kiosk_in(tmp_path: Path, state: Path, register: ServingRegister) -> AsyncIterator[Kiosk]:
    """A kiosk with its records in `state`, not started yet."""
    kiosk = Kiosk(tmp_path / "kiosk", register.url, register.token(), settings=SETTINGS)
    kiosk.config.write_text(kiosk.config.read_text().replace(str(kiosk.state), str(state)), encoding="utf-8")
    kiosk.state = state
    try:
        yield kiosk
    finally:
        await kiosk.close()


async def page(kiosk: Kiosk) -> str:
    """The staff page in English, as soon as it is served."""
    async with asyncio.timeout(LIMIT_S), aiohttp.ClientSession() as session:
        while True:
            try:
                async with session.get(f"{kiosk.url}/?language=en") as answer:
                    assert answer.status == 200
                    return await answer.text()
            except aiohttp.ClientConnectorError:
                await asyncio.sleep(LOOK_S)


async def until_closed(kiosk: Kiosk, why: str) -> None:
    await kiosk.until(lambda heard: (heard.desk.get("phase"), heard.desk.get("why")) == ("out-of-service", why))
    assert 'class="lamp red on"' in await page(kiosk)


async def until_open(kiosk: Kiosk) -> None:
    await kiosk.until(lambda heard: heard.desk.get("phase") == "ready")


def damage(database: Path, table: str) -> None:
    """Write over the table's first page."""
    with contextlib.closing(sqlite3.connect(database)) as db:
        (root,) = db.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (table,)).fetchone()
        (size,) = db.execute("PRAGMA page_size").fetchone()
    with database.open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(b"\xde\xad" * (size // 2))


async def test_a_full_disk_closes_the_desk_until_there_is_room(
    tmp_path: Path, disk: SmallDisk, register: ServingRegister
) -> None:
    async with kiosk_in(tmp_path, disk.folder / "state", register) as kiosk:
        await kiosk.start()
        pid = kiosk.pid
        await kiosk.show(numbered(1))
        disk.fill(but_bytes=20 * MB)
        await kiosk.press("confirm", presentation=str(kiosk.heard.desk["presentation"]))
        await until_closed(kiosk, "disk-full")
        assert kiosk.heard.recorded == set()
        assert "storage is full" in await page(kiosk)
        disk.clear()
        await until_open(kiosk)
        await kiosk.show(numbered(1))
        use = await kiosk.confirm()
        await kiosk.until_delivered()
        assert kiosk.pid == pid
    assert [each["id"] for each in register.uses()] == [use]


async def test_a_start_on_a_disk_with_no_byte_left_serves_the_page_and_opens_when_there_is_room(
    tmp_path: Path, disk: SmallDisk, register: ServingRegister
) -> None:
    async with kiosk_in(tmp_path, disk.folder / "state", register) as kiosk:
        await kiosk.start()
        assert await kiosk.stop() == 0
        disk.fill(but_bytes=0)
        await kiosk.launch()
        await until_closed(kiosk, "disk-full")
        assert "storage is full" in await page(kiosk)
        disk.clear()
        await until_open(kiosk)


async def test_a_disk_that_is_full_at_the_enrolment_costs_no_token(
    tmp_path: Path, disk: SmallDisk, register: ServingRegister
) -> None:
    async with kiosk_in(tmp_path, disk.folder / "state", register) as kiosk:
        disk.fill(but_bytes=0)
        await kiosk.launch()
        await until_closed(kiosk, "disk-full")
        await kiosk.until_logged("enrolment fails")
        disk.clear()
        await until_open(kiosk)


async def test_a_start_on_a_read_only_disk_serves_the_page_and_opens_when_it_takes_writes(
    tmp_path: Path, disk: SmallDisk, register: ServingRegister
) -> None:
    async with kiosk_in(tmp_path, disk.folder / "state", register) as kiosk:
        await kiosk.start()
        await kiosk.show(numbered(1))
        use = await kiosk.confirm()
        assert await kiosk.stop() == 0
        disk.make_read_only()
        await kiosk.launch()
        await until_closed(kiosk, "disk-read-only")
        assert "storage can only be read" in await page(kiosk)
        disk.make_writable()
        await until_open(kiosk)
        assert kiosk.heard.desk["undoable"] == [use]


async def test_a_disk_that_the_kernel_makes_read_only_under_a_serving_kiosk_closes_the_desk(
    tmp_path: Path, register: ServingRegister
) -> None:
    with breakable_disk(tmp_path / "card", 128) as card:
        async with kiosk_in(tmp_path, card.folder / "state", register) as kiosk:
            await kiosk.start()
            await kiosk.show(numbered(1))
            use = await kiosk.confirm()
            await kiosk.until_delivered()
            await kiosk.show(numbered(2))
            card.break_()
            await kiosk.press("confirm", presentation=str(kiosk.heard.desk["presentation"]))
            await until_closed(kiosk, "disk-read-only")
            assert kiosk.heard.recorded == {use}
            assert "storage can only be read" in await page(kiosk)
            assert await kiosk.stop() == 0
            card.mend()
            await kiosk.start()
            assert kiosk.heard.desk["undoable"] == [use]
            await kiosk.show(numbered(2))
            await kiosk.confirm()
            await kiosk.until_delivered()
            await kiosk.stop()


@pytest.mark.parametrize("table", ["uses", "outbox", "sqlite_autoindex_outbox_1"])
async def test_a_damaged_page_closes_the_desk_until_a_whole_file_is_in_its_place(
    table: str, tmp_path: Path, register: ServingRegister
) -> None:
    async with kiosk_in(tmp_path, tmp_path / "state", register) as kiosk:
        await kiosk.start()
        await kiosk.show(numbered(1))
        use = await kiosk.confirm()
        await kiosk.until_delivered()
        assert await kiosk.stop() == 0
        database = kiosk.state / "kiosk.db"
        whole = tmp_path / "whole.db"
        shutil.copy(database, whole)
        damage(database, table)
        await kiosk.launch()
        await until_closed(kiosk, "database-damaged")
        assert "records are damaged" in await page(kiosk)
        shutil.copy(whole, database)
        await until_open(kiosk)
        assert kiosk.heard.desk["undoable"] == [use]


async def test_a_page_damaged_under_a_serving_kiosk_closes_the_desk_and_stays_told(
    tmp_path: Path, register: ServingRegister
) -> None:
    async with kiosk_in(tmp_path, tmp_path / "state", register) as kiosk:
        await kiosk.start()
        assert await kiosk.stop() == 0
        damage(kiosk.state / "kiosk.db", "cards")  # not looked at by the start
        await kiosk.start()
        kiosk.scan(numbered(1))
        await until_closed(kiosk, "database-damaged")
        await kiosk.until_logged("database fails")
        assert kiosk.heard.recorded == set()


async def test_records_of_a_newer_program_are_left_alone_and_told(tmp_path: Path, register: ServingRegister) -> None:
    async with kiosk_in(tmp_path, tmp_path / "state", register) as kiosk:
        await kiosk.start()
        assert await kiosk.stop() == 0
        with contextlib.closing(sqlite3.connect(kiosk.state / "kiosk.db", isolation_level=None)) as db:
            db.execute("UPDATE _sqlite_migrations SET name = '9999_from_the_future' WHERE name = '0001_first_light'")
        await kiosk.launch()
        await until_closed(kiosk, "database-too-new")
        assert "newer version" in await page(kiosk)
        with contextlib.closing(sqlite3.connect(kiosk.state / "kiosk.db", isolation_level=None)) as db:
            db.execute("UPDATE _sqlite_migrations SET name = '0001_first_light' WHERE name = '9999_from_the_future'")
        await until_open(kiosk)
