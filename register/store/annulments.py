"""Annulments: both records stay, and the use counts no more."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlite_utils

from contract.messages import AnnulmentSent
from register.clock import to_ms
from register.model import Kiosk


@dataclass(frozen=True, slots=True)
class UseToAnnul:
    """The use that an annulment names."""

    kiosk_id: str
    annulled: bool
    told: bool
    """Whether other kiosks may have heard of it."""


def find_annulment_content(db: sqlite_utils.Database, annulment_id: str) -> bytes | None:
    """Digest of what was recorded first under this id."""
    row = db.execute("SELECT content FROM annulments WHERE id = ?", (annulment_id,)).fetchone()
    return None if row is None else bytes(row[0])


def find_use_to_annul(db: sqlite_utils.Database, use_id: str) -> UseToAnnul | None:
    """The use; None where it has not arrived yet."""
    row = db.execute(
        """
        SELECT kiosk_id, id NOT IN (SELECT id FROM standing_uses WHERE id = ?1), lookup_key IS NOT NULL
        FROM uses WHERE id = ?1
        """,
        (use_id,),
    ).fetchone()
    return None if row is None else UseToAnnul(row[0], bool(row[1]), bool(row[2]))


def is_annulled(db: sqlite_utils.Database, use_id: str, kiosk_id: str) -> bool:
    """Whether this kiosk has annulled the use, which need not have arrived, or its venue."""
    row = db.execute(
        """
        SELECT 1 FROM annulments WHERE use_id = ?1 AND kiosk_id = ?2
        UNION ALL SELECT 1 FROM venue_annulments WHERE use_id = ?1 LIMIT 1
        """,
        (use_id, kiosk_id),
    ).fetchone()
    return row is not None


def add_annulment(
    db: sqlite_utils.Database,
    annulment: AnnulmentSent,
    *,
    author: Kiosk,
    content: bytes,
    received_at: dt.datetime,
) -> None:
    """Record `annulment` for ever."""
    stamp = annulment.annulled
    db.execute(
        """
        INSERT INTO annulments (id, content, kiosk_id, use_id, annulled_at_ms, clock_trusted, boot_id, monotonic_ms,
            sequence, received_at_ms, uncorrected_at_ms)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        (
            *(annulment.id, content, author.id, annulment.use_id, to_ms(stamp.at), stamp.clock_trusted),
            *(stamp.boot_id, stamp.monotonic_ms, stamp.sequence, to_ms(received_at)),
            None if stamp.uncorrected_at is None else to_ms(stamp.uncorrected_at),
        ),
    )
