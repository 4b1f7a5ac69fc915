"""The real register on simulated workers: its process can die before and after any commit, and comes back."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

from aiohttp import web

from register.clock import Clock
from register.server.app import create_app
from register.server.services import SERVICES
from register.store.connection import connect_reader, connect_writer
from register.store.database import Database, Job
from register.store.opening import Register
from tests.simulation.disk import SimulatedWorker, left_by_a_crash, remove, wal_size
from tests.simulation.moods import Moods

Result = TypeVar("Result")
NO_OTHER_PROGRAM_S = 86_400.0
"""Nobody else writes to this database, so nobody has to look."""


class SimulatedDatabase(Database):
    """The register's database, its two threads replaced by turns of the loop."""

    def __init__(self, path: Path, takes_s: Callable[[], float], strike: Callable[[str], None]) -> None:
        # Not the base's own: that starts threads.
        self._path = path
        self.writer = SimulatedWorker(partial(connect_writer, path), takes_s=takes_s, strike=strike)
        self.reader = SimulatedWorker(partial(connect_reader, path), takes_s=takes_s)

    async def read(self, job: Job[Result]) -> Result:
        return await self.reader.do(partial(self._in_transaction, "BEGIN", job))

    async def write(self, job: Job[Result]) -> Result:
        # A cancelled wait does not stop the register's work once it was asked for.
        return await asyncio.shield(self.writer.do(partial(self._in_transaction, "BEGIN IMMEDIATE", job)))

    def write_now(self, job: Job[Result]) -> Result:
        return self._in_transaction("BEGIN IMMEDIATE", job, self.writer.connection)

    def close(self) -> None:
        self.reader.close()
        self.writer.close()


class SimulatedRegister:
    """One process of the register after the other on the same database."""

    def __init__(
        self,
        path: Path,
        like: Register,
        clock: Clock,
        moods: Moods,
        *,
        takes_s: Callable[[], float],
        strike: Callable[[str], None],
        died: Callable[[], None],
    ) -> None:
        """Nothing runs before `start`; `like` holds the keys that belong to the database."""
        self._path = path
        self._like = like
        self._clock = clock
        self._moods = moods
        self._takes_s = takes_s
        self._strike = strike
        self._died = died
        self._wal_at_start = 0
        self._database: SimulatedDatabase | None = None
        self._runner: web.AppRunner | None = None
        self._ending: list[asyncio.Task[None]] = []

    @property
    def up(self) -> bool:
        return self._runner is not None and self._runner.server is not None

    @property
    def opened(self) -> Register | None:
        """For whoever works beside the server; None while it is down."""
        if self._database is None or self._runner is None:
            return None
        return Register(self._database, self._like.lookup, self._like.private_key)

    def tell_news(self) -> None:
        """Another program has written, and the server has seen it."""
        if self._runner is not None:
            self._runner.app[SERVICES].news.poke()

    def answer(self) -> asyncio.BaseProtocol | None:
        """The register's end of a new connection; None: nobody listens."""
        if self._runner is None or self._runner.server is None:
            return None
        return self._runner.server()

    async def start(self) -> None:
        """Serve."""
        self._database = SimulatedDatabase(self._path, self._takes_s, self._strike)
        self._wal_at_start = wal_size(self._path)
        register = Register(self._database, self._like.lookup, self._like.private_key)
        app = create_app(register, self._clock, look_every_s=NO_OTHER_PROGRAM_S)
        app.middlewares.insert(0, self._moods.middleware())
        self._runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=1.0)
        await self._runner.setup()

    def die(self, *, power_cut: bool) -> None:
        """End between two instructions."""
        database, runner = self._database, self._runner
        if database is None or runner is None:
            return
        self._database = self._runner = None
        database.writer.die()
        database.reader.die()
        left = left_by_a_crash(self._path, database.writer.connection, self._wal_at_start, power_cut=power_cut)
        database.close()
        remove(self._path)
        self._path = left
        self._died()
        self._ending.append(asyncio.get_running_loop().create_task(runner.cleanup()))

    async def do(self, job: Job[Result]) -> Result | None:
        """What an administrator does to the database; None while the register is down."""
        if self._database is None or self._runner is None:
            return None
        result = self._database.write_now(job)
        self.tell_news()
        return result

    def look(self, job: Job[Result]) -> Result:
        """What is in the database; the register must be up."""
        assert self._database is not None
        return job(self._database.writer.connection)

    async def end(self) -> None:
        """Close everything."""
        if self._runner is not None:
            self._ending.append(asyncio.get_running_loop().create_task(self._runner.cleanup()))
        for each in self._ending:
            await each
        if self._database is not None:
            self._database.close()


def copy_of(template: Path, path: Path) -> Path:
    """A database of its own, as the closed one at `template` is."""
    shutil.copyfile(template, path)
    return path
