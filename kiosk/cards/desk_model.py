"""The desk's state, what can happen to it, and what it then wants done, as frozen data."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum

from kiosk.cards.model import (
    Answer,
    CardIdentity,
    Decision,
    Facts,
    Finding,
    Reason,
    Scan,
    Tickets,
    UnreadableWhy,
    Use,
)


class Phase(StrEnum):
    """Where the desk is (SCREEN.md, The desk: states)."""

    OUT_OF_SERVICE = "out-of-service"
    READY = "ready"
    READING = "reading"
    PRESENTED = "presented"
    RECORDING = "recording"
    RECORDED = "recorded"


class Notice(StrEnum):
    """A short word to staff beside the phase."""

    ANNULLED = "annulled"
    UNDO_TOO_LATE = "undo-too-late"
    NOT_ANNULLED = "not-annulled"
    NOT_RECORDED = "not-recorded"
    LOOK_UP_FAILED = "look-up-failed"
    TRAY_FULL = "tray-full"
    TIMED_OUT = "timed-out"
    NOTHING_TO_DO = "nothing-to-do"


@dataclass(frozen=True, slots=True)
class DeskTimes:
    """How long things stay (SCREEN.md)."""

    confirm_again_after: dt.timedelta = dt.timedelta(seconds=3)
    """The same card read again after this confirms; before it, it is the same reading."""
    recorded_shown: dt.timedelta = dt.timedelta(seconds=1.5)
    refusal_shown: dt.timedelta = dt.timedelta(seconds=10)
    unanswered_shown: dt.timedelta = dt.timedelta(minutes=2)
    """An accepted card that nobody confirms, in front or in the tray."""
    undo_window: dt.timedelta = dt.timedelta(minutes=15)
    notice_shown: dt.timedelta = dt.timedelta(seconds=6)
    tray_size: int = 5
    boot_id: str | None = None
    """This boot: how old its uses are is told by the clock that never steps."""


@dataclass(frozen=True, slots=True)
class Presentation:
    """A card lying on the desk, answered and not yet recorded."""

    id: str
    """Names this presentation for the buttons of a page, so that a late tap never hits the next visitor."""
    identity: CardIdentity | None
    """None: what was read is not a card."""
    facts: Facts | None
    decision: Decision
    tickets: Tickets
    warnings: tuple[Finding, ...]
    """What the chosen tickets add to the decision."""
    at_ms: int
    """Monotonic time of the presentation."""
    unreadable: UnreadableWhy | None = None

    @property
    def answer(self) -> Answer:
        """The worst of the decision and what the tickets add."""
        answers = {self.decision.answer, *(warning.answer for warning in self.warnings)}
        return next(answer for answer in (Answer.REFUSE, Answer.ASK, Answer.ACCEPT) if answer in answers)

    @property
    def confirmable(self) -> bool:
        """Whether staff may let the visitor in with these tickets."""
        return self.identity is not None and self.answer is not Answer.REFUSE


@dataclass(frozen=True, slots=True)
class EventChoice:
    """Which event the desk serves: by time, or as chosen by hand (None: general admission)."""

    automatic: bool = True
    event_id: str | None = None


@dataclass(frozen=True, slots=True)
class Desk:
    """All that the desk knows; every page and lamp is drawn from it."""

    phase: Phase = Phase.READY
    presented: Presentation | None = None
    recorded: Use | None = None
    """The use just recorded, while it is shown."""
    shown_since_ms: int = 0
    tray: tuple[Presentation, ...] = ()
    """Cards put aside for a moment, oldest first."""
    undoable: tuple[Use, ...] = ()
    """Recorded and not annulled within the undo window, newest first."""
    choice: EventChoice = field(default_factory=EventChoice)
    notice: Notice | None = None
    notice_since_ms: int = 0
    out_of_service_why: str = ""


# --- what can happen -------------------------------------------------------------------------------------------


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


@dataclass(frozen=True, slots=True)
class EventChosen:
    """Staff choose what the desk serves."""

    choice: EventChoice
    at_ms: int


@dataclass(frozen=True, slots=True)
class NothingToDo:
    """Staff read a command that means nothing now."""

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
    | NothingToDo
    | Recorded
    | RecordFailed
    | Annulled
    | AnnulFailed
    | ServiceLost
    | ServiceBack
    | Tick
)


# --- what the desk then wants done -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LookUp:
    """Read the scan, find the facts, decide."""

    scan: Scan


@dataclass(frozen=True, slots=True)
class DecideAgain:
    """The same card under other circumstances (another event was chosen)."""

    presentation_id: str
    identity: CardIdentity


@dataclass(frozen=True, slots=True)
class Record:
    """Make it a use, on the disk."""

    presentation: Presentation


@dataclass(frozen=True, slots=True)
class Annul:
    """Take the use back, on the disk."""

    use_id: str


@dataclass(frozen=True, slots=True)
class CountRefusal:
    """Count a visitor who got no ticket, without the card."""

    reason: Reason
    event_id: str | None


Effect = LookUp | DecideAgain | Record | Annul | CountRefusal
