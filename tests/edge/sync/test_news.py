"""News from the real register, through a bad network, into the real store."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import sqlite_utils

from contract.messages import DeviceFacts
from kiosk.cards.model import CardIdentity, CardNumber, Facts, Stamp, Tickets, Use, UseKind
from kiosk.clock import SystemClock
from kiosk.errors import EnrolmentError, Later
from kiosk.health import Health
from kiosk.ids import new_id
from kiosk.store.catalogue import Catalogue
from kiosk.store.database import Database
from kiosk.store.outbox import Outbox
from kiosk.store.seal import LookupKeys
from kiosk.sync.address import checked_address, tls_context
from kiosk.sync.backoff import Backoff
from kiosk.sync.client import RegisterClient
from kiosk.sync.enrol import Enrolled, enrol
from kiosk.sync.heartbeat import HeartbeatSender
from kiosk.sync.link import Link
from kiosk.sync.pull import Pace, Puller
from kiosk.sync.snapshot import IN_VAIN
from kiosk.sync.waiting import RealTime
from kiosk.sync.wire import use_sent
from tests.edge.sync.conftest import enrolled_at
from tests.support.certificates import Certificates
from tests.support.faulty_proxy import Fault, FaultyProxy
from tests.support.register import ServingRegister

CARD = CardNumber("DEMO01001LISA")
QUICK = Backoff(first_s=0.02, longest_s=0.1)
IMPATIENT_S = 0.5
LIMIT_S = 30.0
DAY = (dt.datetime(1970, 1, 1, tzinfo=dt.UTC), dt.datetime(9999, 1, 1, tzinfo=dt.UTC))
CUTS = [
    Fault.REFUSED,
    Fault.RESET,
    Fault.HANGING,
    Fault.HALF_A_REPLY_STORED,
    Fault.REPLY_LOST_STORED,
    Fault.ERROR_500,
    Fault.HTML,
    Fault.LOGIN_PAGE,
    Fault.OTHER_JSON,
    Fault.UNTRUSTED_CERTIFICATE,
    Fault.TLS_CALL_CUT,
    Fault.TLS_REPLY_FLIPPED_STORED,
    Fault.TLS_REPLY_CUT_STORED,
]


@dataclass
class Kiosk:
    """A kiosk's catalogue and what keeps it fresh."""

    database: Database
    client: RegisterClient
    enrolled: Enrolled
    clock: SystemClock = field(default_factory=SystemClock)

    def __post_init__(self) -> None:
        self.catalogue = Catalogue(self.database, door="This door")
        self.keys = LookupKeys(self.enrolled.lookup)
        self.health = Health(self.clock)
        self.failures = 0
        self.changed = asyncio.Event()
        self.link = Link()
        self.link.observe(lambda _: self.changed.set())
        self.puller = Puller(
            catalogue=self.catalogue,
            server=self.client,
            link=self.link,
            health=self.health,
            clock=self.clock,
            waiter=RealTime(),
            random=self._luck,
            backoff=QUICK,
            pace=Pace(wait_s=1, least_s=0.02),
            on_news=self.changed.set,
        )

    @asynccontextmanager
    async def pulling(self) -> AsyncIterator[None]:
        task = asyncio.create_task(self.puller.run())
        try:
            yield
            assert not task.done() or task.exception() is None
        finally:
            task.cancel()
            await asyncio.wait({task})

    async def facts(self) -> Facts:
        """What the kiosk knows of the demo card."""
        key = self.keys.derive(CARD)
        return await self.catalogue.facts(key, None, day=DAY, online=True, clock_trusted=True, course_uses=None)

    async def until(self, reached: Callable[[Facts], bool]) -> Facts:
        """The facts, as soon as they are as they should be."""
        async with asyncio.timeout(LIMIT_S):
            while not reached(facts := await self.facts()):
                await self.changed.wait()
                self.changed.clear()
        return facts

    async def failed(self, times: int) -> None:
        """Return when `times` more questions had no answer."""
        enough = self.failures + times
        async with asyncio.timeout(LIMIT_S):
            while self.failures < enough:
                await self.changed.wait()
                self.changed.clear()

    async def use_card(self) -> None:
        """Record a use of the card at the register."""
        now = self.clock.now()
        use = Use(
            id=new_id(now.utc),
            card=CardIdentity(self.keys.derive(CARD), None, CARD.tail),
            event_id=None,
            kind=UseKind.ENTRANCE,
            tickets=Tickets(),
            quota_places=1,
            decided=Stamp(now.utc, now.trusted, now.boot_id, now.monotonic_ms),
            offline=False,
            remarks=(),
        )
        (answer,) = await self.client.send_uses([use_sent(use, 1)])
        assert answer.outcome in ("stored", "flagged")

    def _luck(self) -> float:
        self.failures += 1
        self.changed.set()
        return 0.5


