"""The days that a page of the venue is about."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping

_DAY = dt.timedelta(days=1)
_TIME = re.compile(r"([0-9]{1,2})(?:[.: ]?([0-9]{2}))?")
MONTHS_SHOWN = 36


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


def time_typed(text: str) -> dt.time:
    """The time of day in 18.30, 18:30, 1830 or 18; raises ValueError.

    Typed as text: what a browser's own field for times looks like goes by the browser's language, not by the page's.
    """
    read = _TIME.fullmatch(text.strip())
    if read is None:
        raise ValueError(text)
    return dt.time(int(read[1]), int(read[2] or 0))


def days_until(today: dt.date, count: int) -> list[dt.date]:
    """The last `count` days, today first."""
    return [today - each * _DAY for each in range(count)]


def months_until(today: dt.date) -> list[dt.date]:
    """The first days of the last three years' months, that of today first."""
    index = today.year * 12 + today.month - 1
    return [dt.date(each // 12, each % 12 + 1, 1) for each in range(index, index - MONTHS_SHOWN, -1)]
