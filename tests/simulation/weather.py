"""The line between one kiosk and the register: what it does to each connection, and when it changes its mind."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from tests.simulation.chance import Stream
from tests.simulation.wire import Wire

GHOST_WAITS_S = 90.0
"""A request that something on the way sends again comes at most so late."""
CUT_WITHIN_BITS = 17
"""A connection breaks after at most 128 KiB, mostly much sooner."""


@dataclass(frozen=True, slots=True)
class Climate:
    """How bad a world's lines are; each number is a likelihood unless it says seconds."""

    outages: bool = False
    """Phases in which nothing gets through, or nobody is there."""
    cut: float = 0.0
    """A connection breaks after some bytes of its life."""
    repeat: float = 0.0
    """A request comes once more, up to 90 s later."""
    slow: float = 0.0
    """A phase is slow: up to 4 s for each way."""
    calm_s: float = 20.0
    """How long a phase lasts in the middle."""


class Line:
    """The way of one kiosk to the register, in phases."""

    def __init__(
        self,
        climate: Climate,
        chance: Stream,
        answer: Callable[[], asyncio.BaseProtocol | None],
        say: Callable[[str], None],
    ) -> None:
        """`answer` is the register's end of a new connection; None: nobody listens."""
        self._loop = asyncio.get_running_loop()
        self._climate = climate
        self._chance = chance
        self._answer = answer
        self._say = say
        self._wires: list[Wire] = []
        self._phase = "good"
        self._healed = False
        self._holding = asyncio.Event()
        self._holding.set()

    async def live(self, opening: Callable[[], Awaitable[None]]) -> None:
        """Change the weather for ever; at night nobody would notice."""
        while True:
            await asyncio.sleep(self._chance.expovariate(1 / self._climate.calm_s))
            await opening()
            self._turn(self._next_phase())

    def heal(self) -> None:
        """Good weather from now on, for ever."""
        self._healed = True
        self._turn("good")

    async def reach(self) -> None:
        """The network's part of connect(2)."""
        await asyncio.sleep(self._delay_s())
        await self._holding.wait()
        if self._phase == "refused":
            raise ConnectionRefusedError(111, "refused")

    def join(self, caller: asyncio.BaseProtocol) -> asyncio.Transport:
        """The caller's end of a connection to the register, if somebody listens there."""
        return self._connect(caller).ends[0]

    def kiosk_died(self, *, power_cut: bool) -> None:
        """Its connections end, with or without a word."""
        for wire in self._alive():
            wire.client_died(silently=power_cut)
        self._wires.clear()

    def register_died(self) -> None:
        """Its connections end."""
        for wire in self._alive():
            wire.server_died()

    def _connect(self, caller: asyncio.BaseProtocol, *, ghost: bool = False) -> Wire:
        server = self._answer()
        cut = not self._healed and not ghost and self._chance.random() < self._climate.cut
        wire = Wire(
            self._loop,
            caller,
            asyncio.Protocol() if server is None else server,
            delay_s=self._delay_s,
            cut_after=int(2 ** self._chance.uniform(3, CUT_WITHIN_BITS)) if cut else None,
            on_request=(lambda _: None) if ghost else self._heard,
        )
        self._wires = [*self._alive(), wire]
        if server is None:
            wire.server_died()
        return wire

    def _heard(self, request: bytes) -> None:
        if not self._healed and request.startswith(b"POST") and self._chance.random() < self._climate.repeat:
            self._loop.call_later(self._chance.uniform(0.0, GHOST_WAITS_S), partial(self._send_again, request))

    def _send_again(self, request: bytes) -> None:
        self._say("a request comes again")
        self._connect(asyncio.Protocol(), ghost=True).ends[0].write(request)

    def _next_phase(self) -> str:
        if self._climate.outages and self._chance.random() < 0.5:  # bad as often as good
            return self._chance.choice(("dark", "refused"))
        return "slow" if self._chance.random() < self._climate.slow else "good"

    def _turn(self, phase: str) -> None:
        if phase == self._phase:
            return
        self._say(f"line {phase}")
        was, self._phase = self._phase, phase
        if phase == "dark":
            self._holding.clear()
            for wire in self._alive():
                wire.hold()
        elif was == "dark":
            self._holding.set()
            for wire in self._alive():
                # Most routers have forgotten the connection by then.
                wire.let_go()
                if self._chance.random() < 0.5:  # one half of them
                    wire.reset()
        if phase == "refused":
            for wire in self._alive():
                wire.reset()

    def _alive(self) -> list[Wire]:
        return [wire for wire in self._wires if not wire.over]

    def _delay_s(self) -> float:
        if self._phase == "slow":
            return self._chance.uniform(0.1, 4.0)
        return self._chance.uniform(0.001, 0.05)
