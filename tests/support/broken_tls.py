"""A TLS connection that breaks within a record, as on a line, or behind a box, that damages what it carries."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

_HEADER_BYTES = 5
_ENCRYPTED = 23
"""The type of every encrypted record of TLS 1.3 (RFC 8446, 5.2)."""
_FINISHED_SENT = 1
"""So many of them the client sends before its call."""


@dataclass(frozen=True)
class Break:
    """What happens to a record, and to which."""

    of_call: bool
    """A record of the call, else one of the reply."""
    flips: bool
    """One bit of it is another, else the connection ends in its middle."""


async def carry(client: socket.socket, server_port: int, how: Break, is_replying: Callable[[int], bool]) -> None:
    """Carry records between `client` and the TLS server until one is broken, or either side ends.

    `is_replying` says whether the server has the whole call of the connection that comes from this port of ours.
    """
    outer, to_client = await asyncio.open_connection(sock=client)
    writers = [to_client]
    try:
        inner, to_server = await asyncio.open_connection("127.0.0.1", server_port)
        writers.append(to_server)
        own_port = to_server.get_extra_info("sockname")[1]
        encrypted = 0

        def is_of_call(record: bytes) -> bool:
            nonlocal encrypted
            encrypted += record[0] == _ENCRYPTED
            return how.of_call and encrypted > _FINISHED_SENT

        def is_of_reply(record: bytes) -> bool:
            return not how.of_call and is_replying(own_port)

        ways = {
            asyncio.create_task(_carry_on(outer, to_server, is_of_call, flips=how.flips)),
            asyncio.create_task(_carry_on(inner, to_client, is_of_reply, flips=how.flips)),
        }
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            to_client.close()  # with all that it has been given, and no word of goodbye in TLS
            with contextlib.suppress(OSError):
                await to_client.wait_closed()
        finally:
            for way in ways:
                way.cancel()
            await asyncio.wait(ways)
    finally:
        for writer in writers:
            writer.transport.abort()


async def _carry_on(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, breaks: Callable[[bytes], bool], *, flips: bool
) -> None:
    with contextlib.suppress(OSError):
        async for record in _records(reader):
            broken = breaks(record)
            if broken and not flips:
                writer.write(record[: len(record) // 2])
                await writer.drain()
                return
            writer.write(record[:-1] + bytes([record[-1] ^ 1]) if broken else record)
            await writer.drain()


async def _records(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    with contextlib.suppress(asyncio.IncompleteReadError):
        while True:
            header = await reader.readexactly(_HEADER_BYTES)
            yield header + await reader.readexactly(int.from_bytes(header[3:], "big"))
