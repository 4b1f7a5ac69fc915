"""The queue in memory, with the behaviour of the one on the disk."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from kiosk.cards.chain import Head
from kiosk.cards.exchange import Fate, Item, Parcel, QueueDepth, Settlement
from kiosk.cards.model import Annulment, Refusal, Use
from kiosk.errors import StoreUnavailable

LONGEST_POSTPONEMENT = dt.timedelta(hours=2)
TIMES_TO_PARK, TIME_TO_PARK = 10, dt.timedelta(days=1)
AT_ONCE = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@dataclass
class Entry:
    """One item with what became of it."""

    item: Item
    fate: Fate = Fate.WAITING
    attempts: int = 0
    next_try_at: dt.datetime = AT_ONCE
    error: str | None = None
    settlement: Settlement | None = None
    blamed_since: dt.datetime | None = None
    times_blamed: int = 0


class FakeOutbox:
    """Never loses an entry; `broken` makes every call fail as a full disk does."""

    def __init__(self, items: Sequence[Item] = ()) -> None:
        self.entries = [Entry(item) for item in items]
        self.broken = False
        self.chain_head: Head | None = None

    def add(self, *items: Item) -> None:
        self.entries += [Entry(item) for item in items]

    def of(self, item: Item) -> Entry:
        return next(entry for entry in self.entries if entry.item == item)

    def fates(self) -> list[Fate]:
        return [entry.fate for entry in self.entries]

    async def due(self, now: dt.datetime, limit: int) -> tuple[Parcel, ...]:
        self._work()
        waiting = [(number, each) for number, each in enumerate(self.entries, start=1) if each.fate is Fate.WAITING]
        from_later_on = [each for each in waiting if each[1].next_try_at > now + LONGEST_POSTPONEMENT]
        due = sorted((each for each in waiting if each[1].next_try_at <= now), key=lambda each: each[1].next_try_at)
        found = [*from_later_on, *due][:limit]
        return tuple(Parcel(sequence, entry.item, entry.attempts) for sequence, entry in found)

    async def waiting(self, item_ids: Sequence[str]) -> tuple[Parcel, ...]:
        self._work()
        return tuple(
            Parcel(sequence, entry.item, entry.attempts)
            for item_id in item_ids
            for sequence, entry in enumerate(self.entries, start=1)
            if entry.item.id == item_id and entry.fate is Fate.WAITING
        )

    async def set_on(self, step: dt.timedelta) -> None:
        self._work()
        for entry in self.entries:
            if entry.fate is Fate.WAITING and entry.next_try_at > AT_ONCE:
                entry.next_try_at += step

    async def next_due_at(self) -> dt.datetime | None:
        self._work()
        return min((each.next_try_at for each in self.entries if each.fate is Fate.WAITING), default=None)

    async def settle(self, settlements: Sequence[Settlement]) -> None:
        self._work()
        for settlement in settlements:
            for entry in self.entries:
                if entry.item.id == settlement.item_id and entry.fate in (Fate.WAITING, Fate.PARKED):
                    entry.fate, entry.settlement, entry.error = settlement.fate, settlement, settlement.error
                    entry.attempts += 1

    async def postpone(self, item_ids: Collection[str], until: dt.datetime, error: str) -> None:
        self._work()
        for entry in self.entries:
            if entry.item.id in item_ids and entry.fate is Fate.WAITING:
                entry.next_try_at, entry.error = until, error
                entry.attempts += 1

    async def blame(self, item_ids: Collection[str], now: dt.datetime) -> None:
        self._work()
        for entry in self.entries:
            if entry.item.id in item_ids and entry.fate is Fate.WAITING:
                entry.blamed_since = entry.blamed_since or now
                entry.times_blamed += 1
                if entry.times_blamed >= TIMES_TO_PARK and now - entry.blamed_since >= TIME_TO_PARK:
                    entry.fate = Fate.PARKED

    async def head(self) -> Head | None:
        self._work()
        return self.chain_head

    async def depth(self) -> QueueDepth:
        self._work()
        fates = self.fates()
        return QueueDepth(
            waiting=fates.count(Fate.WAITING),
            parked=fates.count(Fate.PARKED),
            flagged=fates.count(Fate.FLAGGED),
            delivered=fates.count(Fate.DELIVERED),
            oldest_waiting_at=min(
                (decided_at(each.item) for each in self.entries if each.fate is Fate.WAITING), default=None
            ),
            blamed=sum(1 for each in self.entries if each.fate is Fate.WAITING and each.blamed_since is not None),
        )

    def _work(self) -> None:
        if self.broken:
            raise StoreUnavailable("The disk is full.")


def decided_at(item: Item) -> dt.datetime:
    match item:
        case Use():
            return item.decided.at
        case Annulment():
            return item.annulled.at
        case Refusal():
            return item.refused.at
