"""What kiosks send, as plain values that a test changes as it likes."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from tests.edge.register.house import NOON


def an_id() -> str:
    return str(uuid.uuid4())


def at_text(at: dt.datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def a_stamp(at: dt.datetime = NOON, sequence: int = 1) -> dict[str, Any]:
    return {
        "at": at_text(at),
        "clock_trusted": True,
        "boot_id": "b4d6a8f0",
        "monotonic_ms": 123_456,
        "sequence": sequence,
    }


def a_use(lookup_key: str | None, event_id: str | None = None, at: dt.datetime = NOON, **other: Any) -> dict[str, Any]:
    return {
        "id": an_id(),
        "lookup_key": lookup_key,
        "sealed_number": None,
        "event_id": event_id,
        "kind": "entrance",
        "own_ticket": 1,
        "children": 0,
        "assistants": 0,
        "clients": 0,
        "decided": a_stamp(at),
        "offline": False,
        "remarks": [],
        **other,
    }


def an_annulment(use_id: str, at: dt.datetime = NOON, **other: Any) -> dict[str, Any]:
    return {"id": an_id(), "use_id": use_id, "annulled": a_stamp(at, sequence=2), **other}


def a_check(lookup_key: str, event_id: str | None = None, kind: str = "course") -> dict[str, Any]:
    return {"use_id": an_id(), "lookup_key": lookup_key, "event_id": event_id, "kind": kind}


def a_refusal(**other: Any) -> dict[str, Any]:
    return {"id": an_id(), "reason": "sold-out", "event_id": None, "hour": at_text(NOON), **other}


def a_heartbeat(**other: Any) -> dict[str, Any]:
    return {
        "software_version": "1.0",
        "queue_depth": 0,
        "oldest_pending_age_s": None,
        "clock_offset_ms": 1.5,
        "temperature_c": 48.5,
        "undervoltage": False,
        "storage_free_bytes": 10_000_000,
        "last_errors": [],
        **other,
    }
