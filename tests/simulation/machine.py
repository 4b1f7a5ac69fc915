"""One kiosk: the real flow, store and uplink in a process that can die at any turn and starts on the same file."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import os
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from zoneinfo import ZoneInfo

import sqlite_utils
from yarl import URL

from contract.messages import DeviceFacts
from kiosk.cards.desk_events import AnnulledElsewhere
from kiosk.cards.desk_state import DeskTimes
from kiosk.cards.number import NumberForms
from kiosk.enrolling import Shelves
from kiosk.flow.consumer import Flow
from kiosk.flow.ports import Announcer, FlowSettings, Senses
from kiosk.health import Health
from kiosk.store.catalogue import Catalogue
from kiosk.store.copier import Copier, Plan
from kiosk.store.corrections import Corrector
from kiosk.store.database import Database
from kiosk.store.ledger import Ledger
from kiosk.store.outbox import Outbox
from kiosk.store.past_identities import PastIdentities
from kiosk.surroundings import Surroundings, Watch
from kiosk.sync.backoff import Backoff
from kiosk.sync.heartbeat import Vitals
from kiosk.uplink import Pace, Uplink
from tests.simulation.clocks import KioskClock
from tests.simulation.disk import SimulatedWorker, fill_to_the_brim, left_by_a_crash, remove, wal_size
from tests.simulation.watched import WatchedAddress, WatchedIdentity

ZONE = ZoneInfo("Europe/Helsinki")
PACE = Pace(Backoff(first_s=1.0, longest_s=20.0), heartbeat_s=60.0)
COPIES_KEPT, COPY_HOUR = 2, 3
PLENTY = 1 << 40
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


@dataclass
class Machine:
    """What stays when the process dies: file, identity, token, clock, place in the network."""

    name: str
    host: str
    folder: Path
    database: Path
    clock: KioskClock
    takes_s: Callable[[], float]
    strike: Callable[[str], None]
    strike_at_key: Callable[[str], None]
    key_life: dt.timedelta | None
    makes_copies: bool
    """Only where one will be needed: a copy is a tenth of a kiosk-day's time."""
    disk_full: bool = False
    """Whether there is less room than is kept for what was recorded already."""
    to_the_brim: bool = False
    """Whether not one page more has room."""
    lost: set[str] = field(default_factory=set)
    """Ids of records that went with a destroyed disk: made after the copy that took its place."""
    lost_corrections: dict[str, int] = field(default_factory=dict)
    """What a time was put right to, in ms, where that went with a destroyed disk and the record itself did not."""
    sent: set[str] = field(default_factory=set)
    """Ids of records that once left this machine, by whatever way."""
    process: Process | None = None
    wal_at_start: int = 0

    @property
    def token_file(self) -> Path:
        return self.folder / "token"

    @property
    def identity_file(self) -> Path:
        return self.folder / "identity"

    @property
    def copies(self) -> Path:
        """Where the database's copies lie."""
        return self.folder / "copies"

    def start(self, announcer: Announcer, failed: Callable[[str], None]) -> Process:
        """Start the process on the files that are there."""
        self.wal_at_start = wal_size(self.database)
        self.process = Process(self, announcer, failed)
        return self.process

    def die(self, *, power_cut: bool) -> None:
        """End the process between two turns; what its memory held is gone."""
        process, self.process = self.process, None
        if process is None:
            return
        process.kill()
        left = left_by_a_crash(self.database, process.connection, self.wal_at_start, power_cut=power_cut)
        process.close_files()
        remove(self.database)
        self.database = left

    def fill(self, *, full: bool) -> None:
        """Leave no room for one page more, or give it back."""
        self.to_the_brim = full
        if self.process is not None:
            fill_to_the_brim(self.process.connection, full=full)

    async def stop(self) -> None:
        """End the process in good order, as systemd does."""
        process, self.process = self.process, None
        if process is not None:
            await process.stop()


