"""The uses of some days as CSV, one line for each, in the columns of the paper form; last the category."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Mapping

from kiosk.cards.exchange import UseOfDay
from kiosk.cards.model import Event, Use, UseKind
from kiosk.screen.office.office_words import category
from kiosk.screen.office.paper_heads import csv_heads
from kiosk.screen.office.views import event_name
from kiosk.screen.translations import Translator

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def uses_as_csv(uses: Iterable[UseOfDay], events: Mapping[str, Event], t: Translator, zone: dt.tzinfo) -> str:
    """Semicolons and a byte order mark, as spreadsheets of this country expect; annulled uses are left out."""
    text = io.StringIO()
    text.write("\ufeff")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(csv_heads(t))
    for each in sorted(uses, key=lambda one: one.use.decided.at):
        if each.annulled_at is None:
            writer.writerow([harmless(cell) for cell in _cells(each.use, events, t, zone)])
    return text.getvalue()


def harmless(cell: str) -> str:
    """`cell` so that no spreadsheet takes it for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _cells(use: Use, events: Mapping[str, Event], t: Translator, zone: dt.tzinfo) -> list[str]:
    event = None if use.event_id is None else events.get(use.event_id)
    tickets = use.tickets
    return [
        use.decided.at.astimezone(zone).date().isoformat(),
        t.time(use.decided.at),
        event_name(use, events, t),
        "1" if use.kind is UseKind.COURSE else "0",
        *(str(count) for count in (tickets.own, tickets.children, tickets.clients, tickets.assistants)),
        "" if event is None or event.category is None else category(t, event.category),
    ]
