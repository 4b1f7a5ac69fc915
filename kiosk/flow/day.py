"""The day that a card's rules count in."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo


def day_around(now: dt.datetime, zone: ZoneInfo) -> tuple[dt.datetime, dt.datetime]:
    """The local day of `now` in `zone` as two UTC instants: its start, and that of the next (23 to 25 hours later)."""
    today = now.astimezone(zone).date()
    bounds = (dt.datetime.combine(day, dt.time(), tzinfo=zone) for day in (today, today + dt.timedelta(days=1)))
    start, end = (bound.astimezone(dt.UTC) for bound in bounds)
    return start, end


def is_other_day(at: dt.datetime, newest_register_time: dt.datetime | None, zone: ZoneInfo) -> bool:
    """Whether the register has told of a local day after that of `at`: then «today» is that one."""
    if newest_register_time is None or newest_register_time <= at:
        return False
    return newest_register_time.astimezone(zone).date() > at.astimezone(zone).date()
