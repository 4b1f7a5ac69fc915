"""The queue on the disk, as the sender asks it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Protocol

from kiosk.cards.exchange import Parcel, QueueDepth, Settlement


class Outbox(Protocol):
    """The queue on the disk; every call raises StoreUnavailable."""

    async def due(self, now: dt.datetime, limit: int) -> tuple[Parcel, ...]:
        """At most `limit` items that wait and may be sent at `now`, due longest first."""
        ...

    async def waiting(self, item_ids: Sequence[str]) -> tuple[Parcel, ...]:
        """Those of the items that still wait, whenever they are to be sent, in the same order."""
        ...

    async def set_on(self, step: dt.timedelta) -> None:
        """Let each item put off wait as long as it was to, though the clock was set by `step`."""
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

    async def blame(self, item_ids: Collection[str], now: dt.datetime) -> None:
        """These failed alone, and another got through after that."""
        ...

    async def depth(self) -> QueueDepth:
        """How many items have which fate."""
        ...
