"""How far the kiosks' chains reach by their own word, so that their last uses are missed too."""

from __future__ import annotations

import datetime as dt

import sqlite_utils

from contract.messages import ChainHead
from register.clock import from_ms, to_ms
from register.model import Kiosk
from register.rules.chains import HeadTold


def keep_head(db: sqlite_utils.Database, author: Kiosk, head: ChainHead, at: dt.datetime) -> None:
    """Keep the word of `author`, unless an earlier one is not fulfilled yet: that one says since when."""
    db.execute(
        """
        INSERT INTO chain_heads (venue_id, chain_id, position, kiosk_id, told_at_ms)
        VALUES (:venue, :chain, :position, :kiosk, :at)
        ON CONFLICT (venue_id, chain_id) DO UPDATE
        SET position = excluded.position, kiosk_id = excluded.kiosk_id, told_at_ms = excluded.told_at_ms
        WHERE position < excluded.position AND position <= (
            SELECT coalesce(max(links.position), 0) FROM links WHERE links.venue_id = :venue AND chain_id = :chain
        )
        """,
        {
            "venue": author.venue_id,
            "chain": head.chain,
            "position": head.position,
            "kiosk": author.id,
            "at": to_ms(at),
        },
    )


def list_heads(db: sqlite_utils.Database) -> list[HeadTold]:
    """One for each chain."""
    rows = db.execute(
        "SELECT chain_id, position, name, told_at_ms FROM chain_heads JOIN kiosks ON kiosks.id = kiosk_id"
    )
    return [HeadTold(chain, position, door, from_ms(told_at_ms)) for chain, position, door, told_at_ms in rows]
