"""Days and periods as the venue counts them, in the country's time zone."""

from __future__ import annotations

import datetime as dt
from typing import Literal
from zoneinfo import ZoneInfo

from register.model import ZONE, Span

ACADEMIC_YEAR_STARTS_IN = 8
"""August: the Finnish academic year runs from 1 August to 31 July (open in DOMAIN.md; the register's default)."""


def day_of(instant: dt.datetime) -> dt.date:
    """The local day of `instant` (aware)."""
    return instant.astimezone(ZoneInfo(ZONE)).date()


def span_of_day(day: dt.date) -> Span:
    """The local `day`, which has 23, 24 or 25 hours."""
    return Span(_midnight(day), _midnight(day + dt.timedelta(days=1)))


def span_of_period(period: Literal["calendar-year", "academic-year"], day: dt.date) -> Span:
    """The calendar or academic year that `day` is in."""
    if period == "calendar-year":
        return Span(_midnight(dt.date(day.year, 1, 1)), _midnight(dt.date(day.year + 1, 1, 1)))
    first = day.year if day.month >= ACADEMIC_YEAR_STARTS_IN else day.year - 1
    return Span(
        _midnight(dt.date(first, ACADEMIC_YEAR_STARTS_IN, 1)),
        _midnight(dt.date(first + 1, ACADEMIC_YEAR_STARTS_IN, 1)),
    )


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), ZoneInfo(ZONE)).astimezone(dt.UTC)
