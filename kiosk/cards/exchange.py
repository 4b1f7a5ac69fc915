"""How far kiosk and register are with each other: what waits, what came of it, how far the news was read."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from kiosk.cards.chain import Link
from kiosk.cards.model import Annulment, Refusal, Texts, Use

Item = Use | Annulment | Refusal
"""What the kiosk tells the register."""


class ItemKind(StrEnum):
    """Which kind of item a parcel holds."""

    USE = "use"
    ANNULMENT = "annulment"
    REFUSAL = "refusal"


class Fate(StrEnum):
    """What became of an item (REGISTER-API.md, The reply table of the kiosk)."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FLAGGED = "flagged"
    """Delivered, and staff should have a look."""
    PARKED = "parked"
    """Refused for good by the register; kept until a person decides."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """An item on its way to the register."""

    sequence: int
    """Its place in this kiosk's queue: from 1, growing, never used twice."""
    item: Item
    attempts: int
    """How often it was sent without a final answer."""
    link: Link | None = None
    """A use's place in the chain; None for anything else, and for uses of before the chain."""


@dataclass(frozen=True, slots=True)
class Settlement:
    """The final answer to one item."""

    item_id: str
    fate: Fate
    reasons: tuple[str, ...] = ()
    message: Texts | None = None
    """The register's words for staff."""
    error: str | None = None
    """The technician's sentence."""


@dataclass(frozen=True, slots=True)
class QueueDepth:
    """How many items have which fate."""

    waiting: int
    parked: int
    flagged: int
    delivered: int
    oldest_waiting_at: dt.datetime | None
    """When the oldest waiting item was decided."""
    seen: int = 0
    """So many of the parked and flagged ones staff have seen as they are."""
    blamed: int = 0
    """How many of those that wait fail alone while others get through."""

    @property
    def needs_look(self) -> int:
        """How many staff have yet to look at."""
        return self.flagged + self.parked - self.seen


@dataclass(frozen=True, slots=True)
class QueueEntry:
    """One item of the queue, as a technician sees it."""

    sequence: int
    item_id: str
    kind: ItemKind
    fate: Fate
    attempts: int
    decided_at: dt.datetime
    """By its best known time."""
    next_try_at: dt.datetime | None
    """None: at once, or never again."""
    last_error: str | None
    reasons: tuple[str, ...]
    message: Texts | None
    exported_at: dt.datetime | None = None
    """When it was last put into a file for the register; None: never."""
    seen_at: dt.datetime | None = None
    """When staff saw it as it is now, parked or flagged; None: not yet."""
    blamed_since: dt.datetime | None = None
    """Since when it fails alone while others get through; None: it does not, or does not wait any more."""


@dataclass(frozen=True, slots=True)
class EndedFlag:
    """What stood against an item until the register took it back."""

    reasons: tuple[str, ...]
    message: Texts | None
    at: dt.datetime | None
    """By the register's clock; None: it had not told the time yet."""


@dataclass(frozen=True, slots=True)
class QueueRecord:
    """One item of the queue with what it tells."""

    entry: QueueEntry
    item: Item
    taken_back: bool = False
    """Whether it is a use that was annulled since, here or by its venue."""
    ended: tuple[EndedFlag, ...] = ()
    """Oldest first."""


@dataclass(frozen=True, slots=True)
class UseOfDay:
    """A use in the staff's list, and whether it was taken back."""

    use: Use
    annulled_at: dt.datetime | None
    by_venue: bool = False
    """Whether the venue's administrator did that at the register, and not this kiosk."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A card list that is still being taken; nobody looks cards up in it."""

    cursor: str
    """Where the feed stood before the list was read."""
    last_key: str | None
    """The last lookup key received: go on after it. None: no card yet."""


@dataclass(frozen=True, slots=True)
class FeedState:
    """How far the register's news was read."""

    cursor: str | None
    """None: there is no card list that news could be added to; take a snapshot."""
    list_synced_at: dt.datetime | None
    """When the register last confirmed the card list; None: there is no list, or it was never confirmed as a whole."""
    newest_register_time: dt.datetime | None
    """The newest time ever learnt from the register."""
