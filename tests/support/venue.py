"""What lies behind the venue's pages, in memory: an evening's records, and a PIN."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from functools import cache

from kiosk.cards.exchange import EndedFlag, Fate, ItemKind, QueueEntry, QueueRecord, UseOfDay
from kiosk.cards.figures import RefusalCount, UseCount
from kiosk.cards.model import Category, Event, Facts, Reason, Texts, Tickets, UseKind
from kiosk.clock import Clock
from kiosk.health import Health
from kiosk.screen.access import Access, hash_of
from kiosk.screen.office.ports import Back, Hands
from kiosk.screen.server import VenuePages
from kiosk.screen.walk import Walk
from tests.unit.cards.examples import CONCERT, COURSE, HOUR, NOW, a_use, facts

PIN = "271828"
OPEN_DOORS = Texts("Avoimet ovet", "Avoimet ovet", "Avoimet ovet")
"""Staff typed it, in one language."""
FLAGGED_WORDS = Texts(
    "Samaa korttia on käytetty kahdella ovella.",
    "Samma kort har använts vid två dörrar.",
    "The same card was used at two doors.",
)


@cache
def pin_hash() -> bytes:
    """The hash of PIN, made once: it takes long on purpose."""
    return hash_of(PIN)


class VenueBehind:
    """An evening of three uses, one of them undone; one flagged, one parked; a fortnight's figures."""

    def __init__(
        self,
        hands: Hands,
        clock: Clock,
        offer: Callable[[tuple[Event, ...]], None],
        invite: Callable[[str], None] = lambda _: None,
    ) -> None:
        """Press what the pages press on `hands`."""
        self.clock = clock
        self.hands = hands
        self.pin: bytes | None = pin_hash()
        self.access = Access(lambda: self.pin, clock, dt.timedelta(minutes=10))
        self.walk = Walk(self.access, clock, invite)
        self.health = Health(clock)
        self.health.ok("database")
        self.health.failing("scanner", "The scanner is not plugged in.")
        self.lines: list[tuple[str, str, dt.datetime, Tickets]] = []
        self.paper_answer = ""
        self.kinds: list[UseKind] = []
        self.labels: list[str | None] = []
        """Of the lines."""
        self.offer = offer
        self.by_hand: list[Event] = [
            replace(CONCERT, id="by-hand", name=OPEN_DOORS, by_hand=True, whole_day=True, places=None)
        ]
        self.concert = CONCERT
        self.has_records = True
        """False: a kiosk on its first day, with no event and no record yet."""
        self.seen: list[tuple[str, dt.datetime]] = []
        self.looked = 0
        use = replace(a_use("01900000-0000-7000-8000-0000000000a1"), tickets=Tickets(own=1, children=2))
        self.uses = (
            UseOfDay(use, None),
            UseOfDay(replace(a_use("a2", at=NOW - HOUR / 4), event_id=None), NOW),
            UseOfDay(a_use("a3", at=NOW - HOUR / 2), None),
        )

    def pages(self) -> VenuePages:
        """What the pages' server needs."""
        back = Back(self, self, self, self.hands, self, self.health, self._looked)
        return VenuePages(self.access, back, self.walk)

    def _looked(self) -> None:
        self.looked += 1

    async def uses_of_day(self, start: dt.datetime, end: dt.datetime) -> tuple[UseOfDay, ...]:
        """The uses of that time."""
        return tuple(each for each in self.uses if self.has_records and start <= each.use.decided.at < end)

    async def needs_look(self) -> tuple[QueueRecord, ...]:
        """One flagged, one parked."""
        if not self.has_records:
            return ()
        use = self.uses[0].use
        flagged = QueueEntry(7, use.id, ItemKind.USE, Fate.FLAGGED, 1, NOW, None, None, ("two-doors",), FLAGGED_WORDS)
        error = "refused by the register: id-reused"
        parked = replace(flagged, fate=Fate.PARKED, last_error=error, reasons=("id-reused",), message=None)
        return QueueRecord(flagged, use), QueueRecord(parked, use)

    async def put_away(self) -> tuple[QueueRecord, ...]:
        """One that staff have seen, one that the register took back."""
        if not self.has_records:
            return ()
        use = self.uses[2].use
        seen = QueueEntry(5, "a5", ItemKind.USE, Fate.FLAGGED, 1, NOW, None, None, ("two-doors",), FLAGGED_WORDS)
        ended = EndedFlag(("two-doors",), FLAGGED_WORDS, NOW)
        return (
            QueueRecord(replace(seen, seen_at=NOW + HOUR / 4), use),
            QueueRecord(
                replace(seen, item_id="a4", fate=Fate.DELIVERED, reasons=(), message=None), use, ended=(ended,)
            ),
        )

    async def mark_seen(self, item_id: str, at: dt.datetime) -> None:
        """Remember that it was."""
        self.seen.append((item_id, at))

    async def counts(
        self, start: dt.datetime, end: dt.datetime
    ) -> tuple[tuple[UseCount, ...], tuple[RefusalCount, ...]]:
        """Every day of a fortnight a few more."""
        if not self.has_records:
            return (), ()
        hours = [NOW - dt.timedelta(days=day) for day in range(14)]
        uses = [
            UseCount(hour, category, UseKind.ENTRANCE, 3 + day % 5, 3 + day % 5, day % 4, day % 2)
            for day, hour in enumerate(hours)
            for category in (Category.CULTURE, Category.SPORT, None)
        ]
        refusals = (RefusalCount(NOW, Reason.QUOTA_FULL, 4), RefusalCount(NOW, Reason.SOLD_OUT, 2))
        return tuple(count for count in uses if start <= count.hour < end), refusals

    async def events(self, start: dt.datetime, end: dt.datetime) -> tuple[Event, ...]:
        """Those of the evening."""
        return (*self.by_hand, self.concert, COURSE) if self.has_records else ()

    async def facts_without_card(self, event_id: str | None, **_: object) -> Facts:
        """Two places of the quota are taken, whatever the event."""
        return facts(quota_used=2)

    async def add(self, event: Event) -> None:
        """Offer it, here and at the desk."""
        self.by_hand[:] = [*(each for each in self.by_hand if each.id != event.id), event]
        self.offer(await self.events(NOW, NOW))

    async def take_away(self, event_id: str) -> None:
        """Offer it no more."""
        self.by_hand[:] = [each for each in self.by_hand if each.id != event_id]
        self.offer(await self.events(NOW, NOW))

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
        """Keep the line, or answer what the test wants."""
        if not self.paper_answer:
            self.lines.append((entry_id, number, at, tickets))
            self.kinds.append(kind)
            self.labels.append(event_label)
        return self.paper_answer
