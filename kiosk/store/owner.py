"""A thread that alone touches one connection, and the shortest way for an event loop to have work done there."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, Protocol, TypeVar

import sqlite_utils

from kiosk.errors import StoreUnavailable

Result = TypeVar("Result")
Job = Callable[[sqlite_utils.Database], Result]
"""Work on the connection; in a transaction that it neither begins nor ends; returns values, never open cursors."""

_Asked = tuple[Job[Any], asyncio.AbstractEventLoop, "asyncio.Future[Any]"]


class Worker(Protocol):
    """Whoever alone touches a connection."""

    async def do(self, job: Job[Result]) -> Result:
        """What `job` returns or raises; StoreUnavailable after `close`."""
        ...

    def close(self, last: Job[None] | None = None) -> None:
        """Finish what was asked for, then `last`, and close the connection."""
        ...


Hire = Callable[[str, Callable[[], sqlite_utils.Database]], Worker]
"""A worker by its name, on the connection that the second makes."""


class Owner:
    """Does one job after the other, in the order asked for.

    Half of a use's time that is not the disk's is the way to a thread and back: a queue and one call to the loop
    take some 20 µs less of it than an executor's two futures (`./dev bench`).
    """

    def __init__(self, name: str, connect: Callable[[], sqlite_utils.Database]) -> None:
        """Start the thread `name` and connect in it; blocks, and raises what `connect` raises."""
        self._asked: SimpleQueue[_Asked | None] = SimpleQueue()
        self._lock = threading.Lock()
        self._closed = False
        self._last: Job[None] | None = None
        started: SimpleQueue[BaseException | None] = SimpleQueue()
        # Not a daemon: a process that ends waits for the commit that is under way.
        self._thread = threading.Thread(target=self._serve, args=(connect, started), name=name)
        self._thread.start()
        if (fault := started.get()) is not None:
            self._thread.join()
            raise fault

    async def do(self, job: Job[Result]) -> Result:
        """What `job` returns or raises; StoreUnavailable after `close`.

        A cancelled await takes back a job that has not begun, and does not stop one that has.
        """
        loop = asyncio.get_running_loop()
        done: asyncio.Future[Result] = loop.create_future()
        with self._lock:
            if self._closed:
                raise StoreUnavailable("The database is closed.")
            self._asked.put((job, loop, done))
        return await done

    def close(self, last: Job[None] | None = None) -> None:
        """Finish what was asked for, then `last`, close the connection and end the thread; may be repeated."""
        with self._lock:
            if not self._closed:
                self._closed = True
                self._last = last
                self._asked.put(None)
        self._thread.join()

    def _serve(self, connect: Callable[[], sqlite_utils.Database], started: SimpleQueue[BaseException | None]) -> None:
        try:
            connection = connect()
        except BaseException as error:  # noqa: BLE001  # handed to whoever opens
            started.put(error)
            return
        started.put(None)
        try:
            while (asked := self._asked.get()) is not None:
                _answer(connection, *asked)
            if self._last is not None:
                self._last(connection)
        finally:
            connection.close()


def _answer(
    connection: sqlite_utils.Database, job: Job[Any], loop: asyncio.AbstractEventLoop, done: asyncio.Future[Any]
) -> None:
    if done.cancelled():
        return
    try:
        result = job(connection)
    except BaseException as error:  # noqa: BLE001  # handed to whoever asked
        _tell(loop, _fail, done, error)
    else:
        _tell(loop, _succeed, done, result)


def _tell(loop: asyncio.AbstractEventLoop, how: Callable[[asyncio.Future[Any], Any], None], *what: Any) -> None:
    with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits for the answer any more
        loop.call_soon_threadsafe(how, *what)


def _succeed(done: asyncio.Future[Any], result: Any) -> None:
    if not done.done():
        done.set_result(result)


def _fail(done: asyncio.Future[Any], error: BaseException) -> None:
    if not done.done():
        done.set_exception(error)
