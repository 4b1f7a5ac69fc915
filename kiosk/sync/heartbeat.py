"""Tells the register how the kiosk is, and learns what time it is there."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from msgspec import UNSET

from contract import messages as m
from kiosk.cards.chain import Head
from kiosk.cards.exchange import FeedState, QueueDepth
from kiosk.clock import Clock
from kiosk.errors import KeyRevoked, Later, RegisterError, StoreUnavailable
from kiosk.health import Health
from kiosk.sync.earlier_times import EarlierTimes, agree
from kiosk.sync.link import Link
from kiosk.sync.waiting import Waiter
from kiosk.sync.wire import utc

log = logging.getLogger(__name__)

PART = "heartbeat"
_MOST_ERRORS = 20
_LONGEST_ERROR = 500


@dataclass(frozen=True, slots=True)
class Vitals:
    """How the machine is; None where it cannot tell."""

    temperature_c: float | None = None
    undervoltage: bool | None = None
    storage_free_bytes: int | None = None


class Queue(Protocol):
    """How much waits; raises StoreUnavailable."""

    async def depth(self) -> QueueDepth:
        """How many items have which fate."""
        ...

    async def head(self) -> Head | None:
        """How far the chain of uses reaches."""
        ...


class TimeKeeper(Protocol):
    """Where the register's time is remembered; raises StoreUnavailable."""

    async def heard(self, server_time: dt.datetime) -> None:
        """The register said what time it is; an earlier one than before is not believed."""
        ...

    async def feed_state(self) -> FeedState:
        """What is known, with the newest time."""
        ...

    async def forget_other_doors(self, register_time: dt.datetime) -> None:
        """Forget what other doors did long before `register_time`."""
        ...

    async def believe(self, server_time: dt.datetime, *, instead_of: dt.datetime) -> None:
        """The newest time was wrong; nothing happens where another one has come meanwhile."""
        ...


class Server(Protocol):
    """Who listens; raises RegisterError."""

    async def heartbeat(self, beat: m.Heartbeat) -> m.HeartbeatAnswer:
        """Tell how the kiosk is."""
        ...


class HeartbeatSender:
    """Guards the newest comparison of the two clocks."""

    def __init__(
        self,
        *,
        server: Server,
        queue: Queue,
        times: TimeKeeper,
        link: Link,
        health: Health,
        clock: Clock,
        waiter: Waiter,
        software_version: str,
        interval_s: float = 60.0,
        vitals: Callable[[], Vitals] = Vitals,
    ) -> None:
        """Tell `server` every `interval_s` seconds; `vitals` must not block."""
        self._server = server
        self._queue = queue
        self._times = times
        self._link = link
        self._health = health
        self._clock = clock
        self._waiter = waiter
        self._software_version = software_version
        self._interval_s = interval_s
        self._vitals = vitals
        self._clock_offset_ms: float | None = None
        self._earlier = EarlierTimes()
        self._never = asyncio.Event()

    @property
    def clock_offset_ms(self) -> float | None:
        """How far the kiosk's clock is ahead of the register's, as last compared; None: not known yet."""
        return self._clock_offset_ms

    async def run(self) -> None:
        """Tell for ever."""
        while True:
            await self._waiter.wait(self._never, await self._beat())

    async def _beat(self) -> float | None:
        """One heartbeat; returns the seconds until the next (None: never again)."""
        try:
            beat = await self._compose()
            asked = self._clock.now().utc
            answer = await self._server.heartbeat(beat)
            await self._compare(asked, utc(answer.server_time))
        except KeyRevoked:
            self._link.closed()
            self._health.failing(PART, "the register has revoked this kiosk's key")
            return None
        except RegisterError as error:
            self._link.failed()
            self._health.failing(PART, str(error))
            wish_s = error.retry_after_s if isinstance(error, Later) else None
            return max(self._interval_s, wish_s or 0.0)
        except StoreUnavailable as error:
            self._health.failing(PART, str(error))
            return self._interval_s
        self._link.worked()
        self._health.ok(PART)
        return self._interval_s

    async def _compose(self) -> m.Heartbeat:
        depth, head = await self._queue.depth(), await self._queue.head()
        oldest, vitals = depth.oldest_waiting_at, self._vitals()
        failing = [f"{part}: {each.why}" for part, each in self._health.parts().items() if not each.ok]
        return m.Heartbeat(
            software_version=self._software_version,
            queue_depth=depth.waiting,
            oldest_pending_age_s=None if oldest is None else max(0.0, (self._clock.now().utc - oldest).total_seconds()),
            clock_offset_ms=self._clock_offset_ms,
            temperature_c=vitals.temperature_c,
            undervoltage=vitals.undervoltage,
            storage_free_bytes=vitals.storage_free_bytes,
            last_errors=tuple(each[:_LONGEST_ERROR] for each in failing[:_MOST_ERRORS]),
            chain_head=UNSET if head is None else m.ChainHead(chain=head.chain, position=head.position),
        )

    async def _compare(self, asked: dt.datetime, server_time: dt.datetime) -> None:
        now = self._clock.now()
        halfway = asked + (now.utc - asked) / 2
        self._clock_offset_ms = (halfway - server_time) / dt.timedelta(milliseconds=1)
        await self._times.heard(server_time)
        if agree(server_time, now):
            # What is forgotten does not come back: one clock alone, a year ahead for a minute, must not have its way.
            await self._times.forget_other_doors(server_time)
        newest = (await self._times.feed_state()).newest_register_time
        if newest is not None and self._earlier.heard(server_time, now, newest):
            await self._times.believe(server_time, instead_of=newest)
            log.warning("the register once said that it is %s; by both clocks that was wrong", newest)
