"""How each kiosk was when it last said so."""

from __future__ import annotations

import datetime as dt

import msgspec
import sqlite_utils
from msgspec import UNSET

from contract.messages import Heartbeat
from register.clock import to_ms
from register.model import Kiosk
from register.store.chain_heads import keep_head


def keep_heartbeat(db: sqlite_utils.Database, kiosk: Kiosk, told: Heartbeat, at: dt.datetime) -> None:
    """Replace what `kiosk` last told."""
    if told.chain_head is not UNSET:
        keep_head(db, kiosk, told.chain_head, at)
    db.execute(
        """
        INSERT INTO heartbeats (kiosk_id, received_at_ms, told) VALUES (?, ?, ?)
        ON CONFLICT (kiosk_id) DO UPDATE SET received_at_ms = excluded.received_at_ms, told = excluded.told
        """,
        (kiosk.id, to_ms(at), msgspec.json.encode(told).decode()),
    )
