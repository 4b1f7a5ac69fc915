"""What the register holds of uses, for comparing with what was sent."""

from __future__ import annotations

from typing import Any

import msgspec
import sqlite_utils

from register.clock import from_ms
from register.store.devices import same_device
from register.store.later_times import best_time, first_time


def export_uses(db: sqlite_utils.Database) -> list[dict[str, Any]]:
    """One entry for each recorded use in the order of arrival; nothing of the card.

    `reasons` are all that were ever found, `ended` those of them that no longer stand.
    """
    rows = _dicts(
        db,
        f"""
        SELECT uses.id, kiosk_id AS kiosk, kiosks.name AS door, uses.venue_id AS venue, event_id AS event, event_label,
            kind, own_ticket, children, assistants, clients, {best_time("decided_at_ms", "uses.id")} AS decided_at_ms,
            {first_time("decided_at_ms", "uncorrected_at_ms", "uses.id")} AS uncorrected_at_ms, received_at_ms,
            offline, reasons,
            (SELECT json_group_array(reason) FROM later_reasons WHERE use_id = uses.id) AS later,
            (SELECT json_group_array(reason) FROM (
                SELECT reason, stands, max(number) FROM reason_turns WHERE use_id = uses.id GROUP BY reason
            ) WHERE NOT stands) AS ended,
            (SELECT json_group_array(id) FROM annulments
                WHERE use_id = uses.id AND {same_device("annulments.kiosk_id", "uses.kiosk_id")}) AS annulments,
            venue_annulments.annulled_at_ms AS venue_at_ms, venue_annulments.why AS why
        FROM uses LEFT JOIN venue_annulments ON venue_annulments.use_id = uses.id
        JOIN kiosks ON kiosks.id = kiosk_id ORDER BY received_at_ms, uses.sequence, uses.id
        """,
    )
    for row in rows:
        row["decided_at"] = from_ms(row.pop("decided_at_ms"))
        uncorrected_at_ms = row.pop("uncorrected_at_ms")
        row["uncorrected_at"] = None if uncorrected_at_ms is None else from_ms(uncorrected_at_ms)
        row["received_at"] = from_ms(row.pop("received_at_ms"))
        row["offline"] = bool(row["offline"])
        row["reasons"] = [*msgspec.json.decode(row["reasons"]), *msgspec.json.decode(row.pop("later"))]
        row["ended"] = sorted(msgspec.json.decode(row["ended"]))
        row["annulments"] = msgspec.json.decode(row["annulments"])
        venue_at_ms, why = row.pop("venue_at_ms"), row.pop("why")
        row["annulled_by_venue"] = None if venue_at_ms is None else {"at": from_ms(venue_at_ms), "why": why}
        row["annulled"] = bool(row["annulments"]) or venue_at_ms is not None
    return rows


def export_annulments(db: sqlite_utils.Database) -> list[dict[str, Any]]:
    """One entry for each annulment; `applies` is false as long as its use has not arrived."""
    rows = _dicts(
        db,
        f"""
        SELECT annulments.id, kiosk_id AS kiosk, use_id AS use,
            {best_time("annulled_at_ms", "annulments.id")} AS annulled_at_ms, received_at_ms, EXISTS (
            SELECT 1 FROM uses
                WHERE uses.id = use_id AND {same_device("uses.kiosk_id", "annulments.kiosk_id")}) AS applies
        FROM annulments ORDER BY received_at_ms, annulments.sequence, annulments.id
        """,
    )
    for row in rows:
        row["annulled_at"] = from_ms(row.pop("annulled_at_ms"))
        row["received_at"] = from_ms(row.pop("received_at_ms"))
        row["applies"] = bool(row["applies"])
    return rows


def _dicts(db: sqlite_utils.Database, sql: str) -> list[dict[str, Any]]:
    cursor = db.execute(sql)
    names = [name for name, *_ in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]
