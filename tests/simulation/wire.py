"""One connection in memory: bytes in order, late, held back, or cut in the middle."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

CLIENT, SERVER = 0, 1


class Wire:
    """Two ends, and between them what the weather lets through."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        client: asyncio.BaseProtocol,
        server: asyncio.BaseProtocol,
        *,
        delay_s: Callable[[], float],
        cut_after: int | None,
        on_request: Callable[[bytes], None],
    ) -> None:
        """Carry at most `cut_after` bytes; `on_request` hears what the client said before each answer."""
        self._loop = loop
        self._delay_s = delay_s
        self._left = cut_after
        self._on_request = on_request
        self._arrives_s = [0.0, 0.0]
        self._held: list[tuple[int, Callable[[], None]]] | None = None
        self._said = bytearray()
        self.ends = (End(self, CLIENT, client), End(self, SERVER, server))
        for end in self.ends:
            end.begin()

    @property
    def over(self) -> bool:
        """Whether neither end lives."""
        return all(end.gone for end in self.ends)

    def carry(self, side: int, data: bytes) -> None:
        """Take `data` from `side` to the other."""
        cut = self._left is not None and len(data) >= self._left
        if self._left is not None:
            data = data[: self._left]
            self._left -= len(data)
        if side == CLIENT:
            self._said += data
        elif self._said:
            self._on_request(bytes(self._said))
            self._said.clear()
        self._later(1 - side, partial(self.ends[1 - side].receive, data))
        if cut:
            self._left = 0
            self.reset()

    def reset(self) -> None:
        """Break, which both ends hear of."""
        for side in (CLIENT, SERVER):
            self._later(side, partial(self.ends[side].lose, ConnectionResetError("reset")))

    def hang_up(self, side: int, error: Exception | None) -> None:
        """Tell the other end that this one is gone."""
        other = self.ends[1 - side]
        self._later(1 - side, partial(other.lose, error) if error is not None else other.end)

    def hold(self) -> None:
        """Let nothing through; no end hears of it."""
        if self._held is None:
            self._held = []

    def let_go(self) -> None:
        """Let through again, what was held first."""
        held, self._held = self._held or [], None
        for side, what in held:
            self._later(side, what)

    def client_died(self, *, silently: bool) -> None:
        """The client's process is no more; its machine says so unless it lost its power."""
        self.ends[CLIENT].lose(None)
        if not silently:
            self.hang_up(CLIENT, ConnectionResetError("reset"))

    def server_died(self) -> None:
        """The server's process is no more."""
        self.ends[SERVER].lose(ConnectionResetError("reset"))
        self.hang_up(SERVER, ConnectionResetError("reset"))

    def soon(self, what: Callable[[], None]) -> None:
        """At the next turn, whatever the weather."""
        self._loop.call_soon(what)

    def _later(self, side: int, what: Callable[[], None]) -> None:
        if self._held is not None:
            self._held.append((side, what))
            return
        at_s = max(self._arrives_s[side], self._loop.time() + self._delay_s())
        self._arrives_s[side] = at_s
        self._loop.call_at(at_s, what)


class End(asyncio.Transport):
    """What one side holds in its hand."""

    def __init__(self, wire: Wire, side: int, protocol: asyncio.BaseProtocol) -> None:
        super().__init__()
        self._wire = wire
        self._side = side
        self._protocol: Any = protocol
        self._closing = False
        self._paused: list[bytes] | None = None
        self.gone = False

    def begin(self) -> None:
        self._protocol.connection_made(self)

    def receive(self, data: bytes) -> None:
        if self.gone or self._closing:
            return
        if self._paused is not None:
            self._paused.append(data)
        elif data:
            self._protocol.data_received(data)

    def lose(self, error: Exception | None) -> None:
        if not self.gone:
            self._closing = self.gone = True
            self._protocol.connection_lost(error)

    def end(self) -> None:
        if not self.gone:
            self._protocol.eof_received()
            self.close()

    def write(self, data: bytes | bytearray | memoryview) -> None:
        if not (self._closing or self.gone):
            self._wire.carry(self._side, bytes(data))

    def writelines(self, list_of_data: Iterable[Any]) -> None:
        self.write(b"".join(list_of_data))

    def close(self) -> None:
        self._leave(None)

    def abort(self) -> None:
        self._leave(ConnectionResetError("reset"))

    def _leave(self, error: Exception | None) -> None:
        if self._closing or self.gone:
            return
        self._closing = True
        self._wire.hang_up(self._side, error)
        self._wire.soon(partial(self.lose, None))

    def is_closing(self) -> bool:
        return self._closing or self.gone

    def pause_reading(self) -> None:
        if self._paused is None:
            self._paused = []

    def resume_reading(self) -> None:
        held, self._paused = self._paused or [], None
        for data in held:
            self.receive(data)

    def is_reading(self) -> bool:
        return self._paused is None

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return ("10.0.0.1", 1) if name in ("peername", "sockname") else default

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        """Nothing is buffered here."""

    def get_write_buffer_size(self) -> int:
        return 0

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        self._protocol = protocol

    def get_protocol(self) -> asyncio.BaseProtocol:
        return self._protocol  # type: ignore[no-any-return]
