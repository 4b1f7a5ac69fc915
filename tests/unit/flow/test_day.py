"""The local day, also on nights that lack an hour or have one twice, and with a clock that starts in 1970."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from kiosk.flow.day import day_around, is_same_day, later_day

HELSINKI = ZoneInfo("Europe/Helsinki")


def local(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=HELSINKI).astimezone(dt.UTC)


@pytest.mark.parametrize(
    ("now", "hours"),
    [("2026-03-29 02:59", 23), ("2026-03-29 04:00", 23), ("2026-10-25 03:30", 25), ("2026-11-24 00:00", 24)],
)
def test_a_day_lasts_from_midnight_to_midnight_however_long_that_is(now: str, hours: int) -> None:
    start, end = day_around(local(now), HELSINKI)
    assert (start, end - start) == (local(now[:10]), dt.timedelta(hours=hours))


@pytest.mark.parametrize(
    ("at", "newest", "other"),
    [
        pytest.param("1970-01-01 02:00", "2026-11-24 18:00", True, id="a boot in 1970"),
        pytest.param("2025-11-24 18:00", "2026-11-24 18:00", True, id="a year behind"),
        pytest.param("2026-11-24 18:00", "2026-11-24 18:01", False, id="a minute behind"),
        pytest.param("2026-11-24 23:59", "2026-11-25 00:00", True, id="a minute, and midnight between"),
        pytest.param("2027-11-24 18:00", "2026-11-24 18:00", False, id="a year ahead"),
        pytest.param("2026-10-25 03:10", "2026-10-25 03:20", False, id="in the hour that comes twice"),
    ],
)
def test_today_is_never_earlier_than_what_the_register_said(at: str, newest: str, other: bool) -> None:
    assert later_day(local(at), local(newest), HELSINKI) == (local(newest) if other else None)


def test_with_nothing_learnt_the_kiosks_own_day_counts() -> None:
    assert later_day(local("1970-01-01 02:00"), None, HELSINKI) is None


def test_a_day_is_the_venues_whichever_instant_is_named_first() -> None:
    evening, midnight = local("2026-11-24 23:59"), local("2026-11-25 00:00")
    assert [is_same_day(evening, midnight, HELSINKI), is_same_day(midnight, evening, HELSINKI)] == [False, False]
    assert is_same_day(midnight, local("2026-11-25 23:59"), HELSINKI)
