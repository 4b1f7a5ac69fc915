"""Sends what the kiosk recorded: every record until the register has it, and none holds up another."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable, Sequence

from contract.messages import MAX_BATCH_ITEMS
from kiosk.cards.exchange import Fate, Parcel, QueueDepth, Settlement
from kiosk.cards.model import Texts
from kiosk.clock import Clock
from kiosk.errors import KeyRevoked, Later, RegisterError, Rejected, StoreUnavailable
from kiosk.health import Health
from kiosk.sync.backoff import Backoff, Random, delay_s
from kiosk.sync.halves import Halves
from kiosk.sync.link import Link
from kiosk.sync.outbox import Outbox
from kiosk.sync.pause import Pause
from kiosk.sync.posting import Server, batches_of, post
from kiosk.sync.replies import ItemAnswer, judge
from kiosk.sync.steps import ClockSteps
from kiosk.sync.waiting import Waiter

PART = "upload"
CULPRITS_PART = "records not taken"
REST_IN_BACKLOG_S = 0.05
"""After each full batch: the desk, which shares processor and disk, goes before a backlog (./dev bench sync)."""
LONGEST_REST_S = 60.0
"""The table is the truth: it is looked at so often even without a poke."""
ALL_PUT_OFF = dt.timedelta(hours=2)
"""How far ahead to look for records put off, when the register is back: no pause is longer."""
WHICH = "; they are kept and tried again (`kiosk queue list`)"
NOT_UNDERSTOOD = "the register gave no answer to this record that can be understood"


class Pusher:
    """Guards the pace: how long to pause, and how much to send at once.

    A batch that fails whole is halved until the record to blame stands alone. That one waits with a pause of its own,
    which grows, and the others get through; so they do on a line too weak for a whole batch (ADR 14).
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
        self._pause = Pause(backoff, clock, random)
        self._at_once = MAX_BATCH_ITEMS
        self._revoked = False
        self._catching_up = True
        self._tried: set[str] = set()
        self._halves = Halves()
        self._steps = ClockSteps()
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
            await self._follow_clock()
            await self._tell_depth()
            if self._revoked:
                return None
            if (pause_s := self._pause.left_s()) > 0:
                return pause_s
            parcels = await self._take()
            if not parcels:
                return await self._rest_s()
            await self._send(parcels)
            return REST_IN_BACKLOG_S if len(parcels) == MAX_BATCH_ITEMS else 0.0
        except StoreUnavailable as error:
            self._health.failing(PART, str(error))
            return self._pause.left_s() or self._pause.begin(None)
        except KeyRevoked:
            self._link.closed()
            self._revoked = True
            self._health.failing(PART, "the register has revoked this kiosk's key; all records are kept here")
        return 0.0

    async def _take(self) -> tuple[Parcel, ...]:
        while part := self._halves.next():
            if parcels := await self._outbox.waiting(part):
                return parcels
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
        first, *others = batches_of(parcels)
        if not await self._deliver(first):
            return
        for batch in others:
            # The ones before may have been under way for seconds: these may have been put right meanwhile.
            anew = await self._outbox.waiting([parcel.item.id for parcel in batch])
            if anew and not await self._deliver(anew):
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
        self._at_once = min(max(self._at_once, len(batch)) * 2, MAX_BATCH_ITEMS)
        judgement = judge([parcel.item.id for parcel in batch], answers)
        if judgement.settlements or len(judgement.kept) == 1:  # of several it is not known whose fault that was
            self._halves.left_out(judgement.kept)
        if judgement.settlements:
            await self._outbox.settle(judgement.settlements)
            # Some got through: who did not, just now or before, fails alone.
            if blamed := self._halves.worked([each.item_id for each in judgement.settlements]):
                await self._outbox.blame(blamed, self._clock.now().utc)
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
            message = None if error.words is None else Texts(*error.words)
            await self._outbox.settle([Settlement(batch[0].item.id, Fate.PARKED, message=message, error=str(error))])
            return True
        middle = len(batch) // 2
        return await self._deliver(batch[:middle]) and await self._deliver(batch[middle:])

    def _answered(self) -> None:
        self._link.worked()
        self._pause.answered()

    async def _put_off(self, batch: Sequence[Parcel], error: RegisterError) -> None:
        """Nobody answered, or not to these: rest, and halve them then, in case one of these is the cause."""
        ids = [parcel.item.id for parcel in batch]
        self._tried.update(ids)
        wish_s = error.retry_after_s if isinstance(error, Later) else None
        if self._halves.culprits.issuperset(ids):
            # It says nothing of the line, and nobody waits for it; but a wish is meant for all.
            self._halves.failed_again(ids)
            pause_s = 0.0 if wish_s is None else self._pause.begin(wish_s)
            await self._postpone(batch, pause_s, str(error))
            return
        self._health.failing(PART, str(error))
        self._link.failed()
        self._at_once = max(1, len(batch) // 2)
        pause_s = self._pause.begin(wish_s, searching=len(batch) > 1 or not self._halves.suspected)
        self._halves.failed(ids)
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

    def _link_changed(self, online: bool) -> None:  # noqa: FBT001  # the observer's shape
        if online:
            self._catching_up = True
            self._halves.line_is_back()
            self._tried = set(self._halves.culprits)
            self._pause.line_is_back()
            self._poke.set()

    async def _follow_clock(self) -> None:
        if (step := self._steps.since_last(self._clock.now())) is not None:
            await self._outbox.set_on(step)

    async def _tell_depth(self) -> None:
        depth = await self._outbox.depth()
        if depth != self._depth:
            self._depth = depth
            self._tell_culprits(depth.blamed)
            self._on_change(depth)

    def _tell_culprits(self, count: int) -> None:
        if count:
            self._health.failing(CULPRITS_PART, f"{count} fail each time, alone, while others get through{WHICH}")
        elif CULPRITS_PART in self._health.parts():
            self._health.ok(CULPRITS_PART)
