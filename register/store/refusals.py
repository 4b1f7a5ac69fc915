"""Counted refusals: reason, event and hour, nothing of the card."""

from __future__ import annotations

import datetime as dt

import sqlite_utils

from contract.messages import RefusalSent
from register.clock import to_ms
from register.model import Kiosk

_HOUR_MS = 3_600_000


def find_refusal_content(db: sqlite_utils.Database, refusal_id: str) -> bytes | None:
    """Digest of what was recorded first under this id."""
    row = db.execute("SELECT content FROM refusals WHERE id = ?", (refusal_id,)).fetchone()
    return None if row is None else bytes(row[0])


def add_refusal(
    db: sqlite_utils.Database,
    refusal: RefusalSent,
    *,
    author: Kiosk,
    content: bytes,
    received_at: dt.datetime,
) -> None:
    """Record `refusal` for ever; of its time only the hour, whatever was sent."""
    db.execute(
        """
        INSERT INTO refusals
            (id, content, kiosk_id, venue_id, reason, event_id, hour_ms, received_at_ms, uncorrected_hour_ms)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        (
            *(refusal.id, content, author.id, author.venue_id, refusal.reason, refusal.event_id),
            *(_hour_ms(refusal.hour), to_ms(received_at)),
            None if refusal.uncorrected_hour is None else _hour_ms(refusal.uncorrected_hour),
        ),
    )


def add_later_hour(db: sqlite_utils.Database, refusal: RefusalSent, at: dt.datetime) -> None:
    """Note the hour that the refusal was put right to since it was recorded, once."""
    if refusal.uncorrected_hour is not None:
        db.execute(
            """
            INSERT OR IGNORE INTO later_times (item_id, at_ms, received_at_ms)
            SELECT id, ?, ? FROM refusals WHERE id = ? AND uncorrected_hour_ms IS NULL
            """,
            (_hour_ms(refusal.hour), to_ms(at), refusal.id),
        )


def _hour_ms(hour: dt.datetime) -> int:
    return to_ms(hour) // _HOUR_MS * _HOUR_MS