class Process:
    """Everything that lives in one process's memory."""

    def __init__(self, machine: Machine, announcer: Announcer, failed: Callable[[str], None]) -> None:
        self._workers: list[SimulatedWorker] = []
        self.health = Health(machine.clock)
        self.shown: Surroundings | None = None
        self.database = Database.open(
            machine.database,
            free_bytes=lambda _: 0 if machine.disk_full else PLENTY,
            hire=lambda name, connect: self._hire(name, connect, machine),
        )
        catalogue, outbox = Catalogue(self.database, door=machine.name), Outbox(self.database)
        self.outbox, self.catalogue = outbox, catalogue
        self.identity = WatchedIdentity(machine.identity_file, lambda when: self._strike_at_key(machine, when))
        self.uplink = Uplink(
            address=WatchedAddress(URL(f"http://{machine.host}/"), NO_TLS, timeout_s=10.0, sent=machine.sent),
            shelves=Shelves(catalogue, outbox, self.identity, PastIdentities(self.database)),
            token_file=lambda: machine.token_file,
            device=DeviceFacts(name=machine.name, software_version="0"),
            pace=replace(PACE, key_life=machine.key_life),
            vitals=Vitals,
            on_change=lambda: self.watch.poke(),
            on_annulled=lambda ids: self.flow.hear(AnnulledElsewhere(ids, machine.clock.now().monotonic_ms)),
            clock=machine.clock,
            health=self.health,
        )
        self.flow = Flow(
            settings=FlowSettings(DeskTimes(), NumberForms(), ZONE),
            source=catalogue,
            ledger=Ledger(self.database),
            checks=self.uplink,
            announcers={"screen": announcer},
            senses=Senses(
                keys=self.uplink.keys,
                online=lambda: self.uplink.link.online,
                recorded=self._recorded,
                revoked=lambda: self.uplink.link.ended,
                beat=lambda: None,
            ),
            clock=machine.clock,
            health=self.health,
        )
        self.watch = Watch(
            source=catalogue,
            queue=outbox,
            choice=lambda: self.flow.desk.choice,
            online=lambda: self.uplink.link.online,
            show=self._show,
            clock=machine.clock,
            zone=ZONE,
            health=self.health,
        )
        self.corrector = Corrector(self.database, clock=machine.clock, health=self.health)
        self._copier = Copier(
            Plan(machine.database, machine.copies, COPIES_KEPT, COPY_HOUR, ZONE),
            clock=machine.clock,
            health=self.health,
            found_damaged=self.database.found_damaged,
            free_bytes=lambda _: 0 if machine.disk_full or machine.to_the_brim else PLENTY,
            dated=lambda copy, at: os.utime(copy, (at.timestamp(), at.timestamp())),
        )
        self._makes_copies = machine.makes_copies
        self._killed = False
        self._failed = failed
        self._name = machine.name
        self._task = asyncio.get_running_loop().create_task(self._run(), name=machine.name)

    @property
    def connection(self) -> sqlite_utils.Database:
        """The writer's, for the judge alone."""
        return self._workers[0].connection

    def kill(self) -> None:
        """No instruction of this process has an effect any more."""
        self._killed = True
        for worker in self._workers:
            worker.die()
        self._task.cancel()

    def close_files(self) -> None:
        """What the system does for a dead process."""
        self.database.close()

    async def stop(self) -> None:
        """Cancel and await every service, then close."""
        self._killed = True
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task
        self.database.close()

    async def _run(self) -> None:
        services: Mapping[str, Callable[[], asyncio._CoroutineLike[None]]] = {
            "desk": self.flow.run,
            "register": self.uplink.run,
            "surroundings": self.watch.run,
            "clock": self.corrector.run,
            **({"backup": self._copier.run} if self._makes_copies else {}),
        }
        try:
            async with asyncio.TaskGroup() as group:
                for name, run in services.items():
                    group.create_task(run(), name=f"{self._name} {name}")
        except* Exception as errors:  # noqa: BLE001  # the border of the process: no service may end by itself
            if not self._killed:
                self._failed(f"{self._name}: a service ended: {_leaves(errors)}")

    def _hire(self, name: str, connect: Callable[[], sqlite_utils.Database], machine: Machine) -> SimulatedWorker:
        strike = machine.strike if name == "store-writer" else lambda _: None
        self._workers.append(SimulatedWorker(connect, takes_s=machine.takes_s, strike=strike))
        if name == "store-writer":
            fill_to_the_brim(self.connection, full=machine.to_the_brim)
        return self._workers[-1]

    def _strike_at_key(self, machine: Machine, moment: str) -> None:
        if not self._killed:
            machine.strike_at_key(moment)
        if self._killed:
            raise asyncio.CancelledError  # the dead do not write

    def _recorded(self) -> None:
        self.uplink.poke()
        self.watch.poke()

    def _show(self, now: Surroundings) -> None:
        self.shown = now


def _leaves(error: BaseException) -> str:
    if isinstance(error, BaseExceptionGroup):
        return ", ".join(_leaves(each) for each in error.exceptions)
    return repr(error)
