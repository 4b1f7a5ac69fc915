"""A line of the paper form as it was typed, and what it means."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from kiosk.cards.model import Tickets, UseKind
from kiosk.screen.forms import MOST_TYPED_CHARS, Form
from kiosk.screen.office.days import time_typed
from kiosk.screen.office.event_forms import MOST_LABEL_CHARS, label_of

_KINDS = {"0": UseKind.ENTRANCE, "1": UseKind.COURSE}
"""By what stands in the form's column for a course, and in the CSV's."""


class BadLine(Exception):
    """What was typed cannot be a line of the form."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line."""

    id: str
    number: str = field(repr=False)
    at: dt.datetime
    kind: UseKind
    tickets: Tickets
    event: str | None = None
    """What stands in the form's column, where anything does."""


def read_line(form: Form, zone: ZoneInfo) -> Line:
    """The line in `form`, its day and time being the venue's; raises BadLine."""
    try:
        at = dt.datetime.combine(dt.date.fromisoformat(form["day"]), time_typed(form["time"]), tzinfo=zone)
        kind = _KINDS[form["course"]]
        counts = [_count(form[name]) for name in ("own", "children", "assistants", "clients")]
    except (KeyError, ValueError) as error:
        raise BadLine from error
    entry, number = _id(form.get("entry", "")), form.get("number", "").strip()
    event = label_of(form.get("event", ""))
    if len(event) > MOST_LABEL_CHARS or not entry or not 0 < len(number) <= MOST_TYPED_CHARS or counts[0] > 1:
        raise BadLine
    return Line(entry, number, at.astimezone(dt.UTC), kind, Tickets(*counts), event or None)


def _id(text: str) -> str:
    try:
        return str(uuid.UUID(text))
    except ValueError:
        return ""


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 2):  # noqa: PLR2004  # 99 at most, as at the desk
        raise ValueError
    return int(text)
