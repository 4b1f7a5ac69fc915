"""Days and periods in the country's time zone."""

from __future__ import annotations

import datetime as dt

import pytest

from register.clock import from_ms, to_ms
from register.rules.days import day_of, span_of_day, span_of_period


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        ("2026-03-10T21:59:59.999", dt.date(2026, 3, 10)),
        ("2026-03-10T22:00:00", dt.date(2026, 3, 11)),
        ("2026-07-10T20:59:59.999", dt.date(2026, 7, 10)),
        ("2026-07-10T21:00:00", dt.date(2026, 7, 11)),
    ],
)
def test_the_day_changes_at_midnight_in_helsinki_in_winter_and_in_summer(instant: str, day: dt.date) -> None:
    assert day_of(utc(instant)) == day


@pytest.mark.parametrize(
    ("day", "hours"), [(dt.date(2026, 3, 28), 24), (dt.date(2026, 3, 29), 23), (dt.date(2026, 10, 25), 25)]
)
def test_the_days_of_the_change_to_and_from_summer_time_are_shorter_and_longer(day: dt.date, hours: int) -> None:
    span = span_of_day(day)
    assert span.end - span.start == dt.timedelta(hours=hours)
    assert day_of(span.start) == day
    assert day_of(span.end) == day + dt.timedelta(days=1)


def test_an_academic_year_is_from_august_to_july() -> None:
    first, last = dt.date(2025, 8, 1), dt.date(2026, 7, 31)
    span = span_of_period("academic-year", first)
    assert (span.start, span.end) == (utc("2025-07-31T21:00:00"), utc("2026-07-31T21:00:00"))
    assert span_of_period("academic-year", last) == span
    assert span_of_period("academic-year", last + dt.timedelta(days=1)).start == span.end


def test_a_calendar_year_is_from_january_to_december() -> None:
    span = span_of_period("calendar-year", dt.date(2026, 12, 31))
    assert (span.start, span.end) == (utc("2025-12-31T22:00:00"), utc("2026-12-31T22:00:00"))


def test_milliseconds_and_instants_are_the_same_thing_also_before_1970() -> None:
    for instant in (utc("1969-12-31T23:59:59.999"), utc("2026-03-10T12:00:00.001"), utc("9999-12-01T00:00:00")):
        assert from_ms(to_ms(instant)) == instant
    assert to_ms(utc("1970-01-01T00:00:00.001999")) == 1
