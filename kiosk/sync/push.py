"""Sends what the kiosk recorded: every record until the register has it, and none holds up another."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable, Collection, Sequence
from typing import Protocol

from contract.messages import MAX_BATCH_ITEMS
from kiosk.cards.exchange import Fate, Parcel, QueueDepth, Settlement
from kiosk.clock import Clock
from kiosk.errors import KeyRevoked, Later, RegisterError, Rejected, StoreUnavailable
from kiosk.health import Health
from kiosk.sync.backoff import Backoff, Random, delay_s
from kiosk.sync.link import Link
from kiosk.sync.posting import Server, batches_of, post
from kiosk.sync.replies import ItemAnswer, judge
from kiosk.sync.waiting import Waiter

PART = "upload"
LONGEST_REST_S = 60.0
"""The table is the truth: it is looked at so often even without a poke."""
ALL_PUT_OFF = dt.timedelta(hours=2)
"""How far ahead to look for records put off, when the register is back: no pause is longer."""
NOT_UNDERSTOOD = "the register gave no answer to this record that can be understood"


class Outbox(Protocol):
    """The queue on the disk; every call raises StoreUnavailable."""

    async def due(self, now: dt.datetime, limit: int) -> tuple[Parcel, ...]:
        """At most `limit` items that wait and may be sent at `now`, due longest first."""
        ...

    async def next_due_at(self) -> dt.datetime | None:
        """When the next waiting item may be sent; None: nothing waits."""
        ...

    async def settle(self, settlements: Sequence[Settlement]) -> None:
        """Write down final answers."""
        ...

    async def postpone(self, item_ids: Collection[str], until: dt.datetime, error: str) -> None:
        """Try the items again at `until`."""
        ...

    async def depth(self) -> QueueDepth:
        """How many items have which fate."""
        ...


class Pusher:
    """Guards the pace: how long to pause, and how much to send at once.

    After each failure the next batch is half as large, down to one item, and grows again with success: so on a
    weak line, and beside a record that makes the register fail, the others still get through.
    """

    def __init__(
        self,
        *,
        outbox: Outbox,
        server: Server,
        link: Link,
        health: Health,
        clock: Clock,
        waiter: Waiter,
        random: Random,
        backoff: Backoff = Backoff(),
        on_change: Callable[[QueueDepth], None] = lambda _: None,
        on_sending: Callable[[Sequence[Parcel]], None] = lambda _: None,
    ) -> None:
        """Send from `outbox` to `server`.

        `on_change` hears of each change of the queue's depth, `on_sending` of each batch that leaves, and of none
        when its answer came or will not.
        """
        self._outbox = outbox
        self._server = server
        self._link = link
        self._health = health
        self._clock = clock
        self._waiter = waiter
        self._random = random
        self._backoff = backoff
        self._on_change = on_change
        self._on_sending = on_sending
        self._depth: QueueDepth | None = None
        self._poke = asyncio.Event()
        self._failures = 0
        self._at_once = MAX_BATCH_ITEMS
        self._paused_until_ms = 0
        self._pause_is_wish = False
        self._revoked = False
        self._catching_up = True
        self._tried: set[str] = set()
        link.observe(self._link_changed)

    def poke(self) -> None:
        """Something new waits."""
        self._poke.set()

    async def run(self) -> None:
        """Send for ever."""
        while True:
            self._poke.clear()
            await self._waiter.wait(self._poke, await self._round())

    async def _round(self) -> float | None:
        """One look at the queue; returns the seconds until the next (None: only a poke)."""
        try:
            await self._tell_depth()
            if self._revoked:
                return None
            if (pause_s := self._pause_left_s()) > 0:
                return pause_s
            parcels = await self._take()
            if not parcels:
                return await self._rest_s()
            await self._send(parcels)
        except StoreUnavailable as error:
            self._health.failing(PART, str(error))
            return self._pause_left_s() or self._pause(None)
        except KeyRevoked:
            self._link.closed()
            self._revoked = True
            self._health.failing(PART, "the register has revoked this kiosk's key; all records are kept here")
        return 0.0

    async def _take(self) -> tuple[Parcel, ...]:
        now = self._clock.now().utc
        if self._catching_up:
            # What was put off because nobody answered need not wait any longer; each record is tried once.
            parcels = await self._outbox.due(now + ALL_PUT_OFF, self._at_once + len(self._tried))
            fresh = tuple(each for each in parcels if each.item.id not in self._tried)[: self._at_once]
            if fresh:
                return fresh
            self._catching_up = False
            self._tried.clear()
        return await self._outbox.due(now, self._at_once)

    async def _rest_s(self) -> float:
        due_at = await self._outbox.next_due_at()
        if due_at is None:
            self._health.ok(PART)
            return LONGEST_REST_S
        return min(max((due_at - self._clock.now().utc).total_seconds(), 0.0), LONGEST_REST_S)

    async def _send(self, parcels: Sequence[Parcel]) -> None:
        for batch in batches_of(parcels):
            if not await self._deliver(batch):
                return

    async def _deliver(self, batch: Sequence[Parcel]) -> bool:
        """Send a batch of one kind, and write down what became of it; returns whether to go on."""
        try:
            answers = await self._post(batch)
        except Rejected as error:
            self._answered()
            return await self._deliver_parts(batch, error)
        except KeyRevoked:
            raise
        except RegisterError as error:
            await self._put_off(batch, error)
            return False
        self._answered()
        self._at_once = min(self._at_once * 2, MAX_BATCH_ITEMS)
        judgement = judge([parcel.item.id for parcel in batch], answers)
        if judgement.settlements:
            await self._outbox.settle(judgement.settlements)
        if judgement.kept:
            await self._keep([parcel for parcel in batch if parcel.item.id in judgement.kept])
        else:
            self._health.ok(PART)
        return True

    async def _post(self, batch: Sequence[Parcel]) -> tuple[ItemAnswer, ...]:
        self._on_sending(batch)
        try:
            return await post(self._server, batch)
        finally:
            self._on_sending(())

    async def _deliver_parts(self, batch: Sequence[Parcel], error: Rejected) -> bool:
        """Halve a rejected batch down to the one item that is to blame, and park that one."""
        if len(batch) == 1:
            await self._outbox.settle([Settlement(batch[0].item.id, Fate.PARKED, error=str(error))])
            return True
        middle = len(batch) // 2
        return await self._deliver(batch[:middle]) and await self._deliver(batch[middle:])

    def _answered(self) -> None:
        self._link.worked()
        self._failures = 0

    async def _put_off(self, batch: Sequence[Parcel], error: RegisterError) -> None:
        """Nobody answered: rest, and let the others go first then, in case one of these is the cause."""
        self._link.failed()
        self._health.failing(PART, str(error))
        self._catching_up = False
        self._tried.clear()
        self._at_once = max(1, len(batch) // 2)
        pause_s = self._pause(error.retry_after_s if isinstance(error, Later) else None)
        await self._postpone(batch, pause_s, str(error))

    async def _keep(self, kept: Sequence[Parcel]) -> None:
        """The register answered, but not to these."""
        self._health.failing(PART, NOT_UNDERSTOOD)
        self._tried.update(parcel.item.id for parcel in kept)
        await self._postpone(kept, 0.0, NOT_UNDERSTOOD)

    async def _postpone(self, parcels: Sequence[Parcel], at_least_s: float, error: str) -> None:
        attempts = max(parcel.attempts for parcel in parcels) + 1
        wait_s = at_least_s + delay_s(self._backoff, attempts, self._random)
        until = self._clock.now().utc + dt.timedelta(seconds=wait_s)
        await self._outbox.postpone([parcel.item.id for parcel in parcels], until, error)

    def _pause(self, retry_after_s: float | None) -> float:
        self._failures += 1
        pause_s = delay_s(self._backoff, self._failures, self._random, retry_after_s=retry_after_s)
        self._paused_until_ms = self._clock.now().monotonic_ms + round(pause_s * 1000)
        self._pause_is_wish = retry_after_s is not None
        return pause_s

    def _pause_left_s(self) -> float:
        return max(0.0, (self._paused_until_ms - self._clock.now().monotonic_ms) / 1000)

    def _link_changed(self, online: bool) -> None:  # noqa: FBT001  # the observer's shape
        if online:
            self._catching_up = True
            if not self._pause_is_wish:
                self._paused_until_ms = 0
            self._poke.set()

    async def _tell_depth(self) -> None:
        depth = await self._outbox.depth()
        if depth != self._depth:
            self._depth = depth
            self._on_change(depth)
