"""How the kiosk tells the register how it is."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from contract.messages import ChainHead, Heartbeat, HeartbeatAnswer
from kiosk.cards.chain import Head
from kiosk.errors import KeyRevoked, Later, RegisterError
from kiosk.health import Health
from kiosk.sync.heartbeat import PART, HeartbeatSender, Vitals
from kiosk.sync.link import Link
from tests.edge.store.samples import a_use, an_id
from tests.support.fake_catalogue import FakeCatalogue
from tests.support.fake_outbox import FakeOutbox
from tests.support.virtual_time import VirtualTime

NOON = dt.datetime(2026, 3, 14, 10, 0, tzinfo=dt.UTC)


class FakeServer:
    """Listens; its clock is behind the kiosk's by `behind`, and each answer takes `takes_s` seconds."""

    def __init__(self, time: VirtualTime) -> None:
        self.time = time
        self.behind = dt.timedelta()
        self.takes_s = 0.0
        self.fault: RegisterError | None = None
        self.heard: list[Heartbeat] = []

    async def heartbeat(self, beat: Heartbeat) -> HeartbeatAnswer:
        self.heard.append(beat)
        if self.fault is not None:
            raise self.fault
        await self.time.sleep(self.takes_s / 2)
        told = HeartbeatAnswer(server_time=self.time.now().utc - self.behind)
        await self.time.sleep(self.takes_s / 2)
        return told


class Kiosk:
    """A heartbeat sender with everything around it."""

    def __init__(self) -> None:
        self.time = VirtualTime(NOON)
        self.server = FakeServer(self.time)
        self.outbox = FakeOutbox()
        self.catalogue = FakeCatalogue()
        self.health = Health(self.time)
        self.link = Link()
        self.sender = HeartbeatSender(
            server=self.server,
            queue=self.outbox,
            times=self.catalogue,
            link=self.link,
            health=self.health,
            clock=self.time,
            waiter=self.time,
            software_version="1.2.3",
            vitals=lambda: Vitals(temperature_c=61.5, undervoltage=True, storage_free_bytes=123),
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        task = asyncio.create_task(self.sender.run())
        try:
            await self.time.pass_(0)
            yield
            if task.done():
                task.result()
        finally:
            task.cancel()
            await asyncio.wait({task})


async def test_a_heartbeat_tells_all_that_the_contract_asks_for() -> None:
    kiosk = Kiosk()
    kiosk.outbox.add(a_use(1, at=NOON - dt.timedelta(minutes=5)))
    kiosk.outbox.chain_head = Head(an_id(5), 17)
    kiosk.health.failing("scanner", "unplugged")
    kiosk.health.ok("database")
    async with kiosk.running():
        pass
    assert kiosk.server.heard == [
        Heartbeat(
            software_version="1.2.3",
            queue_depth=1,
            oldest_pending_age_s=300.0,
            clock_offset_ms=None,
            temperature_c=61.5,
            undervoltage=True,
            storage_free_bytes=123,
            last_errors=("scanner: unplugged",),
            chain_head=ChainHead(chain=an_id(5), position=17),
        )
    ]


async def test_a_heartbeat_comes_every_minute() -> None:
    kiosk = Kiosk()
    async with kiosk.running():
        await kiosk.time.pass_(600)
    assert len(kiosk.server.heard) == 11
    assert (kiosk.link.online, kiosk.health.parts()[PART].ok) == (True, True)


async def test_the_clocks_are_compared_halfway_between_question_and_answer() -> None:
    kiosk = Kiosk()
    kiosk.server.behind, kiosk.server.takes_s = dt.timedelta(seconds=7), 4.0
    async with kiosk.running():
        await kiosk.time.pass_(70)
    assert (kiosk.sender.clock_offset_ms, kiosk.server.heard[-1].clock_offset_ms) == (7000.0, 7000.0)


async def test_the_register_s_time_is_remembered() -> None:
    kiosk = Kiosk()
    kiosk.server.behind = dt.timedelta(days=-1)
    async with kiosk.running():
        pass
    assert kiosk.catalogue.state.newest_register_time == NOON + dt.timedelta(days=1)


async def test_a_use_decided_by_a_clock_that_ran_ahead_has_no_negative_age() -> None:
    kiosk = Kiosk()
    kiosk.outbox.add(a_use(1, at=NOON + dt.timedelta(days=1)))
    async with kiosk.running():
        pass
    assert kiosk.server.heard[0].oldest_pending_age_s == 0.0


async def test_a_fault_is_told_and_the_next_heartbeat_comes_all_the_same() -> None:
    kiosk = Kiosk()
    kiosk.server.fault = Later("the register asks for patience", retry_after_s=90)
    async with kiosk.running():
        assert kiosk.health.parts()[PART].why == "the register asks for patience"
        kiosk.server.fault = None
        await kiosk.time.pass_(89)
        assert len(kiosk.server.heard) == 1
        await kiosk.time.pass_(2)
    assert (len(kiosk.server.heard), kiosk.health.parts()[PART].ok) == (2, True)


async def test_a_full_disk_does_not_end_the_heartbeats() -> None:
    kiosk = Kiosk()
    kiosk.outbox.broken = True
    async with kiosk.running():
        assert kiosk.health.parts()[PART].why == "The disk is full."
        kiosk.outbox.broken = False
        await kiosk.time.pass_(60)
    assert len(kiosk.server.heard) == 1


async def test_with_a_revoked_key_the_heart_stops() -> None:
    kiosk = Kiosk()
    kiosk.server.fault = KeyRevoked("revoked")
    async with kiosk.running():
        await kiosk.time.pass_(100_000)
    assert len(kiosk.server.heard) == 1


async def test_many_and_long_errors_still_fit_the_contract() -> None:
    kiosk = Kiosk()
    for number in range(30):
        kiosk.health.failing(f"part {number}", "x" * 1000)
    async with kiosk.running():
        pass
    errors = kiosk.server.heard[0].last_errors
    assert (len(errors), max(map(len, errors))) == (20, 500)
