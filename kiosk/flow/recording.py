"""What happened at the desk, made a record and put on the disk."""

from __future__ import annotations

import logging

from kiosk.cards.desk_effects import CountRefusal
from kiosk.cards.desk_events import AnnulFailed, Annulled, AnnulNeedsRegister, DeskEvent, Recorded, RecordFailed, Tick
from kiosk.cards.desk_state import DeskMode, Presentation
from kiosk.cards.model import Annulment, CardIdentity, Facts, Refusal, Stamp, Use, UseKind
from kiosk.cards.quota import places_taken
from kiosk.clock import Clock, Moment
from kiosk.errors import StoreError
from kiosk.flow.ports import Ledger, Senses
from kiosk.health import Health
from kiosk.ids import new_id

log = logging.getLogger(__name__)


class Recorder:
    """Answers each effect with the desk's next event; a disk that fails is said in health."""

    def __init__(self, ledger: Ledger, senses: Senses, clock: Clock, health: Health) -> None:
        """Record in `ledger`."""
        self._ledger = ledger
        self._senses = senses
        self._clock = clock
        self._health = health
        self._unsure: Use | None = None
        """The use whose writing failed last: it may be on the disk all the same."""

    async def record(self, presentation: Presentation, *, practice: bool = False) -> DeskEvent:
        """Make `presentation` a use; a second try after a failure is the very same record, time and all.

        In practice it is kept nowhere, and the register never hears of it.
        """
        now = self._clock.now()
        if presentation.identity is None or presentation.facts is None:  # the desk never asks for this
            return RecordFailed("nothing to record", now.monotonic_ms)
        use = use_of(presentation, presentation.identity, presentation.facts, now, online=self._senses.online())
        if practice:
            return Recorded(use, now.monotonic_ms)
        if self._unsure is not None and self._unsure.id == use.id and self._unsure.tickets == use.tickets:
            use = self._unsure
        try:
            await self._ledger.record(use)
        except StoreError as error:
            self._unsure = use
            self._health.failing("database", str(error))
            return RecordFailed(error.fault, self._clock.now().monotonic_ms)
        self._unsure = None
        self._health.ok("database")
        self._senses.recorded()
        return Recorded(use, self._clock.now().monotonic_ms)

    async def annul(self, use_id: str, *, late: bool = False) -> DeskEvent:
        """Take the use back; a `late` one only while the register hears of it, and otherwise nothing is written."""
        now = self._clock.now()
        if late and not self._senses.online():
            return AnnulNeedsRegister(use_id, now.monotonic_ms)
        try:
            await self._ledger.annul(Annulment(new_id(now.utc), use_id, _stamp(now)))
        except StoreError as error:
            log.warning("an undo failed: %s", error)
            return AnnulFailed(use_id, now.monotonic_ms)
        self._senses.recorded()
        return Annulled(use_id, self._clock.now().monotonic_ms)

    async def keep_mode(self, mode: DeskMode) -> DeskEvent:
        """Remember how the desk is set."""
        try:
            await self._senses.modes.keep(mode)
        except StoreError as error:
            # The desk is set all the same; only a restart would forget it.
            self._health.failing("database", str(error))
        now = self._clock.now()
        return Tick(now.utc, now.monotonic_ms)

    async def count(self, effect: CountRefusal) -> DeskEvent:
        """Count a visitor who got no ticket."""
        now = self._clock.now()
        try:
            await self._ledger.count_refusal(Refusal(new_id(now.utc), effect.reason, effect.event_id, _stamp(now)))
        except StoreError as error:
            # A statistic: worth a word, not worth stopping the queue at the door.
            self._health.failing("database", str(error))
        else:
            self._senses.recorded()
        now = self._clock.now()
        return Tick(now.utc, now.monotonic_ms)


def use_of(presentation: Presentation, identity: CardIdentity, facts: Facts, now: Moment, *, online: bool) -> Use:
    """The use that a confirmed presentation is; its id is the presentation's, so that a second try is no second use."""
    findings = (*presentation.decision.findings, *presentation.warnings)
    event = facts.event
    return Use(
        id=presentation.id,
        card=identity,
        event_id=None if event is None else event.id,
        kind=UseKind.ENTRANCE if event is None else event.kind,
        tickets=presentation.tickets,
        quota_places=places_taken(presentation.tickets, facts.policy),
        decided=_stamp(now),
        offline=not online,
        remarks=tuple(dict.fromkeys(finding.reason for finding in findings)),
        event_label=facts.event_label,
    )


def _stamp(now: Moment) -> Stamp:
    return Stamp(at=now.utc, clock_trusted=now.trusted, boot_id=now.boot_id, monotonic_ms=now.monotonic_ms)
