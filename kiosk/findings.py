"""What an examination of the machine tells a technician."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was seen, whether the kiosk can work with it, and what to do about it (or nothing)."""

    what: str
    ok: bool
    seen: str
    do: str = ""
