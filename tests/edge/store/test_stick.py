"""A stick that is to have the nightly copies: none in, none on it, or an old one is said."""

import datetime as dt
import os
from pathlib import Path

import pytest

from kiosk.health import Condition, Health
from kiosk.store.stick import StickWatch, newest_on
from tests.support.clock import NOON, FixedClock

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def laid(folder: Path, number: int, made_at: dt.datetime) -> None:
    copy = folder / f"kiosk-{number:06}-2026-03-14.db"
    copy.touch()
    os.utime(copy, (made_at.timestamp(), made_at.timestamp()))


async def test_an_old_copy_is_said_until_a_new_one_is_there(tmp_path: Path) -> None:
    clock = FixedClock()
    health = Health(clock)
    watch = StickWatch(tmp_path, clock=clock, health=health, is_in=lambda _: True)
    laid(tmp_path, 1, NOON)
    await watch.look()
    assert health.parts() == {"stick": Condition(True, NOON)}
    clock.utc += 4 * DAY
    await watch.look()
    assert health.parts() == {"stick": Condition(False, NOON + 4 * DAY, "the newest copy on the stick is 4 days old")}
    laid(tmp_path, 2, clock.utc)
    await watch.look()
    assert health.parts() == {"stick": Condition(True, NOON + 4 * DAY)}


async def test_a_stick_that_is_not_in_is_said_whatever_lies_in_its_place(tmp_path: Path) -> None:
    clock = FixedClock()
    health = Health(clock)
    laid(tmp_path, 1, NOON)
    await StickWatch(tmp_path, clock=clock, health=health).look()
    assert health.parts() == {"stick": Condition(False, NOON, f"no stick is in: nothing is mounted on {tmp_path}")}


def seen(folder: Path, *, trusted: bool = True) -> tuple[dt.datetime | None, str]:
    stick = newest_on(folder, FixedClock(trusted=trusted).now(), is_in=lambda _: True)
    return stick.made_at, stick.wrong


def test_a_stick_without_a_copy_is_said(tmp_path: Path) -> None:
    (tmp_path / "kiosk-000001-2026-03-14.db.new").touch()
    assert seen(tmp_path) == (None, "no copy is on the stick yet")


@pytest.mark.parametrize(
    ("age", "wrong"),
    [
        pytest.param(3 * DAY, "", id="three nights"),
        pytest.param(3 * DAY + HOUR, "the newest copy on the stick is 3 days old", id="more than three"),
        pytest.param(-DAY, "", id="a little ahead"),
        pytest.param(-DAY - HOUR, "the newest copy on the stick has a day that is still to come", id="far ahead"),
    ],
)
def test_a_copy_may_be_three_days_old(tmp_path: Path, age: dt.timedelta, wrong: str) -> None:
    laid(tmp_path, 1, NOON - age)
    assert seen(tmp_path) == (NOON - age, wrong)


def test_a_clock_that_nobody_vouches_for_says_nothing_of_a_copys_age(tmp_path: Path) -> None:
    laid(tmp_path, 1, NOON - 400 * DAY)
    assert seen(tmp_path, trusted=False) == (NOON - 400 * DAY, "")


def test_the_number_tells_which_copy_is_the_newest(tmp_path: Path) -> None:
    laid(tmp_path, 2, NOON)
    laid(tmp_path, 1, NOON + 300 * DAY)
    assert seen(tmp_path) == (NOON, "")


def test_a_stick_that_cannot_be_read_is_said_with_the_reason(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    assert seen(file) == (None, f"{file} cannot be read: Not a directory")
