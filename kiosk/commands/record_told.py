"""What a record tells, for a technician's eyes: all of it but the card (pure)."""

from __future__ import annotations

from typing import Any

from kiosk.cards.exchange import Item
from kiosk.cards.model import Annulment, Refusal, Stamp, Use


def told_of(item: Item) -> dict[str, Any]:
    """The contents of `item` as JSON values; of a card only whether it was on the list."""
    match item:
        case Use():
            return {
                "card": "on the list" if item.card.sealed_number is None else "not on the list; its number is sealed",
                "event": item.event_id,
                "event_added_by_hand": item.event_label,
                "kind_of_use": item.kind.value,
                "own_ticket": item.tickets.own,
                "children": item.tickets.children,
                "assistants": item.tickets.assistants,
                "clients": item.tickets.clients,
                "offline": item.offline,
                "remarks": [remark.value for remark in item.remarks],
                **_clocks(item.decided),
            }
        case Annulment():
            return {"use": item.use_id, **_clocks(item.annulled)}
        case Refusal():
            return {"event": item.event_id, "reason_of_refusal": item.reason.value, **_clocks(item.refused)}


def _clocks(stamp: Stamp) -> dict[str, Any]:
    return {"clock_trusted": stamp.clock_trusted, "boot_id": stamp.boot_id, "monotonic_ms": stamp.monotonic_ms}
