"""A database's worker without a thread, on a disk whose process can die before and after any transaction."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import sqlite_utils

from kiosk.errors import StoreUnavailable

Result = TypeVar("Result")
Job = Callable[[sqlite_utils.Database], Result]
SYNCHRONOUS_FULL = 2
MOST_PAGES = 1 << 30


class SimulatedWorker:
    """One job after the other, each at a later turn of the loop, in the order asked for."""

    def __init__(
        self,
        connect: Callable[[], sqlite_utils.Database],
        *,
        takes_s: Callable[[], float],
        strike: Callable[[str], None] = lambda _: None,
    ) -> None:
        """`strike` is told of each moment in which the process may die, and may call `die`."""
        self._loop = asyncio.get_running_loop()
        self._takes_s = takes_s
        self._strike = strike
        self._free_at_s = 0.0
        self._closed = False
        self.connection = connect()
        self.dead = False
        self._asked: dict[asyncio.Future[Any], None] = {}

    def die(self) -> None:
        """The process is no more: whoever waits waits no longer, and learns nothing."""
        self.dead = True
        for done in tuple(self._asked):
            done.cancel()

    async def do(self, job: Job[Result]) -> Result:
        """What `job` returns or raises; a cancelled await takes back a job that has not begun."""
        if self._closed and not self.dead:
            raise StoreUnavailable("The database is closed.")
        done: asyncio.Future[Result] = self._loop.create_future()
        self._free_at_s = max(self._free_at_s, self._loop.time()) + self._takes_s()
        self._loop.call_at(self._free_at_s, self._work, job, done)
        self._asked[done] = None
        if self.dead:
            done.cancel()
        try:
            return await done
        finally:
            self._asked.pop(done, None)

    def close(self, last: Job[None] | None = None) -> None:
        """Close the connection, as a process that ends in good order does."""
        if not self._closed:
            self._closed = True
            if last is not None and not self.dead:
                last(self.connection)
            self.connection.close()

    def _work(self, job: Job[Any], done: asyncio.Future[Any]) -> None:
        if self._closed or self.dead or done.done():
            return
        self._strike("before")
        if done.cancelled():
            return
        try:
            result, fault = job(self.connection), None
        except Exception as error:  # noqa: BLE001  # the border of a thread: handed to whoever asked
            result, fault = None, error
        self._strike("after")
        if done.cancelled():
            return
        if fault is None:
            done.set_result(result)
        else:
            done.set_exception(fault)


def left_by_a_crash(path: Path, writer: sqlite_utils.Database, wal_at_start: int, *, power_cut: bool) -> Path:
    """The files as the dead process left them, under a fresh name: no log folded in, no farewell.

    A power cut also takes what the system had not yet been told to put on the disk: every commit since the start,
    unless the connection writes with synchronous=FULL.
    """
    name, _, number = path.stem.rpartition("-")
    left = path.with_name(f"{name}-{int(number) + 1}{path.suffix}")
    shutil.copyfile(path, left)
    with contextlib.suppress(FileNotFoundError):
        shutil.copyfile(_wal(path), _wal(left))
        (synchronous,) = writer.execute("PRAGMA synchronous").fetchone()
        if power_cut and synchronous != SYNCHRONOUS_FULL:
            with _wal(left).open("r+b") as wal:
                wal.truncate(wal_at_start)
    return left


def fill_to_the_brim(writer: sqlite_utils.Database, *, full: bool) -> None:
    """Let the file grow no more, or again: SQLite itself then finds the disk full, in the middle of a transaction."""
    (pages,) = writer.execute("PRAGMA page_count").fetchone()
    writer.execute(f"PRAGMA max_page_count = {pages if full else MOST_PAGES}")


def wal_size(path: Path) -> int:
    """How much of the log there is."""
    return _wal(path).stat().st_size if _wal(path).exists() else 0


def remove(path: Path) -> None:
    """Take the database's files away."""
    for each in (path, _wal(path), path.with_name(path.name + "-shm")):
        each.unlink(missing_ok=True)


def _wal(path: Path) -> Path:
    return path.with_name(path.name + "-wal")
