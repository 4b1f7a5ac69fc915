"""An event loop whose time passes only when nothing is left to do, and whose network is a book of addresses."""

from __future__ import annotations

import asyncio
import contextvars
import heapq
import itertools
import selectors
import socket
import weakref
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any, Protocol

THREAD_TAKES_S = 0.004
"""What a thread is asked for, such as a lookup key, comes back after this."""


class WorldStandsStill(AssertionError):
    """Everybody waits, and nothing will ever happen."""


class Line(Protocol):
    """The way to one address."""

    async def reach(self) -> None:
        """Return when the other side has taken the call; raises OSError."""
        ...

    def join(self, caller: asyncio.Protocol) -> asyncio.Transport:
        """The caller's end of a fresh connection."""
        ...


class VirtualLoop(asyncio.SelectorEventLoop):
    """The real loop on a clock of its own; the same calls in the same order at every run."""

    _ready: deque[asyncio.Handle]  # the base's, which typeshed does not know
    _stopping: bool

    def __init__(self) -> None:
        self._now_s = 0.0
        self.lines: dict[str, Line] = {}
        self._reached: weakref.WeakKeyDictionary[socket.socket, str] = weakref.WeakKeyDictionary()
        self.faults: list[str] = []
        """What tasks raised that nobody asked."""
        super().__init__(_NoSelector())
        self._timers: list[tuple[float, int, asyncio.TimerHandle]] = []
        self._counted = itertools.count()
        self.tasks = itertools.count()
        self.set_task_factory(_NumberedTask)
        self.turns = 0
        """How many calls were made: each await that had to wait is one or two."""
        self._turns_before_now = 0
        self.set_exception_handler(lambda _, context: self.faults.append(_in_words(context)))

    def time(self) -> float:
        return self._now_s

    def standing(self) -> str:
        """How far the time came, in how many turns, and whose turn it is."""
        task = asyncio.current_task(self)
        whose = "nobody's turn" if task is None else f"the turn of {task.get_name()!r}"
        at_once = self.turns - self._turns_before_now
        return f"at {self._now_s:.3f} s, after {self.turns} turns, {at_once} of them at this instant, {whose}"

    def call_at(  # type: ignore[override]  # typeshed speaks in type variables of a newer Python
        self,
        when: float,
        callback: Callable[..., object],
        *args: Any,
        context: contextvars.Context | None = None,
    ) -> asyncio.TimerHandle:
        handle = asyncio.TimerHandle(when, callback, args, self, context)
        # What is to happen at the same instant happens in the order it was asked for, on every version of Python.
        heapq.heappush(self._timers, (when, next(self._counted), handle))
        return handle

    def _run_once(self) -> None:
        """One turn: what is ready, or else the next instant at which something is to happen.

        The base's own asks a selector, sorts timers by a method of theirs, and is a third slower.
        """
        ready, timers = self._ready, self._timers
        while timers and timers[0][2].cancelled():
            heapq.heappop(timers)
        if not (ready or self._stopping):
            if not timers:
                raise WorldStandsStill
            self._now_s = max(self._now_s, timers[0][0])
            self._turns_before_now = self.turns
        while timers and timers[0][0] <= self._now_s:
            ready.append(heapq.heappop(timers)[2])
        self.turns += len(ready)
        for _ in range(len(ready)):
            handle = ready.popleft()
            if not handle.cancelled():
                handle._run()

    def _write_to_self(self) -> None:
        """Nobody sleeps in a system call, so nobody has to be woken."""

    def run_in_executor(  # type: ignore[override]  # typeshed speaks in type variables of a newer Python
        self, executor: Any, func: Callable[..., Any], *args: Any
    ) -> asyncio.Future[Any]:
        """The call is made in one go at a later turn: threads would end in another order each time."""
        done: asyncio.Future[Any] = self.create_future()
        self.call_later(THREAD_TAKES_S, _work, done, func, args)
        return done

    async def sock_connect(self, sock: socket.socket, address: Any) -> None:
        await self.lines[address[0]].reach()
        self._reached[sock] = address[0]

    async def create_connection(self, protocol_factory: Any, *args: Any, **named: Any) -> Any:
        named["sock"].close()
        protocol = protocol_factory()
        return self.lines[self._reached.pop(named["sock"])].join(protocol), protocol


def _work(done: asyncio.Future[Any], func: Callable[..., Any], args: tuple[Any, ...]) -> None:
    if done.cancelled():
        return
    try:
        done.set_result(func(*args))
    except Exception as error:  # noqa: BLE001  # the border of a thread: told to whoever waits
        done.set_exception(error)


def _in_words(context: Mapping[str, Any]) -> str:
    return f"{context.get('message')}: {context.get('exception')!r} {context.get('task') or ''}"


class _NumberedTask(asyncio.Task[Any]):
    """A task group cancels its tasks in the order of a set, which is otherwise that of their places in memory."""

    def __init__(self, loop: Any, coro: Any, **named: Any) -> None:
        self._number: int = next(loop.tasks)  # first: the base puts the task into a set of its own
        super().__init__(coro, loop=loop, **named)

    def __hash__(self) -> int:
        return self._number


class _NoSelector(selectors.BaseSelector):
    """Has nothing to watch; the loop's constructor wants one to put its own pipe into."""

    def __init__(self) -> None:
        self._keys: dict[Any, selectors.SelectorKey] = {}

    def register(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        key = selectors.SelectorKey(fileobj, fileobj if isinstance(fileobj, int) else fileobj.fileno(), events, data)
        self._keys[fileobj] = key
        return key

    def unregister(self, fileobj: Any) -> selectors.SelectorKey:
        return self._keys.pop(fileobj)

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        return []

    def get_map(self) -> Mapping[Any, selectors.SelectorKey]:
        return self._keys
