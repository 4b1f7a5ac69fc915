"""A register that was ahead for a minute is not believed for ever; less than both clocks' word changes nothing."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.messages import Heartbeat, HeartbeatAnswer
from kiosk.cards.trust import TrustLevel, offline_trust
from kiosk.clock import Moment
from kiosk.health import Health
from kiosk.sync.earlier_times import EarlierTimes
from kiosk.sync.heartbeat import HeartbeatSender
from kiosk.sync.link import Link
from tests.support.fake_catalogue import FakeCatalogue
from tests.support.fake_outbox import FakeOutbox
from tests.support.virtual_time import VirtualTime
from tests.unit.cards.examples import facts

NOON = dt.datetime(2026, 3, 14, 10, 0, tzinfo=dt.UTC)
MINUTE, HOUR, YEAR = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=365)


@dataclass
class Kiosk:
    """A kiosk that beats each minute; both clocks are as far ahead of the true time as is said."""

    time: VirtualTime = field(default_factory=lambda: VirtualTime(NOON))
    register_ahead: dt.timedelta = dt.timedelta()
    own_ahead: dt.timedelta = dt.timedelta()
    catalogue: FakeCatalogue = field(default_factory=FakeCatalogue)

    def now(self) -> Moment:
        true = self.time.now()
        return Moment(true.utc + self.own_ahead, true.monotonic_ms, true.boot_id, self.time.trusted)

    async def heartbeat(self, _: Heartbeat) -> HeartbeatAnswer:
        return HeartbeatAnswer(server_time=self.time.now().utc + self.register_ahead)

    def ahead(self) -> dt.timedelta:
        """How far the newest time is ahead of the true one, in whole minutes."""
        newest = self.catalogue.state.newest_register_time
        assert newest is not None
        return round((newest - self.time.now().utc) / MINUTE) * MINUTE

    def trust(self) -> TrustLevel:
        """Whether a card list that was confirmed this minute is good enough."""
        newest = self.catalogue.state.newest_register_time
        return offline_trust(
            facts(list_synced_at=self.time.now().utc, newest_register_time=newest), self.now().utc
        ).level

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        health = Health(self.time)
        sender = HeartbeatSender(
            server=self,
            queue=FakeOutbox(),
            times=self.catalogue,
            link=Link(),
            health=health,
            clock=self,
            waiter=self.time,
            software_version="1",
        )
        task = asyncio.create_task(sender.run())
        try:
            await self.time.pass_(0)
            yield
            if task.done():
                task.result()
        finally:
            task.cancel()
            await asyncio.wait({task})

    async def pass_(self, minutes: float) -> None:
        await self.time.pass_(minutes * 60)


async def test_a_register_that_was_a_year_ahead_for_a_minute_is_believed_again_after_ten() -> None:
    kiosk = Kiosk(register_ahead=YEAR)
    async with kiosk.running():
        kiosk.register_ahead = dt.timedelta()
        await kiosk.pass_(10.5)
        assert (kiosk.ahead() > 300 * 24 * HOUR, kiosk.trust()) == (True, TrustLevel.REGISTER_NEEDED)
        await kiosk.pass_(1)
    assert (kiosk.ahead(), kiosk.trust()) == (dt.timedelta(), TrustLevel.OK)


@pytest.mark.parametrize("own_ahead", [YEAR, -YEAR, 3 * MINUTE, -3 * MINUTE], ids=str)
async def test_an_own_clock_that_says_something_else_changes_nothing(own_ahead: dt.timedelta) -> None:
    kiosk = Kiosk(register_ahead=YEAR, own_ahead=own_ahead)
    async with kiosk.running():
        kiosk.register_ahead = dt.timedelta()
        await kiosk.pass_(24 * 60)
    assert kiosk.ahead() == YEAR - 24 * HOUR


async def test_an_own_clock_that_is_not_synchronised_changes_nothing() -> None:
    kiosk = Kiosk(register_ahead=YEAR)
    kiosk.time.trusted = False
    async with kiosk.running():
        kiosk.register_ahead = dt.timedelta()
        await kiosk.pass_(24 * 60)
        assert kiosk.ahead() == YEAR - 24 * HOUR
        kiosk.time.trusted = True
        await kiosk.pass_(12)
    assert kiosk.ahead() == dt.timedelta()


async def test_other_doors_uses_are_forgotten_by_two_clocks_that_agree_and_by_none_alone() -> None:
    kiosk = Kiosk(register_ahead=YEAR)
    async with kiosk.running():
        kiosk.own_ahead, kiosk.register_ahead = YEAR, dt.timedelta()
        await kiosk.pass_(1)
        kiosk.own_ahead, kiosk.time.trusted = dt.timedelta(), False
        await kiosk.pass_(1)
        kiosk.time.trusted = True
        await kiosk.pass_(1)
    assert kiosk.catalogue.forgotten_at == [NOON + 3 * MINUTE]


async def test_of_two_registers_that_do_not_agree_the_later_is_believed() -> None:
    kiosk = Kiosk(register_ahead=YEAR)
    async with kiosk.running():
        for _ in range(30):
            kiosk.register_ahead = dt.timedelta()
            await kiosk.pass_(9)
            kiosk.register_ahead = YEAR
            await kiosk.pass_(1)
    assert kiosk.ahead() == YEAR


async def test_a_later_time_that_came_by_the_news_in_between_begins_the_series_anew() -> None:
    kiosk = Kiosk(register_ahead=YEAR)
    async with kiosk.running():
        kiosk.register_ahead = dt.timedelta()
        for _ in range(30):
            await kiosk.pass_(9)
            assert kiosk.ahead() > YEAR - HOUR
            await kiosk.catalogue.heard(kiosk.time.now().utc + YEAR)


async def test_a_clock_of_the_kiosk_that_is_wrong_meanwhile_begins_the_series_anew() -> None:
    kiosk = Kiosk(register_ahead=YEAR)
    async with kiosk.running():
        kiosk.register_ahead = dt.timedelta()
        await kiosk.pass_(9)
        kiosk.own_ahead = HOUR
        await kiosk.pass_(1)
        kiosk.own_ahead = dt.timedelta()
        await kiosk.pass_(9)
        assert kiosk.ahead() > HOUR
        await kiosk.pass_(3)
    assert kiosk.ahead() == dt.timedelta()


async def test_a_register_ahead_by_minutes_is_caught_up_with() -> None:
    kiosk = Kiosk(register_ahead=8 * MINUTE)
    async with kiosk.running():
        newest = kiosk.catalogue.state.newest_register_time
        kiosk.register_ahead = dt.timedelta()
        for _ in range(7):
            await kiosk.pass_(1)
            assert kiosk.catalogue.state.newest_register_time == newest
        await kiosk.pass_(2)
    assert kiosk.ahead() == dt.timedelta()


def test_what_is_nearly_caught_up_with_is_waited_for() -> None:
    earlier, newest = EarlierTimes(), NOON + 12 * MINUTE
    at = [Moment(NOON + minutes * MINUTE, minutes * 60_000, "a-boot", trusted=True) for minutes in range(12)]
    assert not any(earlier.heard(each.utc, each, newest) for each in at)


def test_five_words_are_needed_however_long_they_take() -> None:
    earlier, newest = EarlierTimes(), NOON + YEAR
    at = [Moment(NOON + hours * HOUR, hours * 3_600_000, "a-boot", trusted=True) for hours in range(5)]
    assert [earlier.heard(each.utc, each, newest) for each in at] == [False, False, False, False, True]


def test_a_restart_of_the_machine_begins_the_series_anew() -> None:
    earlier, newest = EarlierTimes(), NOON + YEAR
    for hours in range(4):
        earlier.heard(
            NOON + hours * HOUR, Moment(NOON + hours * HOUR, hours * 3_600_000, "a-boot", trusted=True), newest
        )
    assert not earlier.heard(NOON + 5 * HOUR, Moment(NOON + 5 * HOUR, 90_000_000, "another", trusted=True), newest)


answers = st.tuples(
    st.sampled_from([dt.timedelta(), MINUTE, HOUR, YEAR, -YEAR]),  # the register is ahead
    st.sampled_from([dt.timedelta(), MINUTE, HOUR, -YEAR]),  # the kiosk is ahead
    st.booleans(),
    st.integers(0, 20),
)


@given(st.lists(answers, max_size=60))
def test_in_any_history_the_newest_time_goes_back_only_by_ten_minutes_of_both_clocks_word(
    history: list[tuple[dt.timedelta, dt.timedelta, bool, int]],
) -> None:
    earlier, true, newest = EarlierTimes(), NOON, NOON
    agreed_since: dt.datetime | None = None
    for register_ahead, own_ahead, trusted, minutes in history:
        true += minutes * MINUTE
        told, own = true + register_ahead, true + own_ahead
        newest = max(newest, told)
        agrees = trusted and abs(own - told) <= 2 * MINUTE
        agreed_since = (agreed_since or true) if agrees and told < newest else None
        moment = Moment(own, (true - NOON) // dt.timedelta(milliseconds=1), "a-boot", trusted)
        if earlier.heard(told, moment, newest):
            assert agreed_since is not None
            assert true - agreed_since >= 10 * MINUTE
            newest = told
