"""From a scan to the desk's answer: number, key, facts, decision."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from kiosk.cards.desk_events import Decided, DeskEvent, LookUpFailed, Unread
from kiosk.cards.desk_state import EventChoice
from kiosk.cards.model import CardIdentity, Event, Facts, Scan, UseKind
from kiosk.cards.number import parse
from kiosk.cards.practice import card_of, identity_of, practice_card_in, practice_facts
from kiosk.cards.programme import DOORS_OPEN_BEFORE, chosen_event, soonest_first
from kiosk.cards.rules import decide
from kiosk.cards.trust import latest
from kiosk.cards.unreadable import Unreadable, UnreadableWhy
from kiosk.clock import Clock, Moment, SameBoot
from kiosk.errors import StoreError
from kiosk.flow.day import day_around, is_same_day, later_day
from kiosk.flow.ports import Checks, FactSource, FlowSettings, Senses
from kiosk.health import Health
from kiosk.ids import new_id


class Answerer:
    """Answers each effect with the desk's next event; a disk that fails is said in health."""

    def __init__(
        self,
        *,
        settings: FlowSettings,
        source: FactSource,
        checks: Checks,
        senses: Senses,
        clock: Clock,
        health: Health,
    ) -> None:
        """Find facts in `source`."""
        self._settings = settings
        self._source = source
        self._checks = checks
        self._senses = senses
        self._clock = clock
        self._health = health
        self._newest: dt.datetime | None = None
        """The newest time learnt from the register, where the kiosk's own clock is a day or more behind it."""

    async def look_up(self, scan: Scan, choice: EventChoice, *, practice: bool = False) -> DeskEvent:
        """Find out whose card `scan` is, and decide at the event that `choice` means now.

        A practice card is known in practice only, and there nothing else is.
        """
        number = parse(scan.text, self._settings.forms)
        now = self._clock.now()
        presentation_id = new_id(now.utc)
        practised = practice_card_in(scan.text)
        if practised is not None and practice:
            return await self.decide(presentation_id, identity_of(practised), choice, practice=True)
        if practised is not None or practice:
            why = UnreadableWhy.NO_PRACTICE_CARD if practice else UnreadableWhy.PRACTICE_CARD
            return Unread(presentation_id, why, now.monotonic_ms)
        if isinstance(number, Unreadable):
            return Unread(presentation_id, number.why, now.monotonic_ms)
        keys = self._senses.keys()
        if keys is None:
            return LookUpFailed("the kiosk is not enrolled", now.monotonic_ms)
        identity = CardIdentity(lookup_key=await keys.key_of(number), sealed_number=None, tail=number.tail)
        decided = await self.decide(presentation_id, identity, choice)
        if isinstance(decided, Decided) and decided.facts.card is None:
            sealed = CardIdentity(identity.lookup_key, keys.seal(number), identity.tail)
            return Decided(decided.presentation_id, sealed, decided.facts, decided.decision, decided.at_ms)
        return decided

    async def decide(
        self, presentation_id: str, identity: CardIdentity, choice: EventChoice, *, practice: bool = False
    ) -> DeskEvent:
        """Decide on a card whose key is known; a practice card's facts are invented."""
        now = self._clock.now()
        if practice:
            invented = practice_facts(card_of(identity), now.utc)
            decision = decide(invented, now.utc, self._settings.zone)
            return Decided(presentation_id, identity, invented, decision, now.monotonic_ms)
        try:
            facts = await self._facts(presentation_id, identity.lookup_key, choice, now)
        except StoreError as error:
            self._health.failing("database", str(error))
            return LookUpFailed(str(error), self._clock.now().monotonic_ms)
        decision = decide(facts, now.utc, self._settings.zone)
        return Decided(presentation_id, identity, facts, decision, self._clock.now().monotonic_ms)

    async def _facts(self, use_id: str, lookup_key: str, choice: EventChoice, now: Moment) -> Facts:
        zone, at = self._settings.zone, latest(now.utc, self._newest)
        facts = await self._facts_at(at, use_id, lookup_key, choice, now)
        self._newest = later_day(now.utc, facts.newest_register_time, zone)
        if not is_same_day(at, latest(now.utc, self._newest), zone):
            facts = await self._facts_at(latest(now.utc, self._newest), use_id, lookup_key, choice, now)
        return facts

    async def _facts_at(self, at: dt.datetime, use_id: str, lookup_key: str, choice: EventChoice, now: Moment) -> Facts:
        """The facts as of `at`, which a clock that starts in 1970 has still to reach."""
        day = day_around(at, self._settings.zone)
        event = chosen_event(await self._events(day), choice, at)
        label = event.name.fi if event is not None and event.by_hand else None
        if label is not None:
            event = None  # the register knows of none, so its rules are those of general admission
        event_id = None if event is None else event.id
        online = self._senses.online()
        course_uses = None
        if event is not None and event.kind is UseKind.COURSE and online:
            course_uses = await self._checks.course_uses(use_id, lookup_key, event.id)
        found = await self._source.facts(
            lookup_key,
            event_id,
            day=day,
            online=online,
            clock_trusted=now.trusted,
            course_uses=course_uses,
            day_here=SameBoot(now.boot_id, now.monotonic_ms - (at - day[0]) // dt.timedelta(milliseconds=1)),
        )
        return replace(found, event_label=label)

    async def events_today(self) -> tuple[Event, ...]:
        """The day's events, as the page shows them; raises StoreError."""
        at = latest(self._clock.now().utc, self._newest)
        return soonest_first(await self._events(day_around(at, self._settings.zone)), at)

    async def _events(self, day: tuple[dt.datetime, dt.datetime]) -> tuple[Event, ...]:
        return await self._source.events(day[0], day[1] + DOORS_OPEN_BEFORE)
