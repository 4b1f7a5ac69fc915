"""One press of each button, edge by edge, as a technician tries them: level, bounce, how long."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any

from kiosk.feedback.buttons import ButtonWiring, Press
from kiosk.findings import Finding, failed, passed, warned

SETTLE_S = 0.5
"""So long after its last edge, a button that is up again has done all that it does for one press."""
LONGEST_S = 5.0
"""A button that is still down after this is told as it is."""
DOWN_FOR_A_PRESS = 2
"""Edges of a press that does not bounce: down, and up."""


@dataclass(frozen=True, slots=True)
class Edge:
    """A line went to `level` at `at_s`, of a clock that only goes forward."""

    press: Press
    at_s: float
    high: bool


@dataclass(frozen=True, slots=True)
class PressSeen:
    """The edges of one press."""

    edges: tuple[Edge, ...]
    """In order; the first one leaves the level of rest."""
    after_s: float
    """How long it was waited for."""

    def touches_s(self, until_s: float) -> list[float]:
        """How long each contact lasted; one that has not ended, to `until_s` after the last edge."""
        ends = [edge.at_s for edge in self.edges[1:]] + [self.edges[-1].at_s + until_s]
        pressed = self.edges[0].high
        return [end - edge.at_s for edge, end in zip(self.edges, ends, strict=True) if edge.high == pressed]

    @property
    def bounces(self) -> int:
        """Edges beyond the two that a press needs."""
        released = self.edges[-1].high != self.edges[0].high
        return len(self.edges) - (DOWN_FOR_A_PRESS if released else 1)

    @property
    def bounce_ms(self) -> float:
        """How long the contact took to come to rest, at the worse of its two ends."""
        times = [edge.at_s for edge in self.edges]
        gaps = [later - earlier for earlier, later in pairwise(times)]
        if not gaps:
            return 0.0
        hold = gaps.index(max(gaps))
        return 1000 * max(times[hold] - times[0], times[-1] - times[hold + 1])


class TriedButtons:
    """Guards the lines of the buttons while they are tried; all are listened to, so that a swapped one is noticed."""

    def __init__(self, wiring: ButtonWiring, factory: Callable[[], Any], *, settle_s: float = SETTLE_S) -> None:
        """Nothing is taken yet; `factory` makes gpiozero's pin factory."""
        self._wiring = wiring
        self._make_factory = factory
        self._settle_s = settle_s
        self._pins: dict[Press, Any] = {}
        self._told: dict[Press, Callable[[float, int], None]] = {}
        self._edges: asyncio.Queue[Edge] = asyncio.Queue()
        self.faults: dict[Press, str] = {}
        """Why a button cannot be listened to."""

    @contextlib.asynccontextmanager
    async def opened(self) -> AsyncIterator[None]:
        """Listen; every line is let go at the end."""
        with contextlib.ExitStack() as held:
            try:
                factory = self._make_factory()
                held.callback(factory.close)
            except Exception as error:  # noqa: BLE001  # whatever the pin driver raises: it is said of each button
                self.faults = dict.fromkeys(self._wiring.pins, str(error))
            else:
                for press, pin in self._wiring.pins.items():
                    try:
                        self._open(press, factory.pin(pin))
                    except Exception as error:  # noqa: BLE001  # the same; the next button may work
                        self.faults[press] = str(error)
            yield

    def is_down(self, press: Press) -> bool:
        """Whether the button is pressed now."""
        return bool(self._pins[press].state) != self._wiring.pull_up

    async def next_press(self, limit_s: float) -> PressSeen | None:
        """The edges of the next button that is pressed; None when none is within `limit_s`."""
        loop = asyncio.get_running_loop()
        began_s = loop.time()
        while not self._edges.empty():
            self._edges.get_nowait()  # what came before it was asked for
        try:
            async with asyncio.timeout(limit_s):
                first = await self._edges.get()
                while first.high == self._wiring.pull_up:  # one that was held before is let go
                    first = await self._edges.get()
        except TimeoutError:
            return None
        after_s = loop.time() - began_s
        edges = [first]
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LONGEST_S):
                while True:
                    released = edges[-1].high != first.high
                    edge = await self._next_edge(self._settle_s if released else None)
                    if edge is None:
                        break
                    # The kernel reads the level a moment after the edge: of two that are closer, one is told twice.
                    if edge.press is first.press and edge.high != edges[-1].high:
                        edges.append(edge)
        return PressSeen(tuple(edges), after_s)

    async def _next_edge(self, within_s: float | None) -> Edge | None:
        try:
            async with asyncio.timeout(within_s):
                return await self._edges.get()
        except TimeoutError:
            if within_s is None:
                raise
            return None

    def _open(self, press: Press, pin: Any) -> None:
        loop = asyncio.get_running_loop()

        def changed(at_s: float, level: int) -> None:
            # Some pin factories call from a thread of their own.
            loop.call_soon_threadsafe(partial(self._edges.put_nowait, Edge(press, at_s, bool(level))))

        pin.input_with_pull("up" if self._wiring.pull_up else "down")
        pin.bounce = None
        pin.edges = "both"
        self._told[press] = changed  # gpiozero's own pins hold it weakly
        pin.when_changed = changed
        self._pins[press] = pin


def described(name: str, press: Press, wiring: ButtonWiring, seen: PressSeen | None, limit_s: float) -> Finding:
    """What `seen` tells of the button `press`; None: nothing came within `limit_s`."""
    rest, down = ("high", "low") if wiring.pull_up else ("low", "high")
    if seen is None:
        wire = "ground" if wiring.pull_up else "3.3 V"
        do = f"Look at the wires from the pin through the button to {wire} (hw/wiring.md), and at buttons.pull_up."
        return failed(name, f"no press within {limit_s:g} s; its level stayed {rest}", do)
    other = seen.edges[0].press
    if other is not press:
        do = "Press the one that is asked for; if you did, exchange the two wires, or the pins in [buttons]."
        return failed(name, f"the button {other.value} (GPIO {wiring.pins[other]}) was pressed in its place", do)
    touches_s = seen.touches_s(LONGEST_S)
    saw = (
        f"{rest} at rest, {down} when pressed, {seen.after_s:.1f} s after it was asked for; "
        f"down for {1000 * max(touches_s):.0f} ms, {seen.bounces} bounces within {seen.bounce_ms:.1f} ms"
    )
    counted = sum(touch_s >= wiring.bounce_s for touch_s in touches_s)
    limit_ms = f"buttons.debounce_ms = {1000 * wiring.bounce_s:g}"
    if counted == 0:
        do = f"The kiosk would not count it ({limit_ms}): press longer; if you did, look at the contact."
        return failed(name, saw, do)
    if seen.edges[-1].high == seen.edges[0].high:
        return failed(name, f"{saw}; it did not come up again", "Look whether it sticks.")
    if counted > 1:
        do = f"The kiosk would count {counted} presses ({limit_ms}): press once; if you did, raise it."
        return warned(name, saw, do)
    return passed(name, saw)
