"""Uses that their venue took back at the register: both records stay, and the use counts no more."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlite_utils

from contract.messages import AnnulmentElsewhere
from register.clock import from_ms, to_ms
from register.model import Kiosk
from register.store.devices import same_device

ANNULLED_AT = f"""coalesce(
    (SELECT min(annulled_at_ms) FROM annulments
        WHERE use_id = uses.id AND {same_device("annulments.kiosk_id", "uses.kiosk_id")}),
    (SELECT annulled_at_ms FROM venue_annulments WHERE use_id = uses.id)
)"""
"""SQL for when a use was taken back, by its kiosk or by its venue; NULL: it stands."""


@dataclass(frozen=True, slots=True)
class UseOfVenue:
    """A use that the venue may take back."""

    kiosk_id: str
    stands: bool
    """Whether nobody has taken it back yet."""
    told: bool
    """Whether the venue's other kiosks may have heard of it."""


def find_use_of_venue(db: sqlite_utils.Database, use_id: str, venue_id: str) -> UseOfVenue | None:
    """The use; None where the venue has none like it."""
    row = db.execute(
        f"SELECT kiosk_id, {ANNULLED_AT} IS NULL, lookup_key IS NOT NULL FROM uses WHERE id = ? AND venue_id = ?",
        (use_id, venue_id),
    ).fetchone()
    return None if row is None else UseOfVenue(row[0], bool(row[1]), bool(row[2]))


def add_venue_annulment(db: sqlite_utils.Database, use_id: str, why: str, at: dt.datetime) -> None:
    """Record for ever that the venue took the use back."""
    db.execute("INSERT INTO venue_annulments (use_id, annulled_at_ms, why) VALUES (?, ?, ?)", (use_id, to_ms(at), why))


def list_annulled_by_venue(db: sqlite_utils.Database, kiosk: Kiosk, since: dt.datetime) -> list[AnnulmentElsewhere]:
    """The uses of this very device that its venue took back at `since` or later."""
    rows = db.execute(
        f"""
        SELECT use_id, annulled_at_ms FROM venue_annulments JOIN uses ON uses.id = use_id
        WHERE {same_device("uses.kiosk_id", "?1")} AND annulled_at_ms >= ?2 ORDER BY annulled_at_ms, use_id
        """,
        (kiosk.id, to_ms(since)),
    )
    return [AnnulmentElsewhere(use_id=use_id, annulled_at=from_ms(at_ms)) for use_id, at_ms in rows]
