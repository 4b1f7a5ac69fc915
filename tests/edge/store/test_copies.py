"""Copies of the database: whole, numbered, never more than the disk bears; and back again with nothing lost."""

from __future__ import annotations

import datetime as dt
import os
import sqlite3
import stat
from contextlib import closing
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from kiosk.cards.exchange import Fate, Settlement
from kiosk.errors import StoreFault, StoreTooNew, StoreUnavailable
from kiosk.health import Health
from kiosk.store.chain import ChainReport, verify_chain
from kiosk.store.copier import Copier, Plan, is_due
from kiosk.store.copies import copies_in, drop_copies_for_room, make_copy, rows_of
from kiosk.store.database import Database
from kiosk.store.ledger import Ledger
from kiosk.store.outbox import Outbox
from kiosk.store.restore import files_put_aside, restore
from kiosk.store.time_on import time_on_file_of
from tests.edge.store.samples import NOON, a_refusal, a_use, an_annulment
from tests.support.clock import FixedClock

GB = 1024**3
HELSINKI = ZoneInfo("Europe/Helsinki")


def copied(path: Path, folder: Path, *, keep: int = 7, free: int = GB) -> Path:
    return make_copy(path, folder, NOON, keep=keep, free_bytes=lambda _: free).path


def names(folder: Path) -> list[str]:
    return [path.name for path in copies_in(folder)]


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def everything_in(folder: Path) -> list[Path]:
    return list(folder.iterdir())


def size_of(path: Path) -> int:
    return path.stat().st_size


def damage_leaf(path: Path, table: str) -> None:
    with path.open("r+b") as file:
        file.seek((leaf_of(path, table) - 1) * 4096)
        file.write(b"\xff" * 4096)


def move(path: Path, there: Path) -> None:
    path.rename(there)


async def fill(db: Database, first: int, last: int) -> None:
    for number in range(first, last + 1):
        await Ledger(db).record(a_use(number))


async def use_ids(path: Path) -> list[str]:
    db = Database.open(path, kept_free_bytes=0)
    try:
        return [each.item.id for each in await Outbox(db).due(NOON, 10_000)]
    finally:
        db.close()


async def test_a_copy_of_a_database_in_use_holds_all_of_it_and_is_private(
    path: Path, db: Database, ledger: Ledger, tmp_path: Path
) -> None:
    await fill(db, 1, 3)
    await ledger.annul(an_annulment(a_use(1)))
    await ledger.count_refusal(a_refusal())
    copy = make_copy(path, tmp_path / "copies", NOON, keep=7, free_bytes=lambda _: GB)
    assert copy.rows == {"uses": 3, "annulments": 1, "refusals": 1, "outbox": 5}
    assert names(tmp_path / "copies") == ["kiosk-000001-2026-03-14.db"]
    assert mode_of(copy.path) == 0o600
    await fill(db, 4, 4)
    assert rows_of(copy.path)["uses"] == 3


def test_the_newest_copies_stay_whatever_the_clock_says(path: Path, db: Database, tmp_path: Path) -> None:
    folder = tmp_path / "copies"
    for at in (NOON, NOON + dt.timedelta(days=365), dt.datetime(1970, 1, 1, tzinfo=dt.UTC), NOON):
        make_copy(path, folder, at, keep=2, free_bytes=lambda _: GB)
    assert names(folder) == ["kiosk-000004-2026-03-14.db", "kiosk-000003-1970-01-01.db"]
    assert db.path == path


def test_half_a_copy_of_an_earlier_try_is_cleared_away_and_never_taken_for_one(
    path: Path, db: Database, tmp_path: Path
) -> None:
    folder = tmp_path / "copies"
    folder.mkdir()
    (folder / "kiosk-000001-2026-03-14.db.new").write_bytes(b"half")
    (folder / "holiday.jpg").write_bytes(b"not ours")
    copied(path, folder)
    assert sorted(each.name for each in folder.iterdir()) == ["holiday.jpg", "kiosk-000001-2026-03-14.db"]
    assert db.path == path


def test_where_the_disk_has_no_room_older_copies_go_and_the_newest_stays(
    path: Path, db: Database, tmp_path: Path
) -> None:
    folder = tmp_path / "copies"
    for _ in range(3):
        copied(path, folder)
    with pytest.raises(StoreUnavailable, match="no room for a copy") as error:
        copied(path, folder, free=1000)
    assert error.value.fault is StoreFault.FULL
    assert names(folder) == ["kiosk-000003-2026-03-14.db"]
    drop_copies_for_room(folder, free_bytes=lambda _: 0)
    assert names(folder) == ["kiosk-000003-2026-03-14.db"]
    assert db.path == path


