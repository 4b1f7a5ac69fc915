"""An event that staff added, because the register does not know it."""

from __future__ import annotations

import datetime as dt

from kiosk.cards.model import Event, Texts, UseKind


def event_by_hand(event_id: str, name: str, starts_at: dt.datetime, ends_at: dt.datetime, *, whole_day: bool) -> Event:
    """The event; nobody counts its places, and its name is the same in every language."""
    return Event(
        id=event_id,
        name=Texts(name, name, name),
        kind=UseKind.ENTRANCE,
        category=None,
        starts_at=starts_at,
        ends_at=ends_at,
        places=None,
        sold_out=False,
        by_hand=True,
        whole_day=whole_day,
    )