NewKiosk = Callable[[str], Awaitable[Kiosk]]
"""Makes a kiosk at the door of that name, with a store of its own."""


@pytest.fixture
async def new_kiosk(
    tmp_path: Path, doors: dict[str, Enrolled], network: FaultyProxy, certificates: Certificates
) -> AsyncIterator[NewKiosk]:
    async with AsyncExitStack() as stack:

        async def make(door: str) -> Kiosk:
            address = checked_address(f"https://127.0.0.1:{network.port}")
            tls, key = tls_context(certificates.ca_file), doors[door].identity.key
            client = RegisterClient(address, key=key, tls=tls, timeout_s=IMPATIENT_S)
            await stack.enter_async_context(client)
            database = Database.open(tmp_path / f"{door}.db", kept_free_bytes=0)
            stack.callback(database.close)
            return Kiosk(database, client, doors[door])

        yield make


async def cards_on_the_list(kiosk: Kiosk) -> int:
    def count(db: sqlite_utils.Database) -> int:
        (number,) = db.execute(
            "SELECT count(*) FROM cards JOIN card_lists ON id = list_id WHERE state = 'current'"
        ).fetchone()
        return int(number)

    return await kiosk.database.read(count)


async def test_at_the_first_start_the_whole_list_is_taken(new_kiosk: NewKiosk) -> None:
    kiosk = await new_kiosk("Pääovi")
    async with kiosk.pulling():
        facts = await kiosk.until(lambda facts: facts.list_synced_at is not None)
    assert (facts.card is not None, facts.venue is not None and facts.venue.id) == (True, "esimerkkitalo")
    assert await cards_on_the_list(kiosk) == 3003
    assert len(await kiosk.catalogue.events(*DAY)) > 0


@pytest.mark.parametrize("fault", CUTS, ids=lambda fault: fault.name)
async def test_through_a_cut_network_the_list_comes_whole_and_the_news_goes_on(
    fault: Fault, new_kiosk: NewKiosk, network: FaultyProxy
) -> None:
    here, there = await new_kiosk("Pääovi"), await new_kiosk("Sivuovi")
    await network.become(fault)
    async with here.pulling():
        await here.failed(2)
        await network.become(Fault.NONE)
        known = await here.until(lambda facts: facts.list_synced_at is not None)
        assert await cards_on_the_list(here) == 3003
        await network.become(fault)
        await here.failed(1)
        await network.become(Fault.NONE)
        await there.use_card()
        told = await here.until(lambda facts: len(facts.earlier_uses) > len(known.earlier_uses))
    assert {use.door for use in told.earlier_uses} == {"Sivuovi"}


async def test_a_list_cut_in_the_middle_is_gone_on_with(new_kiosk: NewKiosk, network: FaultyProxy) -> None:
    kiosk = await new_kiosk("Pääovi")
    await network.become(Fault.HALF_A_REPLY_STORED)
    kiosk.puller._profile_told = True  # half a profile is no profile, and this is about the list
    async with kiosk.pulling():
        await kiosk.failed(2)
        await network.become(Fault.NONE)
        await kiosk.until(lambda facts: facts.list_synced_at is not None)
    assert any("/v1/snapshot?from=" in call for call in network.calls)
    assert await cards_on_the_list(kiosk) == 3003