async def test_a_damaged_database_is_told_and_its_earlier_copy_stays(path: Path, tmp_path: Path) -> None:
    db = Database.open(path, kept_free_bytes=0)
    await fill(db, 1, 3)
    db.close()
    copied(path, tmp_path / "copies")
    write_over(path, "cards")
    with pytest.raises(StoreUnavailable, match="damaged") as error:
        copied(path, tmp_path / "copies", keep=1)
    assert error.value.fault is StoreFault.DAMAGED
    assert names(tmp_path / "copies") == ["kiosk-000001-2026-03-14.db"]
    assert len(everything_in(tmp_path / "copies")) == 1


async def test_the_copier_copies_once_a_day_and_tells_of_damage(path: Path, tmp_path: Path) -> None:
    Database.open(path, kept_free_bytes=0).close()
    clock = FixedClock(dt.datetime.now(dt.UTC))
    health = Health(clock)
    heard: list[StoreUnavailable] = []
    copier = Copier(
        Plan(path, tmp_path / "copies", 7, 4, HELSINKI), clock=clock, health=health, found_damaged=heard.append
    )
    await copier.look()
    await copier.look()
    assert len(names(tmp_path / "copies")) == 1
    clock.utc += dt.timedelta(days=1, minutes=1)
    await copier.look()
    assert (len(names(tmp_path / "copies")), health.parts()["backup"].ok, heard) == (2, True, [])
    write_over(path, "cards")
    clock.utc += dt.timedelta(days=1)
    await copier.look()
    assert (health.parts()["backup"].ok, [each.fault for each in heard]) == (False, [StoreFault.DAMAGED])


@pytest.mark.parametrize(
    ("newest_at", "now", "on_for_h", "due"),
    [
        pytest.param(None, "2026-03-14 01:00", 0, True, id="there is none"),
        pytest.param("2026-03-14 03:59", "2026-03-14 04:00", None, True, id="the hour has come"),
        pytest.param("2026-03-14 04:00", "2026-03-14 23:00", None, False, id="made today"),
        pytest.param("2026-03-13 04:00", "2026-03-14 03:59", None, False, id="before the hour"),
        pytest.param("2026-03-12 20:00", "2026-03-14 03:59", None, True, id="off all of yesterday"),
        pytest.param("2026-03-28 04:00", "2026-03-29 04:30", None, True, id="the night that lacks an hour"),
        pytest.param("2026-10-25 04:30", "2026-10-25 05:00", None, False, id="the night that has one twice"),
        pytest.param("2026-03-13 04:00", "2027-03-14 05:00", 11.9, False, id="a clock nobody vouches for"),
        pytest.param(
            "2026-03-13 04:00", "1970-01-01 02:00", 12, True, id="on for twelve hours, whatever the clock says"
        ),
        pytest.param("2027-03-14 04:00", "2026-03-14 05:00", None, True, id="made by a clock a year ahead"),
    ],
)
def test_a_copy_is_due(newest_at: str | None, now: str, on_for_h: float | None, due: bool, tmp_path: Path) -> None:
    plan = Plan(tmp_path, tmp_path, 7, 4, HELSINKI)
    made = None if newest_at is None else local(newest_at)
    on_for = None if on_for_h is None else dt.timedelta(hours=on_for_h)
    assert is_due(made, local(now), plan, on_for=on_for) is due


class Kiosk:
    """A copier on a machine that nobody tells the time, which is on and off."""

    def __init__(self, path: Path, folder: Path, clock: FixedClock | None = None) -> None:
        self.clock = clock or FixedClock(dt.datetime(1970, 1, 1, tzinfo=dt.UTC), trusted=False)
        self.folder = folder
        self.copier = Copier(
            Plan(path, folder, 7, 4, HELSINKI),
            clock=self.clock,
            health=Health(self.clock),
            found_damaged=lambda _: None,
            dated=lambda copy, at: os.utime(copy, (at.timestamp(), at.timestamp())),
        )

    def boot(self, boot_id: str) -> None:
        """Off, and on again: in 1970."""
        self.clock.utc, self.clock.monotonic_ms, self.clock.boot_id = dt.datetime(1970, 1, 1, tzinfo=dt.UTC), 0, boot_id

    async def is_on_for(self, hours: float) -> list[str]:
        """Look now and then for so long; the numbers of the copies that there are then."""
        for _ in range(round(hours * 2)):
            self.clock.pass_by(1800)
            await self.copier.look()
        return [name.split("-")[1] for name in names(self.folder)]


