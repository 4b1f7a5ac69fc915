"""What was found out against a use after it was answered."""

from __future__ import annotations

import datetime as dt

import sqlite_utils

from register.clock import to_ms
from register.store.turns import ended_reasons, turn_reasons


def add_later_reason(db: sqlite_utils.Database, use_id: str, reason: str, *, because_of: str, at: dt.datetime) -> bool:
    """Note what was found out after the answer; False where this was known of the use already, and still stands."""
    if reason in ended_reasons(db, use_id):
        turn_reasons(db, use_id, [reason], stand=True, at=at)
        return True
    added = db.execute(
        """
        INSERT OR IGNORE INTO later_reasons (use_id, reason, because_of, found_at_ms)
        SELECT :use, :reason, :because, :at WHERE NOT EXISTS (
            SELECT 1 FROM uses, json_each(uses.reasons) WHERE uses.id = :use AND json_each.value = :reason
        )
        """,
        {"use": use_id, "reason": reason, "because": because_of, "at": to_ms(at)},
    ).rowcount
    return bool(added == 1)
