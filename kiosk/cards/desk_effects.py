"""What the desk wants done, as frozen data."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.cards.desk_state import DeskMode, Presentation
from kiosk.cards.model import CardIdentity, Reason, Scan


@dataclass(frozen=True, slots=True)
class LookUp:
    """Read the scan, find the facts, decide."""

    scan: Scan
    practice: bool = False
    """Only practice cards are known then."""


@dataclass(frozen=True, slots=True)
class DecideAgain:
    """The same card under other circumstances (another event was chosen)."""

    presentation_id: str
    identity: CardIdentity
    practice: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """Make it a use, on the disk."""

    presentation: Presentation
    practice: bool = False
    """Make it a use, and keep it nowhere."""


@dataclass(frozen=True, slots=True)
class Annul:
    """Take the use back, on the disk."""

    use_id: str
    late: bool = False
    """Only while the register hears of it: the time in which the desk alone may do it is over."""


@dataclass(frozen=True, slots=True)
class CountRefusal:
    """Count a visitor who got no ticket, without the card."""

    reason: Reason
    event_id: str | None


@dataclass(frozen=True, slots=True)
class KeepMode:
    """Remember how the desk is set, over a restart."""

    mode: DeskMode


Effect = LookUp | DecideAgain | Record | Annul | CountRefusal | KeepMode
