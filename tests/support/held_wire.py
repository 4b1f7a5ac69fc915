"""A wire between a browser and a server that can be held: it stays connected, and nothing comes through."""

from __future__ import annotations

import asyncio
import contextlib

_CHUNK_BYTES = 65_536


class HeldWire:
    """Carries bytes both ways to a port of this machine, except while it is held: what a hung server is to a page."""

    def __init__(self, target_port: int) -> None:
        """Lead to `target_port`."""
        self._target_port = target_port
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._server: asyncio.Server | None = None
        self._carrying: set[asyncio.Task[None]] = set()
        self.port = 0

    async def start(self) -> None:
        """Listen on a free port."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    def hold(self) -> None:
        """Let nothing through."""
        self._flowing.clear()

    def let_go(self) -> None:
        """Let everything through again, what was held first."""
        self._flowing.set()

    async def stop(self) -> None:
        """Cut everything."""
        if self._server is not None:
            self._server.close()
        for task in tuple(self._carrying):
            task.cancel()
        if self._carrying:
            await asyncio.wait(self._carrying)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._carry(reader, writer))
        self._carrying.add(task)
        task.add_done_callback(self._carrying.discard)

    async def _carry(self, near: asyncio.StreamReader, to_near: asyncio.StreamWriter) -> None:
        try:
            with contextlib.suppress(OSError):
                far, to_far = await asyncio.open_connection("127.0.0.1", self._target_port)
                try:
                    async with asyncio.TaskGroup() as both:
                        both.create_task(self._pump(near, to_far))
                        both.create_task(self._pump(far, to_near))
                finally:
                    to_far.transport.abort()
        finally:
            to_near.transport.abort()

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while chunk := await source.read(_CHUNK_BYTES):
                await self._flowing.wait()
                sink.write(chunk)
                await sink.drain()
        sink.transport.abort()
