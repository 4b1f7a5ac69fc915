"""What the flow asks of the rest of the kiosk: each Protocol beside its one consumer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol
from zoneinfo import ZoneInfo

from kiosk.cards.desk_state import Desk, DeskMode, DeskTimes
from kiosk.cards.model import Annulment, CardNumber, Event, Facts, Refusal, Use
from kiosk.cards.number import NumberForms
from kiosk.cards.page_steps import PageStep
from kiosk.cards.pin_entry import PinAnswer
from kiosk.clock import SameBoot


class CardKeys(Protocol):
    """How a number becomes a key, and how it is hidden from this kiosk itself."""

    async def key_of(self, number: CardNumber) -> str:
        """The lookup key of `number`."""
        ...

    def seal(self, number: CardNumber) -> str:
        """`number`, readable for the register alone."""
        ...


class FactSource(Protocol):
    """What the kiosk knows without asking anyone."""

    async def facts(
        self,
        lookup_key: str,
        event_id: str | None,
        *,
        day: tuple[dt.datetime, dt.datetime],
        online: bool,
        clock_trusted: bool,
        course_uses: int | None,
        day_here: SameBoot | None = None,
    ) -> Facts:
        """The facts for one card at one event; `day_here` is the day's start by the clock that never steps.

        Raises StoreError.
        """
        ...

    async def events(self, start: dt.datetime, end: dt.datetime) -> tuple[Event, ...]:
        """The venue's events that touch the time from `start` to `end`; raises StoreError."""
        ...


class Ledger(Protocol):
    """What happened, on the disk when a call returns; raises StoreError."""

    async def record(self, use: Use) -> None:
        """Keep `use`; again with the same use is no second one."""
        ...

    async def annul(self, annulment: Annulment) -> None:
        """Keep the annulment of a use."""
        ...

    async def count_refusal(self, refusal: Refusal) -> None:
        """Count a visitor who got no ticket."""
        ...

    async def undoable(self, since: dt.datetime, same_boot: SameBoot | None = None) -> tuple[Use, ...]:
        """Uses not annulled, newest first, since `same_boot`, and those of other boots since `since`."""
        ...

    async def probe(self) -> None:
        """Return when a write reached the disk."""
        ...


class Modes(Protocol):
    """How the desk is set, on the disk; raises StoreError."""

    async def keep(self, mode: DeskMode) -> None:
        """Remember `mode` over a restart."""
        ...

    async def kept(self) -> DeskMode:
        """What was kept last; the default where nothing was."""
        ...


class Forgetful:
    """A desk that is set as usual at each start."""

    async def keep(self, mode: DeskMode) -> None:
        """Do nothing."""

    async def kept(self) -> DeskMode:
        """As usual."""
        return DeskMode()


class Checks(Protocol):
    """The rules that need the nation's knowledge."""

    async def course_uses(self, use_id: str, lookup_key: str, event_id: str) -> int | None:
        """Course places the card has had in the period; None when the register does not answer in time."""
        ...


class Announcer(Protocol):
    """A lamp, a page, a line: whoever tells people how the desk is."""

    async def announce(self, desk: Desk) -> None:
        """Show `desk`; called after each change, and after each scan even without one."""
        ...


class PinLock(Protocol):
    """The desk's PIN, which pages and codes try alike."""

    @property
    def wait_s(self) -> int:
        """How long nobody may try yet."""
        ...

    async def try_pin(self, pin: str) -> PinAnswer:
        """Whether `pin` is the one; a wrong one counts, whoever tried it where."""
        ...

    def leave_all(self) -> None:
        """Nobody is behind the PIN any more."""
        ...


class NoPin:
    """A desk without a PIN."""

    wait_s = 0

    async def try_pin(self, pin: str) -> PinAnswer:  # noqa: ARG002  # whatever it is
        """No PIN is the right one."""
        return PinAnswer.WRONG

    def leave_all(self) -> None:
        """Nobody is behind it."""


class Walk(Protocol):
    """The venue's pages, as codes or two buttons walk them on the kiosk's own screen."""

    def begin(self) -> None:
        """Let the kiosk's own screen go there: the PIN was said for it."""
        ...

    def takes(self, step: PageStep | None, at_ms: int) -> bool:
        """Whether what was done at `at_ms` is for the pages and not for the desk; `step` is what it means there."""
        ...

    def end(self) -> None:
        """Nobody walks them any more; harmless where nobody did."""
        ...


class NoWalk:
    """A desk without the venue's pages."""

    def begin(self) -> None:
        """Do nothing."""

    def takes(self, step: PageStep | None, at_ms: int) -> bool:  # noqa: ARG002  # whatever it is
        """Everything is for the desk."""
        return False

    def end(self) -> None:
        """Do nothing."""


@dataclass(frozen=True, slots=True)
class FlowSettings:
    """What of the configuration the flow goes by."""

    times: DeskTimes
    forms: NumberForms
    zone: ZoneInfo
    command_codes: bool = True
    """Whether printed codes stand for the desk's buttons."""


@dataclass(frozen=True, slots=True)
class Senses:
    """What the flow asks of the rest of the kiosk, one call each."""

    keys: Callable[[], CardKeys | None]
    """None as long as the kiosk is not enrolled."""
    online: Callable[[], bool]
    recorded: Callable[[], None]
    """Called when something new waits for the register."""
    beat: Callable[[], None]
    """Called at each round: the sign of life for the watchdog."""
    revoked: Callable[[], bool] = lambda: False
    """Whether the register will take nothing from this kiosk any more."""
    modes: Modes = field(default_factory=Forgetful)
    has_pin: Callable[[], bool] = lambda: False
    """Whether a locked desk can be opened."""
    pin_lock: PinLock = field(default_factory=NoPin)
    walk: Walk = field(default_factory=NoWalk)
    next_language: Callable[[], None] = lambda: None
    """Show the staff pages that are open in the language after theirs."""
