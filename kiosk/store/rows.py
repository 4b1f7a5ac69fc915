"""Records as rows and rows as records: pure, exact to the millisecond, nothing of a number in clear."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any, TypeVar

import msgspec

from kiosk.cards.model import (
    Annulment,
    Card,
    CardIdentity,
    CardKind,
    CardStatus,
    Category,
    Event,
    Reason,
    Refusal,
    Stamp,
    Texts,
    Tickets,
    Use,
    UseKind,
)

Row = Sequence[Any]
NO_SENSE = (sqlite3.DatabaseError, msgspec.MsgspecError, ArithmeticError, AttributeError, TypeError, ValueError)
"""What reading a row may raise where a page is destroyed or another program wrote it: no row, or no sense in it."""
Kind = TypeVar("Kind")

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MILLISECOND = dt.timedelta(milliseconds=1)

STAMP_COLUMNS = ("clock_trusted", "boot_id", "monotonic_ms")
TICKET_COLUMNS = ("own", "children", "assistants", "clients")
USE_COLUMNS = (
    "id",
    "lookup_key",
    "sealed_number",
    "event_id",
    "kind",
    *TICKET_COLUMNS,
    "quota_places",
    "decided_at_ms",
    *STAMP_COLUMNS,
    "offline",
    "remarks",
    "event_label",
)
ANNULMENT_COLUMNS = ("id", "use_id", "annulled_at_ms", *STAMP_COLUMNS)
REFUSAL_COLUMNS = ("id", "reason", "event_id", "refused_at_ms", *STAMP_COLUMNS)
CARD_COLUMNS = ("kind", "status", "area_id", "first_valid_day", "last_valid_day", "children")
EVENT_COLUMNS = ("id", "name", "kind", "category", "starts_at_ms", "ends_at_ms", "places", "sold_out")


def to_ms(instant: dt.datetime) -> int:
    """Whole milliseconds from 1970 to `instant` (aware), cut downwards."""
    return (instant - _EPOCH) // _MILLISECOND


def from_ms(milliseconds: int) -> dt.datetime:
    """The instant, aware, in UTC."""
    return _EPOCH + milliseconds * _MILLISECOND


def optional_from_ms(milliseconds: int | None) -> dt.datetime | None:
    """The instant, where there is one."""
    return None if milliseconds is None else from_ms(milliseconds)


def to_json(value: object) -> str:
    """`value` as JSON."""
    return msgspec.json.encode(value).decode()


def from_json(text: str, kind: type[Kind]) -> Kind:
    """The `kind` that `to_json` wrote."""
    hashable: Any = kind  # as every class is
    decoder: msgspec.json.Decoder[Kind] = _decoder_of(hashable)
    return decoder.decode(text)


@cache
def _decoder_of(kind: type[Any]) -> msgspec.json.Decoder[Any]:
    # Making one takes longer than decoding by it, and every look-up of a card decodes the venue's rules.
    return msgspec.json.Decoder(kind)


def columns(names: Sequence[str], *, of: str = "") -> str:
    """`names` for a SELECT or INSERT, each behind the table's name `of` where it is given."""
    return ", ".join(f"{of}.{name}" if of else name for name in names)


def insert(table: str, names: Sequence[str], *, otherwise: str = "") -> str:
    """The INSERT statement for `names` of `table`; `otherwise` says what a conflict means (`OR REPLACE`)."""
    return f"INSERT {otherwise} INTO {table} ({columns(names)}) VALUES ({', '.join('?' * len(names))})"


def use_row(use: Use) -> Row:
    """`use` under USE_COLUMNS; its tail is kept elsewhere, for a day."""
    return (
        use.id,
        bytes.fromhex(use.card.lookup_key),
        use.card.sealed_number,
        use.event_id,
        use.kind,
        *ticket_row(use.tickets),
        use.quota_places,
        to_ms(use.decided.at),
        *stamp_row(use.decided),
        int(use.offline),
        to_json(use.remarks),
        use.event_label,
    )


