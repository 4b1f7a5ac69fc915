"""What can happen at the desk, as frozen data."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from kiosk.cards.desk_state import DeskMode, EventChoice, PinProgress
from kiosk.cards.model import CardIdentity, Decision, Facts, Scan, Tickets, Use
from kiosk.cards.unreadable import UnreadableWhy


@dataclass(frozen=True, slots=True)
class Scanned:
    """Something was read or typed."""

    scan: Scan
    at_ms: int


@dataclass(frozen=True, slots=True)
class Unread:
    """It holds no card number."""

    presentation_id: str
    why: UnreadableWhy
    at_ms: int


@dataclass(frozen=True, slots=True)
class Decided:
    """The card was looked up and the rules have spoken."""

    presentation_id: str
    identity: CardIdentity
    facts: Facts
    decision: Decision
    at_ms: int


@dataclass(frozen=True, slots=True)
class LookUpFailed:
    """The store could not be asked; the visitor's card is not to blame."""

    why: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class ConfirmPressed:
    """Staff let the visitor in. `presentation_id` None is a hardware button: whatever lies on the desk."""

    presentation_id: str | None
    at_ms: int


@dataclass(frozen=True, slots=True)
class CancelPressed:
    """Staff do not."""

    presentation_id: str | None
    at_ms: int


@dataclass(frozen=True, slots=True)
class TicketsSet:
    """Staff count who goes in."""

    presentation_id: str
    tickets: Tickets
    at_ms: int


@dataclass(frozen=True, slots=True)
class BroughtBack:
    """Staff take a card from the tray."""

    presentation_id: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class UndoPressed:
    """Staff take a recorded use back; `now` tells whether it still may be."""

    use_id: str
    now: dt.datetime
    at_ms: int
    behind_pin: bool = False
    """Pressed by somebody who knows the PIN: any use of this kiosk may be taken back, an old one only online."""


@dataclass(frozen=True, slots=True)
class EventChosen:
    """Staff choose what the desk serves."""

    choice: EventChoice
    at_ms: int


@dataclass(frozen=True, slots=True)
class ChildAdded:
    """In self-service, a visitor counts one more child of the card just recorded as `use_id`."""

    use_id: str
    presentation_id: str
    """Names the use that takes its place."""
    at_ms: int


@dataclass(frozen=True, slots=True)
class ModeSet:
    """Somebody who may do so sets the desk."""

    mode: DeskMode
    at_ms: int


@dataclass(frozen=True, slots=True)
class ModeRecalled:
    """How the desk was set before this start."""

    mode: DeskMode
    at_ms: int


@dataclass(frozen=True, slots=True)
class PinEntered:
    """At a locked desk, a PIN is entered by code or button; it is so far."""

    progress: PinProgress
    at_ms: int


@dataclass(frozen=True, slots=True)
class PinRefused:
    """The PIN that was entered by code or button does not open the lock."""

    wait_s: int
    """So long nobody may try again."""
    at_ms: int
    tried: bool = True
    """False: nobody might try yet, and it was not looked at."""


@dataclass(frozen=True, slots=True)
class NothingToDo:
    """Staff read a command that means nothing now."""

    at_ms: int


@dataclass(frozen=True, slots=True)
class Touched:
    """Somebody works on the venue's pages: staff are here, though the desk rests."""

    at_ms: int


@dataclass(frozen=True, slots=True)
class Recorded:
    """The use is on the disk."""

    use: Use
    at_ms: int


@dataclass(frozen=True, slots=True)
class RecordFailed:
    """The use is not on the disk; nobody may be told that it is."""

    why: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class Annulled:
    """The annulment is on the disk."""

    use_id: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class AnnulFailed:
    """The annulment is not on the disk."""

    use_id: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class AnnulledElsewhere:
    """The register told of uses that were taken back, and not by this desk; they may be other doors' uses."""

    use_ids: frozenset[str]
    at_ms: int


@dataclass(frozen=True, slots=True)
class AnnulNeedsRegister:
    """Nothing was written: so late, a use may be taken back only while the kiosk is online."""

    use_id: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class ServiceLost:
    """The desk cannot do its work."""

    why: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class ServiceBack:
    """It can again; `undoable` are the uses that may still be taken back."""

    undoable: tuple[Use, ...]
    at_ms: int


@dataclass(frozen=True, slots=True)
class Tick:
    """Time passes."""

    now: dt.datetime
    at_ms: int


DeskEvent = (
    Scanned
    | Unread
    | Decided
    | LookUpFailed
    | ConfirmPressed
    | CancelPressed
    | TicketsSet
    | BroughtBack
    | UndoPressed
    | EventChosen
    | ChildAdded
    | ModeSet
    | ModeRecalled
    | PinEntered
    | PinRefused
    | NothingToDo
    | Touched
    | Recorded
    | RecordFailed
    | Annulled
    | AnnulFailed
    | AnnulNeedsRegister
    | AnnulledElsewhere
    | ServiceLost
    | ServiceBack
    | Tick
)
