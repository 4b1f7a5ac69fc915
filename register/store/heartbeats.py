"""How each kiosk was when it last said so."""

from __future__ import annotations

import datetime as dt

import msgspec
import sqlite_utils

from contract.messages import Heartbeat
from register.clock import to_ms


def keep_heartbeat(db: sqlite_utils.Database, kiosk_id: str, told: Heartbeat, at: dt.datetime) -> None:
    """Replace what `kiosk_id` last told."""
    db.execute(
        """
        INSERT INTO heartbeats (kiosk_id, received_at_ms, told) VALUES (?, ?, ?)
        ON CONFLICT (kiosk_id) DO UPDATE SET received_at_ms = excluded.received_at_ms, told = excluded.told
        """,
        (kiosk_id, to_ms(at), msgspec.json.encode(told).decode()),
    )