async def test_a_kiosk_that_never_hears_the_time_makes_a_copy_for_each_twelve_hours_that_it_is_on(
    path: Path, tmp_path: Path
) -> None:
    Database.open(path, kept_free_bytes=0).close()
    kiosk = Kiosk(path, tmp_path / "copies")
    assert await kiosk.is_on_for(12) == ["000001"]
    assert await kiosk.is_on_for(1) == ["000002", "000001"]
    assert len(await kiosk.is_on_for(48)) == 6


async def test_boots_in_1970_are_added_up_and_do_not_push_the_copies_out(path: Path, tmp_path: Path) -> None:
    Database.open(path, kept_free_bytes=0).close()
    kiosk = Kiosk(path, tmp_path / "copies")
    for number, copies in enumerate((1, 1, 1, 2, 2, 2, 3, 3)):
        kiosk.boot(f"boot-{number}")
        assert len(await kiosk.is_on_for(4)) == copies, number


async def test_a_process_that_starts_again_goes_on_counting(path: Path, tmp_path: Path) -> None:
    Database.open(path, kept_free_bytes=0).close()
    clock = FixedClock(dt.datetime(1970, 1, 1, tzinfo=dt.UTC), trusted=False)
    assert len(await Kiosk(path, tmp_path / "copies", clock).is_on_for(7)) == 1
    assert len(await Kiosk(path, tmp_path / "copies", clock).is_on_for(5.5)) == 2


async def test_a_note_that_cannot_be_read_or_written_begins_anew_and_stops_nothing(path: Path, tmp_path: Path) -> None:
    Database.open(path, kept_free_bytes=0).close()
    kiosk = Kiosk(path, tmp_path / "copies")
    assert len(await kiosk.is_on_for(7)) == 1
    time_on_file_of(path).write_bytes(b'{"copy": 7')
    assert len(await kiosk.is_on_for(12)) == 1
    assert len(await kiosk.is_on_for(1)) == 2
    time_on_file_of(path).unlink()
    time_on_file_of(path).mkdir()
    assert len(await kiosk.is_on_for(1)) == 2


async def test_a_lost_database_comes_back_with_every_use_of_the_copy(path: Path, tmp_path: Path) -> None:
    db = Database.open(path, kept_free_bytes=0)
    await fill(db, 1, 5)
    await Outbox(db).settle([Settlement(a_use(1).id, Fate.DELIVERED)])
    db.close()
    copy = copied(path, tmp_path / "copies")
    move(path, tmp_path / "lost")
    done = restore(copy, path)
    assert (done.uses, done.saved, done.aside) == (5, 0, None)
    assert mode_of(path) == 0o600
    assert await use_ids(path) == [a_use(number).id for number in range(2, 6)]


async def test_what_the_old_database_has_beyond_the_copy_is_taken_over(path: Path, tmp_path: Path) -> None:
    db = Database.open(path, kept_free_bytes=0)
    await fill(db, 1, 3)
    copy = copied(path, tmp_path / "copies")
    await fill(db, 4, 6)
    await Ledger(db).annul(an_annulment(a_use(2)))
    await Outbox(db).settle([Settlement(a_use(4).id, Fate.DELIVERED)])
    db.close()
    done = restore(copy, path)
    assert (done.uses, done.saved) == (6, 4)
    assert files_put_aside(path) == [done.aside]
    waiting = [a_use(number).id for number in (1, 2, 3, 5, 6)]
    assert await use_ids(path) == [*waiting, an_annulment(a_use(2)).id]


async def test_readable_records_of_a_damaged_database_are_taken_over(path: Path, tmp_path: Path) -> None:
    db = Database.open(path, kept_free_bytes=0)
    await fill(db, 1, 50)
    copy = copied(path, tmp_path / "copies")
    await fill(db, 51, 400)
    db.close()
    before = size_of(path)
    damage_leaf(path, "uses")
    done = restore(copy, path)
    assert 50 < done.uses < 400
    assert done.aside is not None
    assert size_of(done.aside) == before
    kept = await use_ids(path)
    assert len(kept) == len(set(kept)) == done.uses
    assert a_use(400).id in kept, "what lies behind the damage is read from the other end"
    again = restore(copy, path)
    assert (again.uses, again.saved) == (done.uses, done.uses - 50)


