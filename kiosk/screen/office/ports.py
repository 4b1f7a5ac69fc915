"""What the venue's pages ask of the rest of the kiosk."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from kiosk.cards.desk_events import DeskEvent
from kiosk.cards.exchange import QueueRecord, UseOfDay
from kiosk.cards.figures import RefusalCount, UseCount
from kiosk.cards.model import Event, Facts, Tickets, UseKind
from kiosk.health import Condition


class Archive(Protocol):
    """What was recorded here; raises StoreError."""

    async def uses_of_day(self, start: dt.datetime, end: dt.datetime) -> tuple[UseOfDay, ...]:
        """Uses from `start` to before `end`, also annulled ones, newest first."""
        ...

    async def needs_look(self) -> tuple[QueueRecord, ...]:
        """Records that the register flagged or refuses and staff have not seen, newest first."""
        ...

    async def put_away(self) -> tuple[QueueRecord, ...]:
        """Records that staff have seen, and those whose flag the register took back, newest first."""
        ...

    async def mark_seen(self, item_id: str, at: dt.datetime) -> None:
        """Staff have seen the record as it is; harmless for any other id."""
        ...

    async def counts(
        self, start: dt.datetime, end: dt.datetime
    ) -> tuple[tuple[UseCount, ...], tuple[RefusalCount, ...]]:
        """Uses and refusals of that time, added up by the hour."""
        ...


class Programme(Protocol):
    """The venue's events; raises StoreError."""

    async def events(self, start: dt.datetime, end: dt.datetime) -> tuple[Event, ...]:
        """Those that touch the time from `start` to before `end`, by their start."""
        ...

    async def facts_without_card(
        self, event_id: str | None, *, day: tuple[dt.datetime, dt.datetime], online: bool, clock_trusted: bool
    ) -> Facts:
        """What is known of an event with no card on the desk."""
        ...


class EventsByHand(Protocol):
    """Events that the register does not know; raises StoreError."""

    async def add(self, event: Event) -> None:
        """Offer `event` at the desk; the same one again is no second one."""
        ...

    async def take_away(self, event_id: str) -> None:
        """Offer it no more."""
        ...


class Hands(Protocol):
    """The desk, as a page sees it."""

    async def do(self, event: DeskEvent) -> None:
        """Let `event` happen; returns when all it asked for is done and announced."""
        ...

    def hear(self, event: DeskEvent) -> None:
        """Let `event` happen in its turn; nobody waits for it."""
        ...


class Paper(Protocol):
    """The way of a line of the paper form into the records."""

    async def record(
        self,
        *,
        entry_id: str,
        number: str,
        at: dt.datetime,
        kind: UseKind,
        tickets: Tickets,
        event_label: str | None = None,
    ) -> str:
        """Keep the line as a use; empty, or why not: `number`, `time`, `tickets`, `course`, `keys`.

        Raises StoreError.
        """
        ...


class Parts(Protocol):
    """What works and what does not."""

    def parts(self) -> Mapping[str, Condition]:
        """Every part with its condition, by name."""
        ...


@dataclass(frozen=True, slots=True)
class Back:
    """Everything behind the pages."""

    archive: Archive
    programme: Programme
    by_hand: EventsByHand
    hands: Hands
    paper: Paper
    health: Parts
    looked: Callable[[], None] = lambda: None
    """Staff have looked at something: what is counted on the desk may be less."""
