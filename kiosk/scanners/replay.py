"""Reads scans as lines of text from standard input, a file or a FIFO: for demo, tests, and other readers."""

from __future__ import annotations

import asyncio
import os
import stat
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing

from kiosk.cards.model import Scan
from kiosk.health import Health
from kiosk.scanners.lines import LineSplitter
from kiosk.scanners.receiver import Receiver

STANDARD_INPUT = "-"
REOPEN_S = 2.0
_CHUNK_BYTES = 4096


class LineScanner:
    """Reads `path` for ever: a file once, standard input to its end, a FIFO through all its writers."""

    def __init__(
        self,
        path: str,
        receiver: Receiver,
        health: Health,
        *,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Hand each line of `path` (`-` is standard input) to `receiver`."""
        self._path = path
        self._receiver = receiver
        self._health = health
        self._pause = pause
        self._name = f"scanner {path}"

    async def run(self) -> None:
        """Read for ever; a file that cannot be read is tried again, and said in health."""
        while True:
            try:
                await self._read_all()
            except OSError as error:
                self._health.failing(self._name, f"{self._path} cannot be read: {error.strerror}")
                await self._pause(REOPEN_S)
            else:
                # What has ended says nothing more, and a service does not end.
                await asyncio.get_running_loop().create_future()

    async def _read_all(self) -> None:
        if self._path == STANDARD_INPUT:
            await self._read(0)
            return
        descriptor = _open(self._path)
        try:
            await self._read(descriptor)
            while stat.S_ISFIFO(os.fstat(descriptor).st_mode):
                # All writers have gone. Opened anew it waits for the next one; opened before the old one is closed,
                # nothing is lost that a quick next one has already written.
                ended, descriptor = descriptor, _open(self._path)
                os.close(ended)
                await self._read(descriptor)
        finally:
            os.close(descriptor)

    async def _read(self, descriptor: int) -> None:
        self._health.ok(self._name)
        splitter = LineSplitter()
        async with aclosing(_chunks(descriptor)) as chunks:
            async for chunk in chunks:
                await self._hand_over(splitter.feed(chunk))
        await self._hand_over(splitter.end())

    async def _hand_over(self, lines: list[str]) -> None:
        for line in lines:
            await self._receiver.scan(Scan(line, self._name))


def _open(path: str) -> int:
    # Not blocking: a FIFO without a writer would hold up the whole kiosk.
    return os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)


async def _chunks(descriptor: int) -> AsyncGenerator[bytes, None]:
    """What can be read, as it comes, to the end.

    Standard input stays as it is: a terminal that is made non-blocking is so for its standard output and shell too.
    """
    blocking = os.get_blocking(descriptor)
    while True:
        try:
            await _readable(descriptor)
        except PermissionError:  # epoll knows no regular files
            chunk = await _read_in_thread(descriptor)
            if not chunk:
                return
            yield chunk
            continue
        while True:
            try:
                chunk = os.read(descriptor, _CHUNK_BYTES)
            except BlockingIOError:
                break
            if not chunk:
                return
            yield chunk
            if blocking:
                break
            # Read on at once, since epoll does not tell of a writer that came and went before this was opened;
            # but a writer without end must not keep the desk from its turn.
            await asyncio.sleep(0)


async def _readable(descriptor: int) -> None:
    """Return when there is something to read; raises PermissionError for what is always readable."""
    # Watched only while waiting: what lies unread while a card is answered would wake the loop again and again.
    loop = asyncio.get_running_loop()
    ready = asyncio.Event()
    loop.add_reader(descriptor, ready.set)
    try:
        await ready.wait()
    finally:
        loop.remove_reader(descriptor)


async def _read_in_thread(descriptor: int) -> bytes:
    reading = asyncio.ensure_future(asyncio.to_thread(os.read, descriptor, _CHUNK_BYTES))
    try:
        return await asyncio.shield(reading)
    finally:
        # Cancelled, too, it waits: whoever closes the descriptor next must not pull it away under the thread.
        await asyncio.wait({reading})