@pytest.mark.parametrize("cut_after_bytes", [4_001, 7_001, 30_011])
async def test_a_list_cut_again_and_again_comes_whole_and_is_never_used_in_part(
    cut_after_bytes: int, new_kiosk: NewKiosk, network: FaultyProxy
) -> None:
    kiosk = await new_kiosk("Pääovi")
    network.cut_after_bytes = cut_after_bytes
    calls = len(network.calls)
    async with kiosk.pulling():
        while (facts := await kiosk.facts()).list_synced_at is None:
            assert facts.card is None or await cards_on_the_list(kiosk) == 3003, "found in half a list"
            kiosk.changed.clear()
            async with asyncio.timeout(LIMIT_S):
                await kiosk.changed.wait()
    snapshots = [call for call in network.calls[calls:] if "/v1/snapshot" in call]
    assert len(snapshots) > 2
    assert all("?from=" in call for call in snapshots[1:])
    assert await cards_on_the_list(kiosk) == 3003


async def test_a_list_that_is_cut_before_its_first_card_says_so_and_comes_when_the_line_is_better(
    new_kiosk: NewKiosk, network: FaultyProxy
) -> None:
    kiosk = await new_kiosk("Pääovi")
    kiosk.puller._profile_told = True  # this is about the list, and the line is too weak for the profile
    network.cut_after_bytes = 500
    async with kiosk.pulling():
        await kiosk.failed(4)
        assert kiosk.health.parts()["news"].why == IN_VAIN
        assert not any("?from=" in call for call in network.calls)
        network.cut_after_bytes = None
        await kiosk.until(lambda facts: facts.list_synced_at is not None)
    assert await cards_on_the_list(kiosk) == 3003


async def test_heartbeats_reach_the_register_and_compare_the_clocks(
    new_kiosk: NewKiosk,
) -> None:
    kiosk = await new_kiosk("Pääovi")
    sender = HeartbeatSender(
        server=kiosk.client,
        queue=Outbox(kiosk.database),
        times=kiosk.catalogue,
        link=kiosk.link,
        health=kiosk.health,
        clock=kiosk.clock,
        waiter=RealTime(),
        software_version="0.0.0",
        interval_s=0.01,
    )
    beating = asyncio.create_task(sender.run())
    try:
        async with asyncio.timeout(LIMIT_S):
            while not kiosk.link.online:
                await kiosk.changed.wait()
                kiosk.changed.clear()
    finally:
        beating.cancel()
        await asyncio.wait({beating})
    assert sender.clock_offset_ms is not None
    assert abs(sender.clock_offset_ms) < 10_000
    assert (await kiosk.catalogue.feed_state()).newest_register_time is not None


async def test_a_rotated_key_takes_over_when_it_is_first_used(new_kiosk: NewKiosk, register: ServingRegister) -> None:
    kiosk = await new_kiosk("Pääovi")
    kiosk.client.use_key((await enrolled_at(register, "Takaovi")).identity.key)
    first_key = await kiosk.client.rotate_key()
    kiosk.client.use_key(first_key)
    await kiosk.client.rotate_key()  # this answer is lost: the old key still works
    next_key = await kiosk.client.rotate_key()
    await kiosk.client.profile()
    kiosk.client.use_key(next_key)
    await kiosk.client.profile()
    kiosk.client.use_key(first_key)
    with pytest.raises(Later, match="does not accept this kiosk's key"):
        await kiosk.client.profile()


async def test_a_used_token_enrols_nobody(new_kiosk: NewKiosk, register: ServingRegister) -> None:
    kiosk = await new_kiosk("Pääovi")
    token, device = register.token(), DeviceFacts(name="Ovi", software_version="0.0.0")
    await enrol(kiosk.client, token, device)
    with pytest.raises(EnrolmentError, match="used before"):
        await enrol(kiosk.client, token, device)