async def test_a_use_made_after_an_earlier_restore_keeps_its_place(path: Path, tmp_path: Path) -> None:
    db = Database.open(path, kept_free_bytes=0)
    await fill(db, 1, 2)
    copy = copied(path, tmp_path / "copies")
    await fill(db, 3, 3)
    db.close()
    move(path, path.with_name(f"{path.name}.aside-1"))
    assert restore(copy, path).saved == 1, "from what was put aside"
    assert await use_ids(path) == [a_use(number).id for number in (1, 2, 3)]


async def test_what_is_taken_over_keeps_its_links_and_is_the_same_to_the_register(path: Path, tmp_path: Path) -> None:
    db = Database.open(path, kept_free_bytes=0)
    await fill(db, 1, 2)
    copy = copied(path, tmp_path / "copies")
    await fill(db, 3, 5)
    sent = await Outbox(db).due(NOON, 10)
    db.close()
    restore(copy, path)
    with closing(Database.open(path, kept_free_bytes=0)) as restored:
        assert await Outbox(restored).due(NOON, 10) == sent
        assert await restored.read(verify_chain) == ChainReport(links=5, before=0, faults=())
        await fill(restored, 6, 6)
        *_, last = await Outbox(restored).due(NOON, 10)
        assert last.link is not None
        assert last.link.position == 1, "whatever the old database had, the next use stands at a place that is free"


async def test_what_a_damaged_database_gives_is_never_linked_to_the_wrong_use(path: Path, tmp_path: Path) -> None:
    db = Database.open(path, kept_free_bytes=0)
    await fill(db, 1, 50)
    copy = copied(path, tmp_path / "copies")
    await fill(db, 51, 400)
    sent = {each.item.id: each.link for each in await Outbox(db).due(NOON, 500)}
    db.close()
    damage_leaf(path, "links")
    restore(copy, path)
    with closing(Database.open(path, kept_free_bytes=0)) as restored:
        links = {each.item.id: each.link for each in await Outbox(restored).due(NOON, 500)}
    assert links.keys() == sent.keys()
    assert 50 < sum(link is not None for link in links.values()) < 400
    assert all(link in (None, sent[use_id]) for use_id, link in links.items())


@pytest.mark.parametrize("content", [b"", b"A shopping list. " * 999])
def test_what_is_no_whole_copy_is_refused_and_the_database_stays(content: bytes, path: Path, tmp_path: Path) -> None:
    Database.open(path, kept_free_bytes=0).close()
    before = path.read_bytes()
    (tmp_path / "list.db").write_bytes(content)
    with pytest.raises(StoreUnavailable):
        restore(tmp_path / "list.db", path)
    assert path.read_bytes() == before
    assert [each.name for each in path.parent.glob("kiosk.db*")] == ["kiosk.db"]


def test_a_copy_of_a_newer_version_is_refused(path: Path, tmp_path: Path) -> None:
    Database.open(path, kept_free_bytes=0).close()
    copy = copied(path, tmp_path / "copies")
    with closing(sqlite3.connect(copy, isolation_level=None)) as db:
        db.execute("UPDATE _sqlite_migrations SET name = '9999_from_the_future' WHERE name = '0001_first_light'")
    with pytest.raises(StoreTooNew):
        restore(copy, path)
    assert [each.name for each in path.parent.glob("kiosk.db*")] == ["kiosk.db"]


def local(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=HELSINKI).astimezone(dt.UTC)


def write_over(path: Path, table: str) -> None:
    with closing(sqlite3.connect(path)) as db:
        (root,) = db.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (table,)).fetchone()
    with path.open("r+b") as file:
        file.seek((root - 1) * 4096)
        file.write(b"\xff" * 4096)


def leaf_of(path: Path, table: str) -> int:
    """The second child of the table's root: its number stands in the page as the root's cells say."""
    with closing(sqlite3.connect(path)) as db:
        (root,) = db.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (table,)).fetchone()
    page = path.read_bytes()[(root - 1) * 4096 : root * 4096]
    assert page[0] in (2, 5), "more than one page"
    cell = int.from_bytes(page[14:16], "big")  # the second of the pointers that follow the 12 bytes of the head
    return int.from_bytes(page[cell : cell + 4], "big")
