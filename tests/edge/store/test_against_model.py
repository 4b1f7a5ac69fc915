"""Ledger and queue against a plain model of them, through any order of calls and restarts."""

from __future__ import annotations

import asyncio
import datetime as dt
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from kiosk.cards.exchange import Fate, QueueDepth, Settlement
from kiosk.cards.model import Use
from kiosk.errors import NotUndoable
from kiosk.store.database import Database
from kiosk.store.ledger import Ledger
from kiosk.store.outbox import Outbox
from tests.edge.store.samples import MINUTE, NOON, a_use, an_annulment, an_id

NUMBERS = st.integers(1, 6)
FINAL = st.sampled_from([Fate.DELIVERED, Fate.FLAGGED, Fate.PARKED])
AT_ONCE = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
MINUTES = st.integers(0, 10)


class Kiosk(RuleBasedStateMachine):
    """Whatever is called, and however often it starts anew, nothing is lost, doubled or out of order."""

    def __init__(self) -> None:
        super().__init__()
        self.uses: dict[str, Use] = {}
        self.annulled: dict[str, str] = {}
        """Annulment id by use id."""
        self.fates: dict[str, Fate] = {}
        """In the order of the queue."""
        self.due_at: dict[str, dt.datetime] = {}
        self.decided_at: dict[str, dt.datetime] = {}
        self.folder = tempfile.TemporaryDirectory()
        self.loop = asyncio.Runner()
        self.start()

    def start(self) -> None:
        self.db = Database.open(Path(self.folder.name) / "kiosk.db", kept_free_bytes=0)
        self.ledger, self.outbox = Ledger(self.db), Outbox(self.db)

    def queue(self, item_id: str, decided_at: dt.datetime) -> None:
        self.fates[item_id] = Fate.WAITING
        self.due_at[item_id] = AT_ONCE
        self.decided_at[item_id] = decided_at

    @rule()
    def restart(self) -> None:
        self.db.close()
        self.start()

    @rule(number=NUMBERS)
    def record(self, number: int) -> None:
        use = a_use(number, at=NOON + number * MINUTE)
        self.loop.run(self.ledger.record(use))
        if use.id not in self.uses:
            self.uses[use.id] = use
            self.queue(use.id, use.decided.at)

    @rule(number=NUMBERS, by=st.integers(1, 2))
    def annul(self, number: int, by: int) -> None:
        annulment = an_annulment(a_use(number), 1000 * by + number)
        known = self.annulled.get(annulment.use_id)
        if annulment.use_id not in self.uses or known not in {None, annulment.id}:
            with pytest.raises(NotUndoable):
                self.loop.run(self.ledger.annul(annulment))
            return
        self.loop.run(self.ledger.annul(annulment))
        if known is None:
            self.annulled[annulment.use_id] = annulment.id
            self.queue(annulment.id, annulment.annulled.at)

    @rule(number=NUMBERS, fate=FINAL)
    def settle(self, number: int, fate: Fate) -> None:
        item_id = an_id(number)
        self.loop.run(self.outbox.settle([Settlement(item_id, fate)]))
        if self.fates.get(item_id) in {Fate.WAITING, Fate.PARKED}:
            self.fates[item_id] = fate

    @rule(number=NUMBERS, minutes=MINUTES)
    def postpone(self, number: int, minutes: int) -> None:
        item_id, until = an_id(number), NOON + minutes * MINUTE
        self.loop.run(self.outbox.postpone([item_id], until, "no answer"))
        if self.fates.get(item_id) is Fate.WAITING:
            self.due_at[item_id] = until

    @rule(number=st.none() | NUMBERS)
    def retry(self, number: int | None) -> None:
        chosen = list(self.fates) if number is None else [an_id(number)]
        self.loop.run(self.outbox.retry(None if number is None else chosen))
        for item_id in chosen:
            if self.fates.get(item_id) in {Fate.WAITING, Fate.PARKED}:
                self.fates[item_id] = Fate.WAITING
                self.due_at[item_id] = AT_ONCE

    @rule(minutes=MINUTES, limit=st.integers(1, 20))
    def ask_what_is_due(self, minutes: int, limit: int) -> None:
        now = NOON + minutes * MINUTE
        due = self.loop.run(self.outbox.due(now, limit))
        expected = [
            item_id for item_id, fate in self.fates.items() if fate is Fate.WAITING and self.due_at[item_id] <= now
        ]
        expected.sort(key=self.due_at.__getitem__)
        assert [parcel.item.id for parcel in due] == expected[:limit]

    @invariant()
    def every_use_is_there_and_undoable_until_taken_back(self) -> None:
        undoable = self.loop.run(self.ledger.undoable(NOON))
        expected = [use for use in self.uses.values() if use.id not in self.annulled]
        assert undoable == tuple(reversed(expected))  # the last recorded first, whatever the clock said

    @invariant()
    def every_item_has_its_fate(self) -> None:
        fates = list(self.fates.values())
        waiting = [self.decided_at[item_id] for item_id, fate in self.fates.items() if fate is Fate.WAITING]
        assert self.loop.run(self.outbox.depth()) == QueueDepth(
            waiting=fates.count(Fate.WAITING),
            parked=fates.count(Fate.PARKED),
            flagged=fates.count(Fate.FLAGGED),
            delivered=fates.count(Fate.DELIVERED),
            oldest_waiting_at=min(waiting, default=None),
        )

    def teardown(self) -> None:
        self.db.close()
        self.loop.close()
        self.folder.cleanup()


TestLedgerAndQueue = Kiosk.TestCase
TestLedgerAndQueue.settings = settings(
    max_examples=25,
    stateful_step_count=25,
    suppress_health_check=[HealthCheck.too_slow],
)