def use_of(row: Row, tail: str | None) -> Use:
    """The use in a row of USE_COLUMNS."""
    return Use(
        id=row[0],
        card=CardIdentity(lookup_key=row[1].hex(), sealed_number=row[2], tail=tail or ""),
        event_id=row[3],
        kind=UseKind(row[4]),
        tickets=Tickets(*row[5:9]),
        quota_places=row[9],
        decided=_stamp_of(row[10:14]),
        offline=bool(row[14]),
        remarks=from_json(row[15], tuple[Reason, ...]),
        event_label=row[16],
    )


def at_true_time(use: Use, true_ms: int | None) -> Use:
    """`use` with the time that was put right later, where there is one, and what the clock said beside it."""
    if true_ms is None or use.decided.clock_trusted:
        return use
    return replace(use, decided=replace(use.decided, at=from_ms(true_ms), uncorrected_at=use.decided.at))


def annulment_row(annulment: Annulment) -> Row:
    """`annulment` under ANNULMENT_COLUMNS."""
    return (annulment.id, annulment.use_id, to_ms(annulment.annulled.at), *stamp_row(annulment.annulled))


def annulment_of(row: Row) -> Annulment:
    """The annulment in a row of ANNULMENT_COLUMNS."""
    return Annulment(id=row[0], use_id=row[1], annulled=_stamp_of(row[2:6]))


def refusal_row(refusal: Refusal) -> Row:
    """`refusal` under REFUSAL_COLUMNS."""
    return (refusal.id, refusal.reason, refusal.event_id, to_ms(refusal.refused.at), *stamp_row(refusal.refused))


def refusal_of(row: Row) -> Refusal:
    """The refusal in a row of REFUSAL_COLUMNS."""
    return Refusal(id=row[0], reason=Reason(row[1]), event_id=row[2], refused=_stamp_of(row[3:7]))


def ticket_row(tickets: Tickets) -> Row:
    """`tickets` under TICKET_COLUMNS."""
    return (tickets.own, tickets.children, tickets.assistants, tickets.clients)


def stamp_row(stamp: Stamp) -> Row:
    """`stamp` under STAMP_COLUMNS, without its time, which each table names for itself."""
    return (int(stamp.clock_trusted), stamp.boot_id, stamp.monotonic_ms)


def card_row(card: Card) -> Row:
    """`card` under CARD_COLUMNS."""
    first, last = (None if day is None else day.isoformat() for day in (card.first_valid_day, card.last_valid_day))
    return (card.kind, card.status, card.area_id, first, last, card.children)


def card_of(row: Row) -> Card:
    """The card in a row of CARD_COLUMNS."""
    first, last = (None if day is None else dt.date.fromisoformat(day) for day in row[3:5])
    return Card(CardKind(row[0]), CardStatus(row[1]), row[2], first, last, row[5])


def event_row(event: Event) -> Row:
    """`event`, one of the register's, under EVENT_COLUMNS."""
    starts_at_ms, ends_at_ms = to_ms(event.starts_at), to_ms(event.ends_at)
    name = to_json(event.name)
    return (
        event.id,
        name,
        event.kind,
        event.category,
        starts_at_ms,
        ends_at_ms,
        event.places,
        int(event.sold_out),
    )


def event_of(row: Row) -> Event:
    """The event in a row of EVENT_COLUMNS."""
    return Event(
        id=row[0],
        name=from_json(row[1], Texts),
        kind=UseKind(row[2]),
        category=Category(row[3]),
        starts_at=from_ms(row[4]),
        ends_at=from_ms(row[5]),
        places=row[6],
        sold_out=bool(row[7]),
    )


def _stamp_of(row: Row) -> Stamp:
    at_ms, clock_trusted, boot_id, monotonic_ms = row
    return Stamp(from_ms(at_ms), bool(clock_trusted), boot_id, monotonic_ms)
