"""All that the desk knows, as frozen data; every page and lamp is drawn from it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum

from kiosk.cards.model import Answer, CardIdentity, Decision, Facts, Finding, Tickets, Use
from kiosk.cards.unreadable import UnreadableWhy


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
    ANNULLED_BY_VENUE = "annulled-by-venue"
    UNDO_NEEDS_REGISTER = "undo-needs-register"
    NOT_ANNULLED = "not-annulled"
    NOT_RECORDED = "not-recorded"
    LOOK_UP_FAILED = "look-up-failed"
    TRAY_FULL = "tray-full"
    """The card that was just read was not taken: the one on the desk would have had to wait, and too many do."""
    ASK_ABOUT_CHILDREN = "ask-about-children"
    """In self-service: more children than the visitor may add without staff."""
    TIMED_OUT = "timed-out"
    NOTHING_TO_DO = "nothing-to-do"
    LOCKED = "locked"
    """A card was shown to a locked desk: it waits in the tray."""
    WRONG_PIN = "wrong-pin"
    PIN_TOO_SOON = "pin-too-soon"
    """Nobody may try a PIN yet, so this one was not looked at."""


@dataclass(frozen=True, slots=True)
class DeskTimes:
    """How long things stay (SCREEN.md)."""

    confirm_again_after: dt.timedelta = dt.timedelta(seconds=3)
    """The same card read again after this confirms; before it, it is the same reading."""
    recorded_shown: dt.timedelta = dt.timedelta(seconds=1.5)
    self_recorded_shown: dt.timedelta = dt.timedelta(seconds=8)
    """In self-service, where the visitor may still add children meanwhile."""
    refusal_shown: dt.timedelta = dt.timedelta(seconds=10)
    unanswered_shown: dt.timedelta = dt.timedelta(minutes=2)
    """An accepted card that nobody confirms, in front or in the tray."""
    undo_window: dt.timedelta = dt.timedelta(minutes=15)
    notice_shown: dt.timedelta = dt.timedelta(seconds=6)
    tray_size: int = 5
    lock_after: dt.timedelta | None = None
    """A desk that nobody uses for so long is to be locked; None: never."""
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
class DeskMode:
    """How staff have set the desk; lies over its phases."""

    closed: bool = False
    """Out of service by the word of staff, also after a restart."""
    locked: bool = False
    """Nothing is recorded or undone until somebody enters the PIN, also after a restart; cards wait."""
    self_service: bool = False
    """An accepted card is recorded at once, without staff; also after a restart."""
    practice: bool = False
    """Practice cards only, and nothing leaves the desk; a restart ends it, so that no morning begins in it."""


@dataclass(frozen=True, slots=True)
class PinProgress:
    """How far a PIN is that is entered by code or button; never what was entered."""

    digits: int = 0
    begun: bool = False
    """Whether a button has begun to count a digit; not how far it is."""
    for_pages: bool = False
    """Whether it opens the venue's pages too."""


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
    practised: tuple[Use, ...] = ()
    """In practice mode: what would have been recorded, newest first; it is kept nowhere else."""
    added_to: Presentation | None = None
    """In self-service: the presentation just recorded, which the visitor may add children to."""
    replaced_use: str | None = None
    """The use to be taken back as soon as the one with more children is on the disk."""
    choice: EventChoice = field(default_factory=EventChoice)
    mode: DeskMode = field(default_factory=DeskMode)
    lock_turned_ms: int = field(default=0, compare=False)
    """When it was last locked or opened; shown nowhere."""
    pin: PinProgress = field(default_factory=PinProgress)
    pin_wait_s: int = 0
    """How long nobody could try a PIN again, when one was refused."""
    notice: Notice | None = None
    notice_since_ms: int = 0
    touched_ms: int = field(default=0, compare=False)
    """When somebody last did something here; shown nowhere."""
    out_of_service_why: str = ""

    @property
    def takeable_back(self) -> tuple[Use, ...]:
        """The uses beside which *Undo* stands, newest first."""
        return self.practised if self.mode.practice else self.undoable
