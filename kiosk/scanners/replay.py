"""Reads scans as lines of text from standard input, a file or a FIFO: for demo, tests, and other readers."""

from __future__ import annotations

import asyncio
import contextlib
import os
import stat
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from pathlib import Path

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
        """Read for ever; a file that is not there is tried again, and said in health."""
        while True:
            try:
                descriptor = _open(self._path)
            except OSError as error:
                self._health.failing(self._name, f"{self._path} cannot be read: {error.strerror}")
                await self._pause(REOPEN_S)
                continue
            self._health.ok(self._name)
            try:
                await self._read(descriptor)
            finally:
                if self._path != STANDARD_INPUT:
                    os.close(descriptor)
            # What has ended says nothing more, and a service does not end.
            await asyncio.get_running_loop().create_future()

    async def _read(self, descriptor: int) -> None:
        splitter = LineSplitter()
        async with aclosing(_chunks(descriptor)) as chunks:
            async for chunk in chunks:
                await self._hand_over(splitter.feed(chunk))
        await self._hand_over(splitter.end())

    async def _hand_over(self, lines: list[str]) -> None:
        for line in lines:
            await self._receiver.scan(Scan(line, self._name))


def _open(path: str) -> int:
    if path == STANDARD_INPUT:
        return 0
    fifo = stat.S_ISFIFO(Path(path).stat().st_mode)
    # Open for both ways: a FIFO then never ends when a writer goes, and opening it waits for none.
    return os.open(path, (os.O_RDWR | os.O_NONBLOCK if fifo else os.O_RDONLY) | os.O_CLOEXEC)


async def _chunks(descriptor: int) -> AsyncGenerator[bytes, None]:
    """What can be read, as it comes; nothing more after the end."""
    kind = os.fstat(descriptor).st_mode
    if stat.S_ISREG(kind):
        while chunk := await asyncio.to_thread(os.read, descriptor, _CHUNK_BYTES):
            yield chunk
        return
    loop = asyncio.get_running_loop()
    blocking = os.get_blocking(descriptor)
    os.set_blocking(descriptor, False)
    readable = asyncio.Event()
    try:
        loop.add_reader(descriptor, readable.set)
    except PermissionError:  # epoll refuses /dev/null, which has nothing to say either
        return
    try:
        while True:
            await readable.wait()
            readable.clear()
            with contextlib.suppress(BlockingIOError):
                if not (chunk := os.read(descriptor, _CHUNK_BYTES)):
                    return
                yield chunk
    finally:
        loop.remove_reader(descriptor)
        os.set_blocking(descriptor, blocking)  # a terminal is shared with the shell that started the kiosk
