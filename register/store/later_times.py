"""True times that came after their records: they count from then on, and the records stay as they are."""

from __future__ import annotations

import datetime as dt

import sqlite_utils

from contract.messages import Stamp
from register.clock import to_ms


def add_later_time(db: sqlite_utils.Database, table: str, item_id: str, stamp: Stamp, at: dt.datetime) -> bool:
    """Note the time that `stamp` was put right to, where the record in `table` has none; whether it is new."""
    if stamp.uncorrected_at is None:
        return False
    added = db.execute(
        f"""
        INSERT OR IGNORE INTO later_times (item_id, at_ms, received_at_ms)
        SELECT id, ?, ? FROM {table} WHERE id = ? AND uncorrected_at_ms IS NULL
        """,
        (to_ms(stamp.at), to_ms(at), item_id),
    ).rowcount
    return bool(added == 1)


def best_time(item_at: str, item_id: str) -> str:
    """SQL for a record's best known time: the later one, or else `item_at`, the column of its own."""
    return f"coalesce((SELECT at_ms FROM later_times WHERE item_id = {item_id}), {item_at})"


def first_time(item_at: str, uncorrected: str, item_id: str) -> str:
    """SQL for what a kiosk's clock said at first, where that is not the best known time; else NULL."""
    return f"iif({item_id} IN (SELECT item_id FROM later_times), {item_at}, {uncorrected})"
