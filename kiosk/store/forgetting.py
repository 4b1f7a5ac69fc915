"""What is forgotten of visitors, and when: last characters of numbers, and other doors' uses."""

from __future__ import annotations

import datetime as dt

import sqlite_utils

from kiosk.cards.model import Use
from kiosk.store.rows import to_ms

KEPT = dt.timedelta(days=1)
"""How long staff can tell cards apart by their last two characters, and how long other doors' uses are known."""
_KEPT_MS = KEPT // dt.timedelta(milliseconds=1)
AT_ONCE = 500
"""So many uses of other doors in one commit, as the desk waits for it."""

# Few are looked at: those that were past their time by what their clock said, and those from the future.
_TAILS = """
DELETE FROM use_tails WHERE (decided_at_ms < :since_ms OR decided_at_ms > :now_ms) AND EXISTS (
    SELECT 1 FROM uses LEFT JOIN corrections ON corrections.item_id = uses.id
    WHERE uses.id = use_tails.use_id AND iif(clock_trusted = 0 AND boot_id = :boot, monotonic_ms < :since_boot_ms,
        coalesce(corrected_at_ms, uses.decided_at_ms) < :since_ms)
)
"""
_USES = f"""
DELETE FROM uses_elsewhere WHERE use_id IN (
    SELECT use_id FROM uses_elsewhere WHERE decided_at_ms < :since_ms AND NOT EXISTS (
        SELECT 1 FROM events WHERE events.id = uses_elsewhere.event_id AND ends_at_ms >= :since_ms
    ) ORDER BY decided_at_ms LIMIT {AT_ONCE}
)
"""
_ANNULMENTS = f"""
DELETE FROM annulments_elsewhere WHERE use_id IN (
    SELECT use_id FROM annulments_elsewhere WHERE annulled_at_ms < :since_ms
        AND use_id NOT IN (SELECT use_id FROM uses_elsewhere) AND use_id NOT IN (SELECT id FROM uses) LIMIT {AT_ONCE}
)
"""


def forget_tails(db: sqlite_utils.Database, newest: Use) -> None:
    """Delete the last characters of numbers that were shown a day before `newest`.

    Where the clock was not trusted, that is told by the one that never steps in this boot, and else by the time that
    was put right: an evening that began in 1970 is not half a century old when its clock is.
    """
    at = newest.decided
    values = {"boot": at.boot_id, "since_boot_ms": at.monotonic_ms - _KEPT_MS}
    db.execute(_TAILS, {**values, "since_ms": to_ms(at.at) - _KEPT_MS, "now_ms": to_ms(at.at)})


def forget_other_doors(db: sqlite_utils.Database, register_time: dt.datetime) -> None:
    """Delete uses of other doors a day after they, and the event that they were for, were over; some at a time.

    Their annulments go with them; those of this kiosk's own uses stay, as the uses do.
    """
    since = {"since_ms": to_ms(register_time) - _KEPT_MS}
    if db.execute(_USES, since).rowcount < AT_ONCE:
        db.execute(_ANNULMENTS, since)
