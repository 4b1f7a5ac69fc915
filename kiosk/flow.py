"""The way of a card, and the one consumer of all that happens: scan → number → facts → decision → desk → record."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol
from zoneinfo import ZoneInfo

from kiosk.cards.commands import HELD_FOR as COMMAND_HELD_FOR
from kiosk.cards.commands import Command, command_in, desk_event
from kiosk.cards.desk import step
from kiosk.cards.desk_model import (
    Annul,
    AnnulFailed,
    Annulled,
    CountRefusal,
    DecideAgain,
    Decided,
    Desk,
    DeskEvent,
    DeskTimes,
    Effect,
    LookUp,
    LookUpFailed,
    NothingToDo,
    Phase,
    Presentation,
    Record,
    Recorded,
    RecordFailed,
    Scanned,
    ServiceBack,
    ServiceLost,
    Tick,
    Unread,
)
from kiosk.cards.model import (
    Annulment,
    CardIdentity,
    CardNumber,
    Event,
    Facts,
    Refusal,
    Scan,
    Stamp,
    Unreadable,
    Use,
    UseKind,
)
from kiosk.cards.number import NumberForms, parse
from kiosk.cards.programme import DOORS_OPEN_BEFORE, chosen_event
from kiosk.cards.quota import places_taken
from kiosk.cards.repeat import LastReading, heard
from kiosk.cards.rules import decide
from kiosk.clock import Clock, Moment
from kiosk.errors import KioskError, StoreError
from kiosk.health import Health
from kiosk.ids import new_id

log = logging.getLogger(__name__)

TICK_S = 0.25
PROBE_S = 5.0
ANNOUNCE_LIMIT_S = 0.5
"""Longest time one announcer may take: a dead lamp never stops the next card."""


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
    ) -> Facts:
        """The facts for one card at one event; raises StoreError."""
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

    async def undoable(self, since: dt.datetime) -> tuple[Use, ...]:
        """Uses decided since `since` and not annulled, newest first."""
        ...

    async def probe(self) -> None:
        """Return when a write reached the disk."""
        ...


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


class Flow:
    """Owns the desk; everything that happens to it comes through one queue, in order."""

    def __init__(
        self,
        *,
        settings: FlowSettings,
        source: FactSource,
        ledger: Ledger,
        checks: Checks,
        announcers: Mapping[str, Announcer],
        senses: Senses,
        clock: Clock,
        health: Health,
    ) -> None:
        """Start with a desk out of service until the first round has looked."""
        self._settings = settings
        self._source = source
        self._ledger = ledger
        self._checks = checks
        self._announcers = announcers
        self._senses = senses
        self._clock = clock
        self._health = health
        self._desk = Desk(phase=Phase.OUT_OF_SERVICE, out_of_service_why="starting")
        self._happened: asyncio.Queue[tuple[DeskEvent, asyncio.Future[None]]] = asyncio.Queue()
        self._probed_ms: int | None = None
        self._last_reading: LastReading | None = None
        self._last_command: LastReading | None = None

    @property
    def desk(self) -> Desk:
        """The desk as it is now."""
        return self._desk

    async def do(self, event: DeskEvent) -> None:
        """Let `event` happen; returns when all it asked for is done and announced."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._happened.put_nowait((event, done))
        await done

    async def scan(self, scan: Scan) -> None:
        """Let `scan` happen; returns when the verdict is announced."""
        await self.do(Scanned(scan, self._clock.now().monotonic_ms))

    async def run(self) -> None:
        """Serve the desk for ever."""
        await self._announce()
        while True:
            await self._look_after_service()
            self._senses.beat()
            try:
                async with asyncio.timeout(TICK_S):
                    event, done = await self._happened.get()
            except TimeoutError:
                await self._apply(self._tick())
                continue
            await self._apply(self._tick())
            if (command := self._command_in(event)) is not None:
                await self._obey(command)
            elif self._is_held(event):
                await self._announce()
            else:
                await self._apply(event)
            if not done.cancelled():
                done.set_result(None)

    def _is_held(self, event: DeskEvent) -> bool:
        """Whether a reader merely still sees the card that lies on the desk: that is neither a scan nor a confirm."""
        if not isinstance(event, Scanned):
            return False
        self._last_reading, fresh = heard(self._last_reading, event.scan, event.at_ms)
        return not fresh and self._desk.phase not in (Phase.READY, Phase.OUT_OF_SERVICE)

    def _command_in(self, event: DeskEvent) -> Command | None:
        if not self._settings.command_codes or not isinstance(event, Scanned):
            return None
        return command_in(event.scan.text)

    async def _obey(self, command: Command) -> None:
        """Do what a printed code stands for; it is never looked up as a card."""
        now = self._clock.now()
        self._last_command, fresh = heard(
            self._last_command, Scan(command.value, "command"), now.monotonic_ms, COMMAND_HELD_FOR
        )
        if not fresh:
            await self._announce()
            return
        events: tuple[Event, ...] = ()
        if command is Command.NEXT_EVENT:
            day = day_around(now.utc, self._settings.zone)
            try:
                events = await self._source.events(day[0], day[1] + DOORS_OPEN_BEFORE)
            except StoreError as error:
                self._health.failing("database", str(error))
                await self._apply(NothingToDo(now.monotonic_ms))
                return
        await self._apply(desk_event(command, self._desk, events, now.utc, now.monotonic_ms))

    async def _apply(self, event: DeskEvent) -> None:
        before = self._desk
        self._desk, effects = step(before, event, self._settings.times)
        if self._desk != before or isinstance(event, Scanned):
            await self._announce()
        for effect in effects:
            await self._apply(await self._bring_about(effect))

    async def _bring_about(self, effect: Effect) -> DeskEvent:
        match effect:
            case LookUp(scan=scan):
                return await self._look_up(scan)
            case DecideAgain(presentation_id=presentation_id, identity=identity):
                return await self._decide(presentation_id, identity)
            case Record(presentation=presentation):
                return await self._record(presentation)
            case Annul(use_id=use_id):
                return await self._annul(use_id)
            case CountRefusal():
                return await self._count(effect)

    async def _look_up(self, scan: Scan) -> DeskEvent:
        number = parse(scan.text, self._settings.forms)
        now = self._clock.now()
        presentation_id = new_id(now.utc)
        if isinstance(number, Unreadable):
            return Unread(presentation_id, number.why, now.monotonic_ms)
        keys = self._senses.keys()
        if keys is None:
            return LookUpFailed("the kiosk is not enrolled", now.monotonic_ms)
        identity = CardIdentity(lookup_key=await keys.key_of(number), sealed_number=None, tail=number.tail)
        decided = await self._decide(presentation_id, identity)
        if isinstance(decided, Decided) and decided.facts.card is None:
            sealed = CardIdentity(identity.lookup_key, keys.seal(number), identity.tail)
            return Decided(decided.presentation_id, sealed, decided.facts, decided.decision, decided.at_ms)
        return decided

    async def _decide(self, presentation_id: str, identity: CardIdentity) -> DeskEvent:
        now = self._clock.now()
        try:
            facts = await self._facts(presentation_id, identity.lookup_key, now)
        except StoreError as error:
            self._health.failing("database", str(error))
            return LookUpFailed(str(error), self._clock.now().monotonic_ms)
        decision = decide(facts, now.utc, self._settings.zone)
        return Decided(presentation_id, identity, facts, decision, self._clock.now().monotonic_ms)

    async def _facts(self, use_id: str, lookup_key: str, now: Moment) -> Facts:
        day = day_around(now.utc, self._settings.zone)
        events = await self._source.events(day[0], day[1] + DOORS_OPEN_BEFORE)
        event = chosen_event(events, self._desk.choice, now.utc)
        event_id = None if event is None else event.id
        online = self._senses.online()
        course_uses = None
        if event is not None and event.kind is UseKind.COURSE and online:
            course_uses = await self._checks.course_uses(use_id, lookup_key, event.id)
        return await self._source.facts(
            lookup_key,
            event_id,
            day=day,
            online=online,
            clock_trusted=now.trusted,
            course_uses=course_uses,
        )

    async def _record(self, presentation: Presentation) -> DeskEvent:
        now = self._clock.now()
        if presentation.identity is None or presentation.facts is None:  # the desk never asks for this
            return RecordFailed("nothing to record", now.monotonic_ms)
        use = use_of(presentation, presentation.identity, presentation.facts, now, online=self._senses.online())
        try:
            await self._ledger.record(use)
        except StoreError as error:
            self._health.failing("database", str(error))
            return RecordFailed(str(error), self._clock.now().monotonic_ms)
        self._health.ok("database")
        self._senses.recorded()
        return Recorded(use, self._clock.now().monotonic_ms)

    async def _annul(self, use_id: str) -> DeskEvent:
        now = self._clock.now()
        try:
            await self._ledger.annul(Annulment(new_id(now.utc), use_id, _stamp(now)))
        except StoreError as error:
            log.warning("an undo failed: %s", error)
            return AnnulFailed(use_id, now.monotonic_ms)
        self._senses.recorded()
        return Annulled(use_id, self._clock.now().monotonic_ms)

    async def _count(self, effect: CountRefusal) -> DeskEvent:
        now = self._clock.now()
        try:
            await self._ledger.count_refusal(Refusal(new_id(now.utc), effect.reason, effect.event_id, now.utc))
        except StoreError as error:
            # A statistic: worth a word, not worth stopping the queue at the door.
            self._health.failing("database", str(error))
        else:
            self._senses.recorded()
        return self._tick()

    async def _look_after_service(self) -> None:
        """Open the desk when it can work, close it when it cannot; a broken store is tried again now and then."""
        now = self._clock.now()
        if self._senses.keys() is None:
            if self._desk.out_of_service_why != "not-enrolled":
                await self._apply(ServiceLost("not-enrolled", now.monotonic_ms))
            return
        if self._desk.phase is not Phase.OUT_OF_SERVICE:
            return
        if self._probed_ms is not None and now.monotonic_ms - self._probed_ms < PROBE_S * 1000:
            return
        self._probed_ms = now.monotonic_ms
        try:
            await self._ledger.probe()
            undoable = await self._ledger.undoable(now.utc - self._settings.times.undo_window)
        except StoreError as error:
            self._health.failing("database", str(error))
            if self._desk.out_of_service_why != str(error):
                await self._apply(ServiceLost(str(error), now.monotonic_ms))
            return
        self._health.ok("database")
        self._probed_ms = None
        await self._apply(ServiceBack(undoable, now.monotonic_ms))

    async def _announce(self) -> None:
        for name, announcer in self._announcers.items():
            try:
                async with asyncio.timeout(ANNOUNCE_LIMIT_S):
                    await announcer.announce(self._desk)
            except TimeoutError:
                self._health.failing(name, f"took longer than {ANNOUNCE_LIMIT_S} s")
            except (KioskError, OSError) as error:
                self._health.failing(name, str(error))

    def _tick(self) -> Tick:
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
    )


def day_around(now: dt.datetime, zone: ZoneInfo) -> tuple[dt.datetime, dt.datetime]:
    """The local day of `now` in `zone` as two UTC instants: its start, and that of the next (23 to 25 hours later)."""
    today = now.astimezone(zone).date()
    bounds = (dt.datetime.combine(day, dt.time(), tzinfo=zone) for day in (today, today + dt.timedelta(days=1)))
    start, end = (bound.astimezone(dt.UTC) for bound in bounds)
    return start, end


def _stamp(now: Moment) -> Stamp:
    return Stamp(at=now.utc, clock_trusted=now.trusted, boot_id=now.boot_id, monotonic_ms=now.monotonic_ms)
