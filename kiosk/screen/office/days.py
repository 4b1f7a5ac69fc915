"""The days that a page of the venue is about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

_DAY = dt.timedelta(days=1)


def day_asked_for(text: str, today: dt.date) -> dt.date:
    """The day in an address such as 2026-03-14; today for anything else, and never a later one."""
    try:
        return min(dt.date.fromisoformat(text), today)
    except ValueError:
        return today


def time_asked_for(query: Mapping[str, str], today: dt.date) -> tuple[dt.date, dt.date, str]:
    """First and last day, and `month` or `year`: that of the day asked for, up to today."""
    day = day_asked_for(query.get("day", ""), today)
    if query.get("period") == "year":
        return day.replace(month=1, day=1), min(day.replace(month=12, day=31), today), "year"
    first = day.replace(day=1)
    return first, min((first + 32 * _DAY).replace(day=1) - _DAY, today), "month"


def around(day: dt.date, today: dt.date) -> dict[str, str]:
    """The day before, and the day after unless it is yet to come."""
    return {"before": (day - _DAY).isoformat(), "after": (day + _DAY).isoformat() if day < today else ""}


def bounds(zone: dt.tzinfo, first: dt.date, last: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """The local days from `first` to `last` as instants: the start of the one, the end of the other."""
    start, end = (dt.datetime.combine(day, dt.time(), tzinfo=zone).astimezone(dt.UTC) for day in (first, last + _DAY))
    return start, end
