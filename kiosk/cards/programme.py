"""Which event the desk serves now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from kiosk.cards.desk_state import EventChoice
from kiosk.cards.model import Event

DOORS_OPEN_BEFORE = dt.timedelta(minutes=60)
"""So long before its start an event is taken to be what visitors come for."""


def chosen_event(events: Sequence[Event], choice: EventChoice, now: dt.datetime) -> Event | None:
    """The event of `events` that `choice` stands for at `now`; None is general admission.

    An event chosen by hand that is no longer among `events` (cancelled, or of yesterday) leaves the choice to
    the time.
    """
    if choice.automatic:
        return event_now(events, now)
    if choice.event_id is None:
        return None
    return next((event for event in events if event.id == choice.event_id), None) or event_now(events, now)


def soonest_first(events: Iterable[Event], now: dt.datetime) -> tuple[Event, ...]:
    """`events` as staff look for them at `now`: those that have not ended, then the others, each in their order."""
    return tuple(sorted(events, key=lambda event: event.ends_at <= now))


def event_now(events: Iterable[Event], now: dt.datetime) -> Event | None:
    """The event whose visitors come at `now`: its doors are open, and it has not ended.

    Where several are, the one that starts last: its visitors arrive, those of the others sit already. Events
    that start together are told apart the same way each time (earliest end, then id); staff choose by hand.
    """
    served = [event for event in events if event.starts_at - DOORS_OPEN_BEFORE <= now < event.ends_at]
    latest_start = max((event.starts_at for event in served), default=None)
    together = (event for event in served if event.starts_at == latest_start)
    return min(together, key=lambda event: (event.ends_at, event.id), default=None)
