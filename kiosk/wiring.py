"""Builds the kiosk from its configuration: the one module that knows flow and edges."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import ssl
from collections.abc import Callable
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from contract.messages import DeviceFacts
from kiosk.cards.desk_events import AnnulledElsewhere
from kiosk.cards.desk_state import Desk, DeskTimes, EventChoice
from kiosk.cards.model import CardNumber, Language
from kiosk.cards.number import NumberForms
from kiosk.clock import Clock, SystemClock
from kiosk.config import Config, token_file
from kiosk.devices import CardSense, buttons_of, event_of, lamps_of, loudness_of, scanners_of
from kiosk.enrolling import RegisterAddress, shelves_of
from kiosk.errors import ConfigError, DeviceError, StoreError
from kiosk.feedback.buttons import Press
from kiosk.feedback.lines import LineAnnouncer
from kiosk.feedback.player import PART as LAMPS
from kiosk.feedback.player import Player
from kiosk.feedback.signals import Part
from kiosk.feedback.sound import Loudness
from kiosk.feedback.voice import PART as VOICE
from kiosk.flow.consumer import Flow
from kiosk.flow.paper import PaperDesk
from kiosk.flow.ports import Announcer, FlowSettings, Senses
from kiosk.health import Health
from kiosk.page_tls import page_tls, places_of
from kiosk.runtime import Heartbeats, Service, Watchdog, environment, notifier, run_services, watchdog_interval_s
from kiosk.screen.access import Access, PinFile
from kiosk.screen.board import Board
from kiosk.screen.office.ports import Back
from kiosk.screen.server import VenuePages, create_app
from kiosk.screen.server import serve as serve_pages
from kiosk.screen.walk import Walk
from kiosk.speaking import voice_of
from kiosk.store.archive import Archive
from kiosk.store.by_hand import ByHand
from kiosk.store.catalogue import Catalogue
from kiosk.store.copier import Copier, Plan
from kiosk.store.corrections import Corrector
from kiosk.store.database import Database
from kiosk.store.desk_mode import Modes
from kiosk.store.ledger import Ledger
from kiosk.store.outbox import Outbox
from kiosk.store.stick import PART as STICK
from kiosk.store.stick import StickWatch
from kiosk.surroundings import Surroundings, Watch, told_of
from kiosk.sync.address import checked_address, tls_context
from kiosk.sync.backoff import Backoff
from kiosk.uplink import Pace, Uplink
from kiosk.version import software_version
from kiosk.vitals import vitals_of

FLOW_SILENT_S = 20.0
"""The flow shows a sign of life four times a second; one card must not take so long."""


def system_clock(config: Config) -> SystemClock:
    """The clock, as far as the configuration says it can be trusted."""
    return SystemClock(always_trusted=config.kiosk.clock == "trusted")


def number_forms(config: Config) -> NumberForms:
    """What the configuration accepts as a card number."""
    numbers = config.numbers
    return NumberForms(numbers.form, numbers.link_hosts, numbers.link_parameters)


def desk_times(config: Config) -> DeskTimes:
    """How long things stay on the desk."""
    desk = config.desk
    return DeskTimes(
        confirm_again_after=dt.timedelta(seconds=desk.confirm_again_after_s),
        recorded_shown=dt.timedelta(seconds=desk.recorded_shown_s),
        refusal_shown=dt.timedelta(seconds=desk.refusal_shown_s),
        unanswered_shown=dt.timedelta(seconds=desk.unanswered_shown_s),
        undo_window=dt.timedelta(minutes=desk.undo_min),
        lock_after=dt.timedelta(minutes=desk.lock_idle_min) if desk.lock_idle_min else None,
    )


def register_address(config: Config) -> RegisterAddress:
    """Where the register is; raises ConfigError for an address or certificate that cannot be used."""
    register = config.register
    if register.url is None:
        raise ConfigError(["register.url is missing: the kiosk must know where its register is."])
    return RegisterAddress(
        url=checked_address(register.url, allow_insecure=register.allow_insecure),
        tls=tls_context(None if register.ca_file is None else Path(register.ca_file)),
        timeout_s=register.timeout_s,
    )


def build_uplink(
    config: Config,
    database: Database,
    identity: Path,
    *,
    clock: Clock,
    health: Health | None = None,
    on_change: Callable[[], None] = lambda: None,
    on_annulled: Callable[[frozenset[str]], None] = lambda _: None,
) -> Uplink:
    """The tie to the register; raises ConfigError."""
    register = config.register
    return Uplink(
        address=register_address(config),
        shelves=shelves_of(database, identity, door=config.kiosk.name),
        token_file=lambda: token_file(config),
        device=DeviceFacts(name=config.kiosk.name, software_version=software_version()),
        pace=Pace(
            Backoff(first_s=register.retry_first_s, longest_s=register.retry_longest_s),
            register.heartbeat_s,
            dt.timedelta(days=register.key_days) if register.key_days else None,
        ),
        vitals=lambda: vitals_of(database.path.parent),
        on_change=on_change,
        on_annulled=on_annulled,
        clock=clock,
        health=Health(clock) if health is None else health,
    )


async def serve(
    config: Config, *, database: Path, identity: Path, copies: Path, pin: Path, lock: Callable[[], None] = lambda: None
) -> None:
    """Serve the desk until a stop signal, out of service while the database cannot be opened.

    `lock` is called before each try to open it; the day's copy goes into `copies`. Raises KioskError when something
    cannot be set up, and an ExceptionGroup with ServiceEnded when a part ended.
    """
    clock = system_clock(config)
    health = Health(clock)
    register_address(config)  # a wrong address is said before anything is started
    tls = page_tls(config.screen)
    with contextlib.closing(Database.open_when_possible(database, before=lock)) as opened:
        parts = _Parts(config, opened, identity, clock, health, pin=pin)
        ready = asyncio.Event()
        told = notifier(environment())
        watchdog = Watchdog(told, parts.heartbeats, parts.status, watchdog_interval_s(environment()))
        services: dict[str, Service] = {
            "desk": parts.flow.run,
            "register": parts.uplink.run,
            "page": parts.page(ready, tls),
            "surroundings": parts.watch.run,
            "lamps": parts.player.run,
            "watchdog": watchdog.run,
            "backup": parts.copier(copies).run,
            "clock": Corrector(opened, clock=clock, health=health).run,
            **({} if parts.stick is None else {STICK: parts.stick.run}),
            **({} if parts.voice is None else {VOICE: parts.voice.run}),
            **parts.devices(),
        }
        await run_services(services, notifier=told, ready=ready)


class _Parts:
    """Every part of one kiosk, built once and tied together."""

    def __init__(
        self, config: Config, database: Database, identity: Path, clock: Clock, health: Health, *, pin: Path
    ) -> None:
        self._config = config
        self._database = database
        self._clock = clock
        self._health = health
        self._pin = PinFile(pin)
        self._access = Access(self._pin.read, clock, dt.timedelta(minutes=config.screen.pin_idle_min))
        self._zone = ZoneInfo(config.kiosk.time_zone)
        self._forms = number_forms(config)
        self.heartbeats = Heartbeats({"desk": FLOW_SILENT_S})
        self.board = Board(Language(config.kiosk.language))
        self._walk = Walk(self._access, clock, lambda ticket: self.board.update(ticket=ticket))
        if config.lamps.kind == "simulated":
            self.board.update(lamps=frozenset())
        self.lines = None if config.announcements.lines is None else LineAnnouncer(config.announcements.lines)
        self.voice = voice_of(config, health)
        self.player = Player(
            lamps_of(config), health, shown=self._show_lamps, volume=partial(self._volume, loudness_of(config))
        )
        self._catalogue = catalogue = Catalogue(database, door=config.kiosk.name)
        self.uplink = build_uplink(
            config,
            database,
            identity,
            clock=clock,
            health=health,
            on_change=lambda: self.watch.poke(),
            on_annulled=lambda ids: self.flow.hear(AnnulledElsewhere(ids, clock.now().monotonic_ms)),
        )
        self._senses = Senses(
            keys=self.uplink.keys,
            online=lambda: self.uplink.link.online,
            recorded=self._recorded,
            revoked=lambda: self.uplink.link.ended,
            modes=Modes(database),
            has_pin=lambda: self._access.has_pin,
            pin_lock=self._access,
            walk=self._walk,
            next_language=self.board.next_language,
            beat=lambda: self.heartbeats.beat("desk"),
        )
        self.flow = Flow(
            settings=FlowSettings(desk_times(config), self._forms, self._zone, command_codes=config.desk.command_codes),
            source=catalogue,
            ledger=Ledger(database),
            checks=self.uplink,
            announcers=self._announcers(),
            senses=self._senses,
            clock=clock,
            health=health,
        )
        self.watch = Watch(
            source=catalogue,
            queue=Outbox(database),
            choice=lambda: self.flow.desk.choice,
            online=lambda: self.uplink.link.online,
            show=self._show_surroundings,
            clock=clock,
            zone=self._zone,
            health=health,
        )
        health.watch(lambda: self.board.update(failing=_failing(health)))

    def devices(self) -> dict[str, Service]:
        """A service for each scanner, and for the buttons."""
        return {
            **scanners_of(self._config, self.flow, self._health, CardSense(self._forms, self._is_listed)),
            **buttons_of(self._config, self._pressed, self._health),
        }

    async def _is_listed(self, number: CardNumber) -> bool | None:
        keys = self.uplink.keys()
        if keys is None:
            return None
        now = self._clock.now().utc
        try:
            facts = await self._catalogue.facts(
                await keys.key_of(number), None, day=(now, now), online=False, clock_trusted=True, course_uses=None
            )
        except StoreError as error:
            self._health.failing("database", str(error))
            return None
        return facts.card is not None

    def copier(self, folder: Path) -> Copier:
        """Who makes the day's copy of the database in `folder`."""
        backup, database = self._config.backup, self._database
        plan = Plan(database.path, folder, backup.keep, backup.hour, self._zone)
        return Copier(plan, clock=self._clock, health=self._health, found_damaged=database.found_damaged)

    @property
    def stick(self) -> StickWatch | None:
        """Who looks whether the nightly copies reach their stick; None: none is to have them."""
        folder = self._config.backup.stick_folder
        return None if folder is None else StickWatch(Path(folder), clock=self._clock, health=self._health)

    def page(self, ready: asyncio.Event, tls: ssl.SSLContext | None) -> Service:
        """The web server; `ready` is set when it listens."""
        screen = self._config.screen
        paper = PaperDesk(self._forms, Ledger(self._database), self._senses, self._clock)
        by_hand = ByHand(self._database, self.watch.poke)
        archive, looked = Archive(self._database), self.watch.poke
        back = Back(archive, self._catalogue, by_hand, self.flow, paper, self._health, looked)
        app = create_app(
            self.board,
            self.flow,
            clock=self._clock,
            zone=self._zone,
            language=Language(self._config.kiosk.language),
            allowed_hosts=screen.allowed_hosts,
            venue=VenuePages(self._access, back, self._walk),
        )
        return lambda: serve_pages(app, places_of(screen, tls), lambda _: ready.set())

    def status(self) -> str:
        """One line for `systemctl status`."""
        link = "online" if self.uplink.link.online else "offline"
        failing = _failing(self._health)
        broken = f"; not working: {', '.join(failing)}" if failing else ""
        return f"{self.flow.desk.phase.value}, {link}, {self.board.state.waiting} waiting{broken}"

    def _announcers(self) -> dict[str, Announcer]:
        optional: dict[str, Announcer | None] = {"announcements": self.lines, VOICE: self.voice}
        there = {name: announcer for name, announcer in optional.items() if announcer is not None}
        return {"page": self.board, LAMPS: self.player, "choice": _ChoiceWatcher(self), **there}

    def _volume(self, loudness: Loudness) -> int:
        return loudness.at(self._clock.now().utc.astimezone(self._zone).time())

    async def _pressed(self, press: Press, waited_ms: int) -> None:
        at_ms = self._clock.now().monotonic_ms - waited_ms
        await self.flow.do(event_of(press, at_ms))

    def _recorded(self) -> None:
        self.uplink.poke()
        self.watch.poke()

    def _show_lamps(self, on: frozenset[Part]) -> None:
        if self._config.lamps.kind == "simulated":
            self.board.update(lamps=frozenset(part.value for part in on))

    def _show_surroundings(self, now: Surroundings) -> None:
        self.board.update(
            venue=None if now.venue is None else now.venue.name,
            events=now.events,
            chosen=now.chosen,
            quota_left=now.quota_left,
            online=now.online,
            waiting=now.queue.waiting,
            needs_look=now.queue.needs_look,
            trust=now.trust.level,
        )
        if self.lines is not None:
            try:
                self.lines.tell(told_of(now))
            except DeviceError as error:
                self._health.failing("announcements", str(error))


class _ChoiceWatcher:
    """Looks at the surroundings again as soon as another event is chosen."""

    def __init__(self, parts: _Parts) -> None:
        self._parts = parts
        self._choice: EventChoice | None = None

    async def announce(self, desk: Desk) -> None:
        if desk.choice != self._choice:
            self._choice = desk.choice
            self._parts.watch.poke()


def _failing(health: Health) -> tuple[str, ...]:
    return tuple(name for name, condition in health.parts().items() if not condition.ok)
