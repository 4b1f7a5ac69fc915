"""What the register speaks of beyond the contract's messages, as frozen data."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

ZONE = "Europe/Helsinki"
"""Days are counted in this time zone: the register is one per country (DOMAIN.md, Cards)."""


@dataclass(frozen=True, slots=True)
class Kiosk:
    """An enrolled kiosk: all that a request may act for."""

    id: str
    venue_id: str
    name: str
    """What staff call its door."""


@dataclass(frozen=True, slots=True)
class KnownCard:
    """A card as the register knows it."""

    kind: str
    """`personal` or `community`."""
    status: str
    """`in-stock`, `active`, `blocked` or `expired`."""
    status_since: dt.datetime
    area_id: str
    area_closed: bool
    first_valid_day: dt.date | None
    last_valid_day: dt.date | None
    """Inclusive."""


@dataclass(frozen=True, slots=True)
class CardNamed:
    """Which card an item names, once a seal is opened."""

    lookup_key: bytes | None
    """16 bytes; None where the seal cannot be opened."""


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` up to, but without, `end`."""

    start: dt.datetime
    end: dt.datetime
