"""A network between kiosk and register that can be made to fail in every way the kiosk must survive."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from collections.abc import AsyncGenerator, Callable, Coroutine
from enum import StrEnum
from functools import partial

from tests.support.broken_tls import Break, carry

_CHUNK_BYTES = 65_536
_DRIBBLE_S = 0.02
_HTML = b"<!doctype html><title>Kirjaudu</title><form>Hyv\xc3\xa4ksy ehdot</form>"


class Fault(StrEnum):
    """What happens to a call; those with «stored» reach the register before it happens."""

    NONE = "none"
    REFUSED = "connection refused"
    RESET = "connection reset"
    HANGING = "hanging"
    HANGING_STORED = "stored, then hanging"
    HALF_A_REPLY_STORED = "stored, half a reply"
    SLOW_STORED = "stored, reply too slow"
    REPLY_LOST_STORED = "stored, reply lost"
    ERROR_500 = "500"
    ERROR_500_STORED = "stored, then 500"
    GATEWAY_502 = "502 from a proxy"
    TOO_MANY_429 = "429 with Retry-After"
    FORBIDDEN_403 = "403 from a firewall"
    NOT_FOUND_HTML = "404 as HTML"
    HTML = "HTML instead of JSON"
    LOGIN_PAGE = "302 to a login page"
    OTHER_JSON = "JSON of something else"
    NO_RESULTS = "an answer without the items"
    NO_HTTP = "no HTTP at all"
    UNTRUSTED_CERTIFICATE = "certificate of an unknown authority"
    WRONG_NAME = "certificate of another host"
    TLS_CALL_FLIPPED = "a bit of the call flipped under TLS"
    TLS_CALL_CUT = "cut within a TLS record of the call"
    TLS_REPLY_FLIPPED_STORED = "stored, a bit of the reply flipped under TLS"
    TLS_REPLY_CUT_STORED = "stored, cut within a TLS record of the reply"


_BREAKS = {
    Fault.TLS_CALL_FLIPPED: Break(of_call=True, flips=True),
    Fault.TLS_CALL_CUT: Break(of_call=True, flips=False),
    Fault.TLS_REPLY_FLIPPED_STORED: Break(of_call=False, flips=True),
    Fault.TLS_REPLY_CUT_STORED: Break(of_call=False, flips=False),
}

_CANNED: dict[Fault, bytes] = {}


def _can(fault: Fault, status: str, content_type: str, body: bytes, *headers: str) -> None:
    lines = [
        f"HTTP/1.1 {status}",
        f"Content-Type: {content_type}",
        f"Content-Length: {len(body)}",
        "Connection: close",
        *headers,
    ]
    _CANNED[fault] = "\r\n".join([*lines, "", ""]).encode() + body


_can(Fault.ERROR_500, "500 Internal Server Error", "text/html", _HTML)
_can(Fault.ERROR_500_STORED, "500 Internal Server Error", "text/html", _HTML)
_can(Fault.GATEWAY_502, "502 Bad Gateway", "text/html", _HTML)
_can(Fault.TOO_MANY_429, "429 Too Many Requests", "text/plain", b"slow down", "Retry-After: 1")
_can(Fault.FORBIDDEN_403, "403 Forbidden", "text/html", _HTML)
_can(Fault.NOT_FOUND_HTML, "404 Not Found", "text/html", _HTML)
_can(Fault.HTML, "200 OK", "text/html", _HTML)
_can(Fault.LOGIN_PAGE, "302 Found", "text/html", _HTML, "Location: https://login.example/")
_can(Fault.OTHER_JSON, "200 OK", "application/json", b'{"status": "ok"}')
_can(Fault.NO_RESULTS, "200 OK", "application/json", b'{"results": []}')
_CANNED[Fault.NO_HTTP] = b"220 mail.example ESMTP\r\n"


class FaultyProxy:
    """Forwards calls to a port of this machine; `become` chooses what goes wrong from the next call on."""

    def __init__(self, target_port: int, certificates: dict[Fault, ssl.SSLContext] | None = None) -> None:
        """With `certificates`, speak TLS: with the one of the present fault, or else that of NONE."""
        self._target_port = target_port
        self._certificates = certificates
        self._fault = Fault.NONE
        self._listeners: list[socket.socket] = []
        self._replying: set[int] = set()
        """Ports from which a call has come whole, while TLS is to break."""
        self._connections: set[asyncio.Task[None]] = set()
        self.port = 0
        self.calls: list[str] = []
        """The first line of each call that came, whatever became of it."""
        self.cut_after_bytes: int | None = None
        """Where each reply breaks off while there is no other fault; None: nowhere."""
        self.called = asyncio.Event()
        """Set when the first has come."""

    async def become(self, fault: Fault) -> None:
        """Let `fault` happen from now on; what still hangs from before is dropped."""
        self._fault = fault
        await self.stop()
        if fault is Fault.REFUSED:
            return
        tls = None
        if self._certificates is not None:
            tls = self._certificates.get(fault, self._certificates[Fault.NONE])
        serve = partial(self._serve, tls=tls)
        if fault in _BREAKS:
            assert tls is not None, "without TLS it cannot break"
            behind = self._listen(0, serve)
            serve = partial(carry, server_port=behind, how=_BREAKS[fault], is_replying=self._replying.__contains__)
        self.port = self._listen(self.port, serve)

    def _listen(self, port: int, serve: Callable[[socket.socket], Coroutine[None, None, None]]) -> int:
        listener = socket.create_server(("127.0.0.1", port))
        listener.setblocking(False)
        # asyncio's own server loses a connection that comes in the moment it is closed, and leaves it open.
        asyncio.get_running_loop().add_reader(listener, self._accept, listener, serve)
        self._listeners.append(listener)
        return int(listener.getsockname()[1])

    async def stop(self) -> None:
        """Listen no more, and drop every connection."""
        while self._listeners:
            listener = self._listeners.pop()
            asyncio.get_running_loop().remove_reader(listener)
            listener.close()
        self._replying.clear()
        for connection in tuple(self._connections):
            connection.cancel()
        if self._connections:
            await asyncio.wait(self._connections)

    def _accept(self, listener: socket.socket, serve: Callable[[socket.socket], Coroutine[None, None, None]]) -> None:
        try:
            connection, _ = listener.accept()
        except OSError:
            return  # whoever it was has gone again
        connection.setblocking(False)
        serving = asyncio.create_task(serve(connection))
        self._connections.add(serving)
        serving.add_done_callback(self._connections.discard)
        # Also when it is dropped before its turn came.
        serving.add_done_callback(lambda _: connection.close())

    async def _serve(self, connection: socket.socket, tls: ssl.SSLContext | None) -> None:
        loop = asyncio.get_running_loop()
        reader = asyncio.StreamReader()
        protocol = asyncio.StreamReaderProtocol(reader)
        # A client that goes away, in whatever moment, is what this is for.
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            transport = await _transport(protocol, connection, tls)
            writer = asyncio.StreamWriter(transport, protocol, reader, loop)
            try:
                call = await _read_call(reader)
                self.calls.append(call.partition(b"\r\n")[0].decode())
                self.called.set()
                await self._answer(call, reader, writer)
            finally:
                writer.transport.abort()

    async def _answer(self, call: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        fault = self._fault
        if fault is Fault.NONE:
            left = self.cut_after_bytes
            async with contextlib.aclosing(self._ask(call)) as chunks:
                async for chunk in chunks:
                    writer.write(chunk if left is None else chunk[:left])
                    await writer.drain()
                    if left is not None and (left := left - len(chunk)) <= 0:
                        break
            writer.close()
            await writer.wait_closed()
            return
        reply = b"".join([chunk async for chunk in self._ask(call)]) if fault.name.endswith("STORED") else b""
        match fault:
            case Fault.HANGING | Fault.HANGING_STORED:
                await reader.read()
            case Fault.SLOW_STORED:
                for position in range(len(reply)):
                    writer.write(reply[position : position + 1])
                    await writer.drain()
                    await asyncio.sleep(_DRIBBLE_S)
            case Fault.HALF_A_REPLY_STORED:
                writer.write(reply[: len(reply) - 20])
                await writer.drain()
            case _ if fault in _BREAKS:
                self._replying.add(writer.get_extra_info("peername")[1])
                writer.write(reply)
                await writer.drain()
                await reader.read()
            case _ if fault in _CANNED:
                writer.write(_CANNED[fault])
                await writer.drain()
                await reader.read()

    async def _ask(self, call: bytes) -> AsyncGenerator[bytes, None]:
        """The register's reply to `call`, as it comes."""
        there, here = await asyncio.open_connection("127.0.0.1", self._target_port)
        try:
            head, _, body = call.partition(b"\r\n\r\n")
            here.write(head + b"\r\nConnection: close\r\n\r\n" + body)
            await here.drain()
            head_of_reply = await there.readuntil(b"\r\n\r\n")
            yield head_of_reply[:-2] + b"Connection: close\r\n\r\n"
            while chunk := await there.read(_CHUNK_BYTES):
                yield chunk
        finally:
            here.transport.abort()


async def _transport(
    protocol: asyncio.StreamReaderProtocol, connection: socket.socket, tls: ssl.SSLContext | None
) -> asyncio.Transport:
    """The connection's transport, or none at all when this is cancelled.

    asyncio itself, cancelled in the moment of the last handshake, says goodbye politely for half a minute, with a
    transport that nobody can abort and on a number that the next connection gets.
    """
    loop = asyncio.get_running_loop()
    connecting = asyncio.ensure_future(loop.connect_accepted_socket(lambda: protocol, connection, ssl=tls))
    try:
        transport, _ = await asyncio.shield(connecting)
    except asyncio.CancelledError:
        with contextlib.suppress(OSError):  # it may be gone
            connection.shutdown(socket.SHUT_RDWR)
        await asyncio.wait({connecting})
        if not connecting.cancelled() and connecting.exception() is None:
            connecting.result()[0].abort()
        raise
    return transport


async def _read_call(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    length = int(lengths[0].partition(b":")[2]) if lengths else 0
    return head + await reader.readexactly(length)
