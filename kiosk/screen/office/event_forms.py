"""An event that staff typed, and what it means."""

from __future__ import annotations

import datetime as dt
import unicodedata
import uuid
from zoneinfo import ZoneInfo

from kiosk.cards.by_hand import event_by_hand
from kiosk.cards.model import Event
from kiosk.screen.forms import Form
from kiosk.screen.office.days import bounds, time_typed

MOST_LABEL_CHARS = 80
"""As the contract has it (`Label`)."""
LASTS = dt.timedelta(hours=3)
"""How long an event with a time is taken to last: nobody is asked, and one tap chooses another."""


class BadEvent(Exception):
    """What was typed cannot be an event."""

    def __init__(self, wrong: tuple[str, ...] = ()) -> None:
        """`wrong` are the names of the fields to mend, as they stand in the form; none: no browser sent this."""
        super().__init__()
        self.wrong = wrong


def read_event(form: Form, today: dt.date, zone: ZoneInfo) -> Event:
    """The event of `today` in `form`, all day without a time; raises BadEvent with all that is wrong at once."""
    try:
        event_id = str(uuid.UUID(form.get("entry", "")))
    except ValueError as error:
        raise BadEvent from error
    name = label_of(form.get("name", ""))
    wrong = () if 0 < len(name) <= MOST_LABEL_CHARS else ("name",)
    try:
        at = time_typed(form["time"]) if form.get("time") else None
    except ValueError as error:
        raise BadEvent((*wrong, "time")) from error
    if wrong:
        raise BadEvent(wrong)
    starts_at, ends_at = bounds(zone, today, today)
    if at is not None:
        starts_at = dt.datetime.combine(today, at, tzinfo=zone).astimezone(dt.UTC)
        ends_at = starts_at + LASTS
    return event_by_hand(event_id, name, starts_at, ends_at, whole_day=at is None)


def label_of(text: str) -> str:
    """`text` on one line, without what is not to be seen."""
    return " ".join("".join(" " if unicodedata.category(char)[0] in "CZ" else char for char in text).split())
