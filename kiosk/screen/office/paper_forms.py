"""A line of the paper form as it was typed, and what it means."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from zoneinfo import ZoneInfo

from kiosk.cards.model import Tickets, UseKind
from kiosk.screen.forms import MOST_TYPED_CHARS, Form
from kiosk.screen.office.days import time_typed
from kiosk.screen.office.event_forms import MOST_LABEL_CHARS, label_of

_KINDS: Mapping[str, UseKind] = MappingProxyType({"0": UseKind.ENTRANCE, "1": UseKind.COURSE})
"""By what stands in the form's column for a course, and in the CSV's."""


class BadLine(Exception):
    """What was typed cannot be a line of the form."""

    def __init__(self, wrong: tuple[str, ...] = ()) -> None:
        """`wrong` are the names of the fields to mend, as they stand in the form; none: no browser sent this."""
        super().__init__()
        self.wrong = wrong


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
    """The line in `form`, its day and time being the venue's; raises BadLine with all that is wrong at once."""
    try:
        entry, day, kind = str(uuid.UUID(form["entry"])), dt.date.fromisoformat(form["day"]), _KINDS[form["course"]]
    except (KeyError, ValueError) as error:
        raise BadLine from error  # chosen, not typed
    wrong = tuple(name for name, is_good in _TYPED.items() if not is_good(form.get(name, "")))
    if wrong:
        raise BadLine(wrong)
    try:
        at = dt.datetime.combine(day, time_typed(form["time"]), tzinfo=zone).astimezone(dt.UTC)
    except OverflowError as error:
        raise BadLine(("day",)) from error  # the first day there is or the last: elsewhere it is no day at all
    tickets = Tickets(*(int(form[name]) for name in ("own", "children", "assistants", "clients")))
    return Line(entry, form["number"].strip(), at, kind, tickets, label_of(form.get("event", "")) or None)


def _is_number(text: str) -> bool:
    return 0 < len(text.strip()) <= MOST_TYPED_CHARS


def _is_time(text: str) -> bool:
    try:
        time_typed(text)
    except ValueError:
        return False
    return True


def _is_label(text: str) -> bool:
    return len(label_of(text)) <= MOST_LABEL_CHARS


def _is_own(text: str) -> bool:
    return text in ("0", "1")


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 2  # noqa: PLR2004  # 99 at most, as at the desk


_TYPED: Mapping[str, Callable[[str], bool]] = MappingProxyType(
    {
        "number": _is_number,
        "time": _is_time,
        "event": _is_label,
        "own": _is_own,
        "children": _is_count,
        "clients": _is_count,
        "assistants": _is_count,
    }
)
"""Each field that is typed, in the order of the form, and what it must be."""
