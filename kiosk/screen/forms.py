"""From a pressed button or typed number to what happens at the desk; bad input becomes a clear sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from urllib.parse import parse_qsl

from kiosk.cards.desk_events import (
    BroughtBack,
    CancelPressed,
    ChildAdded,
    ConfirmPressed,
    DeskEvent,
    EventChosen,
    Scanned,
    TicketsSet,
    UndoPressed,
)
from kiosk.cards.desk_state import EventChoice
from kiosk.cards.model import Scan, Tickets
from kiosk.clock import Moment
from kiosk.ids import new_id
from kiosk.screen.translations import Translator
from kiosk.screen.verdicts import MOST_TICKETS

MOST_TYPED_CHARS = 200
MOST_ID_CHARS = 64
MOST_FIELDS = 16
SOURCE = "page"

Form = Mapping[str, str]


class BadForm(Exception):
    """What was sent cannot be used; the text is for the person who sent it."""


def fields_of(body: bytes) -> Form:
    """The fields of a form in a browser's own encoding; a body that is none has no fields."""
    try:
        return dict(parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=MOST_FIELDS))
    except ValueError:
        return {}


def read_form(path: str, form: Form, now: Moment, t: Translator) -> DeskEvent:
    """What the form of `path` (such as `/confirm`) means; raises BadForm with a sentence in the page's language."""
    return _READERS[path](form, now, t)


def _confirm(form: Form, now: Moment, t: Translator) -> DeskEvent:
    return ConfirmPressed(_id(form, "presentation", t), now.monotonic_ms)


def _cancel(form: Form, now: Moment, t: Translator) -> DeskEvent:
    return CancelPressed(_id(form, "presentation", t), now.monotonic_ms)


def _bring_back(form: Form, now: Moment, t: Translator) -> DeskEvent:
    return BroughtBack(_id(form, "presentation", t), now.monotonic_ms)


def _undo(form: Form, now: Moment, t: Translator) -> DeskEvent:
    return UndoPressed(_id(form, "use", t), now.utc, now.monotonic_ms)


def _tickets(form: Form, now: Moment, t: Translator) -> DeskEvent:
    counts = {name: _count(form, name, t) for name in ("own", "children", "assistants", "clients")}
    if counts["own"] > 1:
        raise BadForm(t.gettext("A card gives its holder one own ticket."))
    return TicketsSet(_id(form, "presentation", t), Tickets(**counts), now.monotonic_ms)


def _child(form: Form, now: Moment, t: Translator) -> DeskEvent:
    return ChildAdded(_id(form, "use", t), new_id(now.utc), now.monotonic_ms)


def _event(form: Form, now: Moment, t: Translator) -> DeskEvent:
    wanted = _id(form, "event", t)
    if wanted == "automatic":
        return EventChosen(EventChoice(), now.monotonic_ms)
    event_id = None if wanted == "general" else wanted
    return EventChosen(EventChoice(automatic=False, event_id=event_id), now.monotonic_ms)


def _scan(form: Form, now: Moment, t: Translator) -> DeskEvent:
    typed = form.get("number", "").strip()
    if not typed:
        raise BadForm(t.gettext("Type the card's number first."))
    if len(typed) > MOST_TYPED_CHARS:
        raise BadForm(t.gettext("That is too long for a card number."))
    return Scanned(Scan(typed, SOURCE), now.monotonic_ms)


_READERS: Mapping[str, Callable[[Form, Moment, Translator], DeskEvent]] = MappingProxyType(
    {
        "/confirm": _confirm,
        "/cancel": _cancel,
        "/bring-back": _bring_back,
        "/undo": _undo,
        "/tickets": _tickets,
        "/child": _child,
        "/event": _event,
        "/scan": _scan,
    }
)
PATHS = tuple(_READERS)


def _id(form: Form, name: str, t: Translator) -> str:
    value = form.get(name, "").strip()
    if not value or len(value) > MOST_ID_CHARS:
        raise BadForm(t.gettext("Something is missing: nothing was changed. Try again."))
    return value


def _count(form: Form, name: str, t: Translator) -> int:
    value = form.get(name, "")
    # Only ASCII digits: int() would also take signs, spaces and other scripts.
    if not (value.isascii() and value.isdigit()) or len(value) > len(str(MOST_TICKETS)):
        raise BadForm(t.gettext("The number of tickets must be from 0 to 99."))
    return int(value)
