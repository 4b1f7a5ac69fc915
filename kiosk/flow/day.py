"""The day that a card's rules count in."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from kiosk.cards.trust import latest


def day_around(now: dt.datetime, zone: ZoneInfo) -> tuple[dt.datetime, dt.datetime]:
    """The local day of `now` in `zone` as two UTC instants: its start, and that of the next (23 to 25 hours later)."""
    today = now.astimezone(zone).date()
    bounds = (dt.datetime.combine(day, dt.time(), tzinfo=zone) for day in (today, today + dt.timedelta(days=1)))
    start, end = (bound.astimezone(dt.UTC) for bound in bounds)
    return start, end


def later_day(now: dt.datetime, newest_register_time: dt.datetime | None, zone: ZoneInfo) -> dt.datetime | None:
    """What the register told, where that is a local day after that of `now`: then «today» is that one; else None."""
    if newest_register_time is None or is_same_day(latest(now, newest_register_time), now, zone):
        return None
    return newest_register_time


def is_same_day(one: dt.datetime, other: dt.datetime, zone: ZoneInfo) -> bool:
    """Whether both are of one local day in `zone`."""
    return one.astimezone(zone).date() == other.astimezone(zone).date()
