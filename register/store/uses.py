"""The uses of the nation: written once, counted, never changed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import msgspec
import sqlite_utils
from msgspec import UNSET

from contract.messages import AnnulmentElsewhere, UseElsewhere, UseSent
from register.clock import from_ms, to_ms
from register.model import Kiosk, Span
from register.store.later_times import best_time
from register.store.venue_annulments import ANNULLED_AT

_AT = best_time("decided_at_ms", "uses.id")


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was recorded first under an id."""

    content: bytes
    """Digest of the item and of its author's venue."""
    reasons: tuple[str, ...]
    """As they were answered then."""


@dataclass(frozen=True, slots=True)
class Seats:
    """Who came on one use."""

    own_ticket: int
    children: int
    assistants: int
    clients: int


@dataclass(frozen=True, slots=True)
class Double:
    """Another use of the same card at the same event."""

    use_id: str
    kiosk_id: str
    venue_id: str
    door: str
    decided_at: dt.datetime


def find_recorded_use(db: sqlite_utils.Database, use_id: str) -> Recorded | None:
    """What was recorded under `use_id`."""
    row = db.execute("SELECT content, reasons FROM uses WHERE id = ?", (use_id,)).fetchone()
    return None if row is None else Recorded(row[0], tuple(msgspec.json.decode(row[1])))


def add_use(
    db: sqlite_utils.Database,
    use: UseSent,
    *,
    author: Kiosk,
    lookup_key: bytes | None,
    recorded: Recorded,
    received_at: dt.datetime,
) -> None:
    """Record `use` for ever."""
    db.execute(
        """
        INSERT INTO uses (id, content, kiosk_id, venue_id, lookup_key, sealed_number, event_id, kind, own_ticket,
            children, assistants, clients, decided_at_ms, clock_trusted, boot_id, monotonic_ms, sequence, offline,
            remarks, received_at_ms, reasons, uncorrected_at_ms, event_label)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        (
            *(
                use.id,
                recorded.content,
                author.id,
                author.venue_id,
                lookup_key,
                use.sealed_number,
                use.event_id,
            ),
            *(use.kind, use.own_ticket, use.children, use.assistants, use.clients, to_ms(use.decided.at)),
            *(use.decided.clock_trusted, use.decided.boot_id, use.decided.monotonic_ms, use.decided.sequence),
            *(use.offline, msgspec.json.encode(use.remarks).decode(), to_ms(received_at)),
            msgspec.json.encode(recorded.reasons).decode(),
            None if use.decided.uncorrected_at is None else to_ms(use.decided.uncorrected_at),
            None if use.event_label is UNSET else use.event_label,
        ),
    )


def list_doubles(
    db: sqlite_utils.Database, venue_id: str, event_id: str | None, lookup_key: bytes, day: Span, *, but: str
) -> list[Double]:
    """Other standing uses of the card at the event, or, for general admission, at the venue on the `day`."""
    rows = db.execute(
        """
        SELECT standing_uses.id, kiosk_id, standing_uses.venue_id, kiosks.name, decided_at_ms
        FROM standing_uses JOIN kiosks ON kiosks.id = kiosk_id
        WHERE standing_uses.venue_id = :venue AND event_id IS :event AND lookup_key = :key
            AND standing_uses.id != :but
            AND (event_id IS NOT NULL OR (decided_at_ms >= :start AND decided_at_ms < :end))
        ORDER BY received_at_ms, standing_uses.id
        """,
        {
            "venue": venue_id,
            "event": event_id,
            "key": lookup_key,
            "but": but,
            "start": to_ms(day.start),
            "end": to_ms(day.end),
        },
    )
    return [
        Double(use_id, kiosk_id, its_venue_id, door, from_ms(decided_at_ms))
        for use_id, kiosk_id, its_venue_id, door, decided_at_ms in rows
    ]


def seats_taken(db: sqlite_utils.Database, venue_id: str, event_id: str, *, but: str) -> Seats:
    """Everyone who came to the event on a card, by standing uses."""
    row = db.execute(
        """
        SELECT coalesce(sum(own_ticket), 0), coalesce(sum(children), 0), coalesce(sum(assistants), 0),
            coalesce(sum(clients), 0)
        FROM standing_uses WHERE venue_id = ? AND event_id = ? AND id != ?
        """,
        (venue_id, event_id, but),
    ).fetchone()
    return Seats(*row)


def count_courses(db: sqlite_utils.Database, lookup_key: bytes, period: Span, *, but: str) -> int:
    """Course places that the card has had in the period anywhere in the country, by standing uses."""
    (count,) = db.execute(
        """
        SELECT count(*) FROM standing_uses
        WHERE lookup_key = ? AND kind = 'course' AND decided_at_ms >= ? AND decided_at_ms < ? AND id != ?
        """,
        (lookup_key, to_ms(period.start), to_ms(period.end), but),
    ).fetchone()
    return int(count)


def list_uses_elsewhere(
    db: sqlite_utils.Database, kiosk: Kiosk, event_ids: list[str], day: Span
) -> list[UseElsewhere | AnnulmentElsewhere]:
    """Uses by the venue's other kiosks at these events and, for general admission, on the day; with annulments."""
    rows = db.execute(
        f"""
        SELECT uses.id, lookup_key, event_id, kiosks.name, {_AT} AS at_ms, own_ticket, children, assistants, clients,
            {ANNULLED_AT}
        FROM uses JOIN kiosks ON kiosks.id = uses.kiosk_id
        WHERE uses.venue_id = :venue AND uses.kiosk_id != :kiosk AND lookup_key IS NOT NULL
            AND (event_id IN (SELECT value FROM json_each(:events))
                OR (event_id IS NULL AND at_ms >= :start AND at_ms < :end))
        ORDER BY received_at_ms, uses.id
        """,
        {
            "venue": kiosk.venue_id,
            "kiosk": kiosk.id,
            "events": msgspec.json.encode(event_ids).decode(),
            "start": to_ms(day.start),
            "end": to_ms(day.end),
        },
    )
    told: list[UseElsewhere | AnnulmentElsewhere] = []
    for (
        use_id,
        key,
        event_id,
        door,
        decided_at_ms,
        own_ticket,
        children,
        assistants,
        clients,
        annulled_at_ms,
    ) in rows:
        told.append(
            UseElsewhere(
                use_id=use_id,
                lookup_key=key.hex(),
                event_id=event_id,
                door=door,
                decided_at=from_ms(decided_at_ms),
                own_ticket=own_ticket,
                children=children,
                assistants=assistants,
                clients=clients,
            )
        )
        if annulled_at_ms is not None:
            told.append(AnnulmentElsewhere(use_id=use_id, annulled_at=from_ms(annulled_at_ms)))
    return told
