"""Cut network: whatever fails between kiosk and register, nothing is lost, nothing doubled, nothing held up.

Everything is real: the kiosk's store on a disk, its pusher and client, TLS over a socket, the register in a process
of its own. Only the pauses are shorter than at a venue.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from kiosk.cards.exchange import Fate, QueueDepth
from kiosk.cards.model import Annulment, CardIdentity, CardNumber, Reason, Refusal, Stamp, Tickets, Use, UseKind
from kiosk.clock import SystemClock
from kiosk.health import Health
from kiosk.ids import new_id
from kiosk.store.database import Database
from kiosk.store.ledger import Ledger
from kiosk.store.outbox import Outbox
from kiosk.store.seal import seal
from kiosk.sync.address import checked_address, tls_context
from kiosk.sync.backoff import Backoff
from kiosk.sync.client import RegisterClient
from kiosk.sync.enrol import Enrolled
from kiosk.sync.link import Link
from kiosk.sync.push import Pusher
from kiosk.sync.waiting import RealTime
from kiosk.sync.wire import use_sent
from tests.edge.store.samples import a_stamp
from tests.edge.sync.conftest import enrolled_at, uses_at
from tests.support.certificates import Certificates
from tests.support.faulty_proxy import Fault, FaultyProxy
from tests.support.register import ServingRegister

IMPATIENT_S = 1.0
"""How long this kiosk waits for an answer."""
QUICK = Backoff(first_s=0.02, longest_s=0.1)
LIMIT_S = 30.0
FAULTS = [fault for fault in Fault if fault is not Fault.NONE]


@dataclass
class Kiosk:
    """A kiosk's store and pusher, and what its desk has recorded."""

    database: Database
    client: RegisterClient
    register_key: bytes
    clock: SystemClock = field(default_factory=SystemClock)
    recorded: list[Use] = field(default_factory=list)
    annulled: list[str] = field(default_factory=list)
    items: int = 0
    """Uses, annulments and refusals."""
    depth: QueueDepth | None = None

    def __post_init__(self) -> None:
        self.ledger = Ledger(self.database)
        self.outbox = Outbox(self.database)
        self.health = Health(self.clock)
        self.failures = 0
        self.changed = asyncio.Event()
        self.pusher = Pusher(
            outbox=self.outbox,
            server=self.client,
            link=Link(),
            health=self.health,
            clock=self.clock,
            waiter=RealTime(),
            random=self._luck,
            backoff=QUICK,
            on_change=self._hear,
        )

    async def record(self, *, tickets: Tickets = Tickets(), sealed: bool = False) -> Use:
        """Record a use as the desk does; from here on it must never be lost."""
        now = self.clock.now()
        use_id = new_id(now.utc)
        number = CardNumber(f"DEMO{use_id[-12:].upper()}")
        identity = CardIdentity(
            use_id.replace("-", ""), seal(number, self.register_key) if sealed else None, number.tail
        )
        use = Use(
            id=use_id,
            card=identity,
            event_id=None,
            kind=UseKind.ENTRANCE,
            tickets=tickets,
            quota_places=1,
            decided=self._stamp(),
            offline=True,
            remarks=(Reason.CARD_NOT_VERIFIED,),
        )
        await self.ledger.record(use)
        self.recorded.append(use)
        self._queued()
        return use

    async def annul(self, use: Use) -> None:
        """Take a use back, as the desk does."""
        annulment = Annulment(new_id(self.clock.now().utc), use.id, self._stamp())
        await self.ledger.annul(annulment)
        self.annulled.append(use.id)
        self._queued()

    async def count_refusal(self) -> None:
        """Count a visitor who got no ticket."""
        now = self.clock.now().utc
        await self.ledger.count_refusal(Refusal(new_id(now), Reason.SOLD_OUT, None, a_stamp(now)))
        self._queued()

    async def failed(self, times: int) -> None:
        """Return when sending has failed `times` more."""
        enough = self.failures + times
        await self.until(lambda _: self.failures >= enough)

    async def sent(self) -> None:
        """Return when each item has its final answer."""
        await self.until(lambda depth: depth.delivered + depth.flagged + depth.parked == self.items)

    async def fates(self) -> dict[str, Fate]:
        """What became of each item."""
        return {entry.item_id: entry.fate for entry in await self.outbox.listing(tuple(Fate))}

    async def until(self, reached: Callable[[QueueDepth], bool]) -> None:
        """Return when the queue is as it should be."""
        async with asyncio.timeout(LIMIT_S):
            while self.depth is None or not reached(self.depth):
                self.changed.clear()
                await self.changed.wait()

    def _queued(self) -> None:
        self.items += 1
        self.pusher.poke()

    def _stamp(self) -> Stamp:
        now = self.clock.now()
        return Stamp(now.utc, now.trusted, now.boot_id, now.monotonic_ms)

    def _luck(self) -> float:
        # Chance is asked for whenever something failed, and only then.
        self.failures += 1
        self.changed.set()
        return 0.5

    def _hear(self, depth: QueueDepth) -> None:
        self.depth = depth
        self.changed.set()


