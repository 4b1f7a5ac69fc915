"""What one file holds: rows of a kiosk's or the register's database, as the judge reads them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import sqlite_utils

from kiosk.cards.model import Use
from kiosk.store.rows import to_ms

Rows = dict[Any, dict[str, Any]]
TIME_OF = {"uses": "decided_at_ms", "annulments": "annulled_at_ms"}
STAMPED = (*TIME_OF, "refusals")
"""What a kiosk tells by both of its clocks."""


def rows_of(db: sqlite_utils.Database, table: str, *, key: str = "id", columns: str = "*", where: str = "TRUE") -> Rows:
    """Every row by its key."""
    cursor = db.execute(f"SELECT {columns} FROM {table} WHERE {where}")
    names = [name for name, *_ in cursor.description]
    rows = [dict(zip(names, row, strict=True)) for row in cursor]
    return {row[key]: row for row in rows}


def times_put_right(here: sqlite_utils.Database, boot_id: str) -> tuple[list[str], set[str]]:
    """Of one boot on a clock that was not trusted: what waits uncorrected, and all that has its true time."""
    late = [
        item_id
        for table in STAMPED
        for (item_id,) in here.execute(
            f"""
            SELECT id FROM {table} JOIN outbox ON item_id = id
            WHERE fate = 'waiting' AND clock_trusted = 0 AND boot_id = ? AND id NOT IN (SELECT item_id FROM corrections)
            ORDER BY sequence
            """,
            (boot_id,),
        )
    ]
    return late, {row[0] for row in here.execute("SELECT item_id FROM corrections")}


def corrections_of(here: sqlite_utils.Database) -> Iterator[tuple[str, str, int, int, bool]]:
    """Id, boot, monotonic time, corrected time and trust of each record that was corrected."""
    for table in STAMPED:
        yield from here.execute(
            f"""
            SELECT id, boot_id, monotonic_ms, corrected_at_ms, clock_trusted
            FROM corrections JOIN {table} ON id = item_id
            """
        ).fetchall()


def difference(use: Use, row: dict[str, Any]) -> list[str]:
    """The fields in which the register's record is not what the screen announced; its first time counts here."""
    announced = {
        "event_id": use.event_id,
        "kind": use.kind.value,
        "own_ticket": use.tickets.own,
        "children": use.tickets.children,
        "assistants": use.tickets.assistants,
        "clients": use.tickets.clients,
        "clock_trusted": use.decided.clock_trusted,
        "boot_id": use.decided.boot_id,
        "monotonic_ms": use.decided.monotonic_ms,
        "offline": use.offline,
        "lookup_key": bytes.fromhex(use.card.lookup_key),
        "sealed_number": use.card.sealed_number,
        "remarks": json.dumps([each.value for each in use.remarks], separators=(",", ":")),
    }
    different = [f"{name} {row[name]!r} for {value!r}" for name, value in announced.items() if row[name] != value]
    first_ms = row["decided_at_ms"] if row["uncorrected_at_ms"] is None else row["uncorrected_at_ms"]
    if first_ms != to_ms(use.decided.at):
        different.append(f"time {first_ms} for {to_ms(use.decided.at)}")
    return different
