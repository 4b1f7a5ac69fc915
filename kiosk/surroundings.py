"""What the desk's page shows around the card: events of the day, quota left, queue and trust, kept fresh."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol
from zoneinfo import ZoneInfo

from kiosk.cards.desk_state import EventChoice
from kiosk.cards.exchange import QueueDepth
from kiosk.cards.model import Event, Facts, Venue
from kiosk.cards.programme import DOORS_OPEN_BEFORE, chosen_event, soonest_first
from kiosk.cards.quota import quota_limit
from kiosk.cards.trust import Trust, latest, offline_trust
from kiosk.clock import Clock
from kiosk.errors import StoreError
from kiosk.flow.day import day_around, is_same_day, later_day
from kiosk.health import Health

REFRESH_S = 5.0


class FactSource(Protocol):
    """What the store knows without a card."""

    async def events(self, start: dt.datetime, end: dt.datetime) -> tuple[Event, ...]:
        """The venue's events that touch the time from `start` to `end`."""
        ...

    async def facts_without_card(
        self, event_id: str | None, *, day: tuple[dt.datetime, dt.datetime], online: bool, clock_trusted: bool
    ) -> Facts:
        """The facts of an event, with no card on the desk."""
        ...


class Queue(Protocol):
    """How much waits for the register."""

    async def depth(self) -> QueueDepth:
        """How many records have which fate."""
        ...


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Everything around the card, at one moment."""

    events: tuple[Event, ...]
    """Of the day; those that are over come last."""
    chosen: Event | None
    quota_left: int | None
    venue: Venue | None
    online: bool
    queue: QueueDepth
    trust: Trust


class Watch:
    """Reads the surroundings when poked and every few seconds, and shows them when they have changed."""

    def __init__(
        self,
        *,
        source: FactSource,
        queue: Queue,
        choice: Callable[[], EventChoice],
        online: Callable[[], bool],
        show: Callable[[Surroundings], None],
        clock: Clock,
        zone: ZoneInfo,
        health: Health,
    ) -> None:
        """Show what `source` and `queue` hold, for the event that `choice` names."""
        self._source = source
        self._queue = queue
        self._choice = choice
        self._online = online
        self._show = show
        self._clock = clock
        self._zone = zone
        self._health = health
        self._poked = asyncio.Event()
        self._newest: dt.datetime | None = None
        """The newest time learnt from the register, where the kiosk's own clock is a day or more behind it."""

    def poke(self) -> None:
        """Something changed: look again soon."""
        self._poked.set()

    async def run(self) -> None:
        """Watch for ever."""
        while True:
            self._poked.clear()
            try:
                self._show(await self.look())
            except StoreError as error:
                self._health.failing("database", str(error))
            try:
                async with asyncio.timeout(REFRESH_S):
                    await self._poked.wait()
            except TimeoutError:
                continue

    async def look(self) -> Surroundings:
        """The surroundings as they are now; raises StoreError."""
        now = self._clock.now()
        at = latest(now.utc, self._newest)
        day = day_around(at, self._zone)
        events = await self._source.events(day[0], day[1] + DOORS_OPEN_BEFORE)
        chosen = chosen_event(events, self._choice(), at)
        facts = await self._source.facts_without_card(
            None if chosen is None else chosen.id, day=day, online=self._online(), clock_trusted=now.trusted
        )
        self._newest = later_day(now.utc, facts.newest_register_time, self._zone)
        if not is_same_day(at, latest(now.utc, self._newest), self._zone):
            return await self.look()
        limit = None if chosen is None else quota_limit(chosen, facts.policy)
        return Surroundings(
            events=soonest_first(events, at),
            chosen=chosen,
            quota_left=None if limit is None else max(0, limit - facts.quota_used),
            venue=facts.venue,
            online=self._online(),
            queue=await self._queue.depth(),
            trust=offline_trust(facts, now.utc),
        )


def told_of(now: Surroundings) -> dict[str, object]:
    """`now` for programs that read the announcements."""
    return {
        "online": now.online,
        "waiting": now.queue.waiting,
        "flagged": now.queue.flagged,
        "parked": now.queue.parked,
        "event": None if now.chosen is None else now.chosen.id,
        "quota_left": now.quota_left,
        "trust": now.trust.level.value,
    }
