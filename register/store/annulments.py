"""Annulments: both records stay, and the use counts no more."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlite_utils

from contract.messages import AnnulmentSent
from register.clock import to_ms
from register.model import Kiosk
from register.store.devices import same_device


@dataclass(frozen=True, slots=True)
class UseToAnnul:
    """The use that an annulment names."""

    is_own: bool
    """Whether the device that annuls recorded it, by whatever name then."""
    annulled: bool
    told: bool
    """Whether other kiosks may have heard of it."""


def find_annulment_content(db: sqlite_utils.Database, annulment_id: str) -> bytes | None:
    """Digest of what was recorded first under this id."""
    row = db.execute("SELECT content FROM annulments WHERE id = ?", (annulment_id,)).fetchone()
    return None if row is None else bytes(row[0])


def find_use_to_annul(db: sqlite_utils.Database, use_id: str, author: Kiosk) -> UseToAnnul | None:
    """The use, seen from `author`; None where it has not arrived yet."""
    row = db.execute(
        f"""
        SELECT {same_device("uses.kiosk_id", ":kiosk")}, id NOT IN (SELECT id FROM standing_uses WHERE id = :use),
            lookup_key IS NOT NULL
        FROM uses WHERE id = :use
        """,
        {"use": use_id, "kiosk": author.id},
    ).fetchone()
    return None if row is None else UseToAnnul(*map(bool, row))


def is_annulled(db: sqlite_utils.Database, use_id: str, kiosk_id: str) -> bool:
    """Whether the device of this kiosk has annulled the use, which need not have arrived, or its venue."""
    row = db.execute(
        f"""
        SELECT 1 FROM annulments WHERE use_id = :use AND {same_device("annulments.kiosk_id", ":kiosk")}
        UNION ALL SELECT 1 FROM venue_annulments WHERE use_id = :use LIMIT 1
        """,
        {"use": use_id, "kiosk": kiosk_id},
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
