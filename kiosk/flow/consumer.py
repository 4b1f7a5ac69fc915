"""The one consumer of all that happens at the desk: scan → number → facts → decision → desk → record → announce."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

from kiosk.cards.commands import BothHeld, ButtonHeld, Command, Held, command_of, desk_event, pin_key_of
from kiosk.cards.desk import step
from kiosk.cards.desk_effects import Annul, CountRefusal, DecideAgain, Effect, KeepMode, LookUp, Record
from kiosk.cards.desk_events import (
    BroughtBack,
    DeskEvent,
    LookUpFailed,
    ModeRecalled,
    ModeSet,
    NothingToDo,
    RecordFailed,
    Scanned,
    ServiceBack,
    ServiceLost,
    Tick,
    Touched,
)
from kiosk.cards.desk_modes import CLOSED_BY_STAFF, is_left_alone
from kiosk.cards.desk_state import Desk, Phase
from kiosk.cards.model import Event, Scan
from kiosk.cards.page_steps import page_step_of
from kiosk.cards.pin_entry import PinKey
from kiosk.clock import Clock, Moment, SameBoot
from kiosk.errors import StoreError
from kiosk.flow.announcing import Announcers
from kiosk.flow.answering import Answerer
from kiosk.flow.hearing import Hearing, is_of_metal
from kiosk.flow.ports import Announcer, Checks, FactSource, FlowSettings, Ledger, Senses
from kiosk.flow.recording import Recorder
from kiosk.flow.unlocking import PinPad
from kiosk.health import Health
from kiosk.ids import new_id

TICK_S = 0.25
PROBE_S = 5.0
"""Time between two tries to write when the store has failed."""
CALM_PROBE_S = 30.0
"""Time between two looks at a store that works, while nothing lies on the desk."""


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
        self._times = replace(settings.times, boot_id=clock.now().boot_id)
        self._answerer = Answerer(
            settings=settings, source=source, checks=checks, senses=senses, clock=clock, health=health
        )
        self._recorder = Recorder(ledger, senses, clock, health)
        self._ledger = ledger
        self._announcers = Announcers(announcers, health)
        self._senses = senses
        self._clock = clock
        self._health = health
        self._hearing = Hearing(command_codes=settings.command_codes)
        self._pin_pad = PinPad(senses.pin_lock, clock)
        self._desk = Desk(phase=Phase.OUT_OF_SERVICE, out_of_service_why="starting")
        self._happened: asyncio.Queue[tuple[DeskEvent | Held, asyncio.Future[None]]] = asyncio.Queue()
        self._store_works = False
        self._mode_recalled = False
        self._next_probe_ms = 0

    @property
    def desk(self) -> Desk:
        """The desk as it is now."""
        return self._desk

    async def do(self, event: DeskEvent | Held) -> None:
        """Let `event` happen; returns when all it asked for is done and announced."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._happened.put_nowait((event, done))
        await done

    def hear(self, event: DeskEvent) -> None:
        """Let `event` happen in its turn; nobody waits for it."""
        self._happened.put_nowait((event, asyncio.get_running_loop().create_future()))

    async def scan(self, scan: Scan) -> None:
        """Let `scan` happen; returns when the verdict is announced."""
        await self.do(Scanned(scan, self._clock.now().monotonic_ms - scan.waited_ms))

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
                await self._let_time_pass()
                await self._lock_when_left_alone()
                continue
            await self._let_time_pass()
            await self._take(event)
            if not done.cancelled():
                done.set_result(None)

    async def _take(self, event: DeskEvent | Held) -> None:
        """Let `event` happen, or what it stands for: a code, a button, at a locked desk a part of its PIN."""
        code = self._hearing.command_in(event)
        if self._hearing.means_nothing(code, event, self._desk):
            await self._announce()
        elif (code is not None or is_of_metal(event)) and self._senses.walk.takes(
            page_step_of(code or event), event.at_ms
        ):
            await self._apply(Touched(self._clock.now().monotonic_ms))
        elif self._desk.mode.locked and (key := pin_key_of(code or event)) is not None:
            await self._enter_pin(key, event.at_ms)
        elif code is not None:
            await self._obey(code, event.at_ms)
        elif isinstance(event, ButtonHeld | BothHeld):
            await self._obey(command_of(event, self._desk), event.at_ms)
        elif self._hearing.is_held(event, self._desk):
            await self._announce()
        else:
            await self._apply(event)

    async def _enter_pin(self, key: PinKey, at_ms: int) -> None:
        opens_pages = self._pin_pad.opens_pages
        came = await self._pin_pad.take(key, self._desk.mode, at_ms)
        await self._apply(came)
        if opens_pages and isinstance(came, ModeSet):
            self._senses.walk.begin()

    async def _obey(self, command: Command, at_ms: int) -> None:
        now = self._clock.now()
        if command is Command.NEXT_LANGUAGE:
            self._senses.next_language()
            await self._apply(Touched(now.monotonic_ms))
            return
        if command in (Command.LOCK, Command.VENUE_PAGES) and self._senses.has_pin() and not self._desk.mode.locked:
            await self._apply(self._pin_pad.lock(self._desk.mode))
            if command is Command.VENUE_PAGES:
                await self._enter_pin(PinKey.PAGES, now.monotonic_ms)
            return
        events: tuple[Event, ...] = ()
        if command is Command.NEXT_EVENT:
            try:
                events = await self._answerer.events_today()
            except StoreError as error:
                self._health.failing("database", str(error))
                await self._apply(NothingToDo(now.monotonic_ms))
                return
        event = desk_event(command, self._desk, events, now.utc, at_ms, fresh_id=new_id(now.utc))
        if isinstance(event, BroughtBack):
            # It lies there from when it is seen, however long the button was held.
            event = replace(event, at_ms=now.monotonic_ms)
        await self._apply(event)

    async def _apply(self, event: DeskEvent) -> None:
        before = self._desk
        if isinstance(event, Scanned) and before.phase is not Phase.OUT_OF_SERVICE:
            self._senses.walk.end()  # whoever walks the venue's pages must see the card
        self._desk, effects = step(before, event, self._times)
        if self._desk.mode.locked:
            self._senses.walk.end()
        if self._desk != before or isinstance(event, Scanned):
            await self._announce()
        if isinstance(event, LookUpFailed | RecordFailed):
            self._next_probe_ms = 0  # whether the store fails for good is looked at before the next card
        for effect in effects:
            await self._apply(await self._bring_about(effect))

    async def _bring_about(self, effect: Effect) -> DeskEvent:
        match effect:
            case LookUp(scan=scan, practice=practice):
                return await self._answerer.look_up(scan, self._desk.choice, practice=practice)
            case DecideAgain(presentation_id=name, identity=identity, practice=practice):
                return await self._answerer.decide(name, identity, self._desk.choice, practice=practice)
            case Record(presentation=presentation, practice=practice):
                return await self._recorder.record(presentation, practice=practice)
            case KeepMode(mode=mode):
                return await self._recorder.keep_mode(mode)
            case Annul(use_id=use_id, late=late):
                return await self._recorder.annul(use_id, late=late)
            case CountRefusal():
                return await self._recorder.count(effect)

    async def _look_after_service(self) -> None:
        """Open the desk when it can work, close it when it cannot; a broken store is tried again now and then."""
        now = self._clock.now()
        try:
            if self._is_probe_due(now.monotonic_ms):
                await self._probe(now.monotonic_ms)
            if not self._store_works:
                return
            why = "key-revoked" if self._senses.revoked() else "not-enrolled" if self._senses.keys() is None else ""
            if why:
                if (self._desk.phase, self._desk.out_of_service_why) != (Phase.OUT_OF_SERVICE, why):
                    await self._apply(ServiceLost(why, now.monotonic_ms))
            elif self._desk.phase is Phase.OUT_OF_SERVICE and self._desk.out_of_service_why != CLOSED_BY_STAFF:
                if not self._mode_recalled:
                    await self._apply(ModeRecalled(await self._senses.modes.kept(), now.monotonic_ms))
                    self._mode_recalled = True
                undoable = await self._ledger.undoable(*self._start_of_undo_window(now))
                await self._apply(ServiceBack(undoable, now.monotonic_ms))
        except StoreError as error:
            self._store_works = False
            self._health.failing("database", str(error))
            if (self._desk.phase, self._desk.out_of_service_why) != (Phase.OUT_OF_SERVICE, error.fault):
                await self._apply(ServiceLost(error.fault, now.monotonic_ms))

    async def _let_time_pass(self) -> None:
        await self._apply(self._tick())
        forgotten = self._pin_pad.forgotten(locked=self._desk.mode.locked)
        if forgotten is not None:
            await self._apply(forgotten)

    async def _lock_when_left_alone(self) -> None:
        """Lock a desk that rests for long, where there is a PIN to open it with."""
        at_ms = self._clock.now().monotonic_ms
        if is_left_alone(self._desk, at_ms, self._times) and self._senses.has_pin():
            await self._apply(ModeSet(replace(self._desk.mode, locked=True), at_ms))

    def _start_of_undo_window(self, now: Moment) -> tuple[dt.datetime, SameBoot]:
        window = self._times.undo_window
        since_ms = now.monotonic_ms - window // dt.timedelta(milliseconds=1)
        return now.utc - window, SameBoot(now.boot_id, since_ms)

    def _is_probe_due(self, now_ms: int) -> bool:
        at_rest = self._desk.phase in (Phase.READY, Phase.OUT_OF_SERVICE)
        return self._next_probe_ms == 0 or (at_rest and now_ms >= self._next_probe_ms)

    async def _probe(self, now_ms: int) -> None:
        self._next_probe_ms = now_ms + round(PROBE_S * 1000)
        await self._ledger.probe()
        self._next_probe_ms = now_ms + round(CALM_PROBE_S * 1000)
        self._store_works = True
        self._health.ok("database")

    async def _announce(self) -> None:
        await self._announcers.tell(self._desk)

    def _tick(self) -> Tick:
        now = self._clock.now()
        return Tick(now.utc, now.monotonic_ms)