@asynccontextmanager
async def running_kiosk(
    folder: Path, enrolled: Enrolled, network: FaultyProxy, certificates: Certificates
) -> AsyncIterator[Kiosk]:
    """A kiosk that the register knows, with its pusher running."""
    address = checked_address(f"https://127.0.0.1:{network.port}")
    client = RegisterClient(
        address, key=enrolled.identity.key, tls=tls_context(certificates.ca_file), timeout_s=IMPATIENT_S
    )
    database = Database.open(folder / "kiosk.db", kept_free_bytes=0)
    async with client:
        kiosk = Kiosk(database, client, enrolled.identity.register_public_key)
        pushing = asyncio.create_task(kiosk.pusher.run())
        try:
            yield kiosk
            assert not pushing.done() or pushing.exception() is None
        finally:
            pushing.cancel()
            await asyncio.wait({pushing})
            database.close()


@pytest.fixture
async def kiosk(
    tmp_path: Path, doors: dict[str, Enrolled], network: FaultyProxy, certificates: Certificates
) -> AsyncIterator[Kiosk]:
    async with running_kiosk(tmp_path, doors["Pääovi"], network, certificates) as kiosk:
        yield kiosk


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.value.replace(" ", "-"))
async def test_after_the_network_heals_every_use_is_at_the_register_once(
    fault: Fault, kiosk: Kiosk, network: FaultyProxy, register: ServingRegister
) -> None:
    before = [await kiosk.record(), await kiosk.record(sealed=True)]
    await kiosk.sent()
    await network.become(fault)
    during = [await kiosk.record()]
    await kiosk.failed(2)
    reached = {use["id"] for use in uses_at(register)}
    assert (during[0].id in reached) is fault.name.endswith("STORED")
    during += [await kiosk.record(sealed=number % 2 == 0) for number in range(20)]
    poisoned = await kiosk.record(tickets=Tickets(own=1, children=1001))
    during += [await kiosk.record() for _ in range(5)]
    await kiosk.annul(before[0])
    await kiosk.annul(during[0])
    await kiosk.count_refusal()
    await kiosk.failed(2)
    await network.become(Fault.NONE)
    await kiosk.sent()
    after = await kiosk.record()
    await kiosk.sent()

    expected = sorted(use.id for use in kiosk.recorded if use.id != poisoned.id)
    assert len(expected) == len([*before, *during, after])
    at_the_register = [use for use in uses_at(register) if use["id"] in {each.id for each in kiosk.recorded}]
    assert sorted(use["id"] for use in at_the_register) == expected
    assert sorted(use["id"] for use in at_the_register if use["annulled"]) == sorted(kiosk.annulled)
    fates = await kiosk.fates()
    assert [item_id for item_id, fate in fates.items() if fate is Fate.PARKED] == [poisoned.id]
    assert Fate.WAITING not in fates.values()
    assert len(fates) == kiosk.items


async def test_when_the_register_itself_is_killed_and_started_again_nothing_is_lost(
    kiosk: Kiosk, register: ServingRegister
) -> None:
    for _ in range(10):
        await kiosk.record()
    register.kill()
    try:
        for _ in range(10):
            await kiosk.record()
        await kiosk.failed(4)
    finally:
        register.start()
    await kiosk.sent()
    ids = sorted(use.id for use in kiosk.recorded)
    assert sorted(use["id"] for use in uses_at(register) if use["id"] in ids) == ids


async def test_a_line_that_fails_now_and_then_in_every_way_delivers_all_in_the_end(
    kiosk: Kiosk, network: FaultyProxy, register: ServingRegister
) -> None:
    for fault in FAULTS:
        await network.become(fault)
        await kiosk.record()
        await kiosk.failed(1)
        await network.become(Fault.NONE)
        await kiosk.record()
    await kiosk.sent()
    ids = sorted(use.id for use in kiosk.recorded)
    assert sorted(use["id"] for use in uses_at(register) if use["id"] in ids) == ids
    assert set((await kiosk.fates()).values()) <= {Fate.DELIVERED, Fate.FLAGGED}


async def test_a_revoked_kiosk_keeps_what_it_has_and_sends_nothing_more(
    tmp_path: Path, register: ServingRegister, network: FaultyProxy, certificates: Certificates
) -> None:
    enrolled = await enrolled_at(register, "Takaovi")
    async with running_kiosk(tmp_path, enrolled, network, certificates) as kiosk:
        await kiosk.record()
        await kiosk.sent()
        register.revoke(enrolled.identity.kiosk_id)
        told = asyncio.Event()
        kiosk.health.watch(told.set)
        await kiosk.record()
        async with asyncio.timeout(LIMIT_S):
            await told.wait()
        calls = len(network.calls)
        await kiosk.record()
        await kiosk.until(lambda depth: depth.waiting == 2)
        assert ("revoked" in kiosk.health.parts()["upload"].why, len(network.calls)) == (True, calls)


async def test_a_use_whose_content_was_changed_is_not_taken_for_the_first_one(
    kiosk: Kiosk, register: ServingRegister, network: FaultyProxy
) -> None:
    use = await kiosk.record()
    await kiosk.sent()
    changed = replace(use, tickets=Tickets(children=7), decided=replace(use.decided, at=dt.datetime.now(dt.UTC)))
    (answer,) = await kiosk.client.send_uses([use_sent(changed, 1)])
    assert (answer.outcome, answer.reasons) == ("refused", ("id-reused",))
    (stored,) = [each for each in uses_at(register) if each["id"] == use.id]
    assert stored["children"] == 0
