"""Every record until the register has it, and none holds up another."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime as dt
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract.messages import AnnulmentSent, RefusalSent, UseSent
from kiosk.cards.exchange import Fate, QueueDepth, Settlement
from kiosk.cards.model import Texts
from kiosk.errors import CursorGone, KeyRevoked, Later, RegisterError, Rejected, Unreachable
from kiosk.health import Health
from kiosk.sync.backoff import Backoff
from kiosk.sync.link import Link
from kiosk.sync.push import CULPRITS_PART, PART, Pusher
from kiosk.sync.wire import refusal_sent
from tests.edge.store.samples import a_refusal, a_use, an_annulment, an_id
from tests.support.fake_outbox import FakeOutbox
from tests.support.fake_server import FakeServer
from tests.support.memory_register import Sent
from tests.support.virtual_time import VirtualTime

NOON = dt.datetime(2026, 3, 14, 10, 0, tzinfo=dt.UTC)
HOUR_S = 3600.0
REVOKED = KeyRevoked("revoked")
NO_ANSWER = Unreachable("no answer in time")


@dataclass
class Kiosk:
    """A pusher with everything around it."""

    outbox: FakeOutbox = field(default_factory=FakeOutbox)
    server: FakeServer = field(default_factory=FakeServer)
    link: Link = field(default_factory=Link)
    time: VirtualTime = field(default_factory=lambda: VirtualTime(NOON))
    luck: float = 0.5
    depths: list[QueueDepth] = field(default_factory=list)
    sent: list[tuple[int, ...]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.health = Health(self.time)
        self.pusher = Pusher(
            outbox=self.outbox,
            server=self.server,
            link=self.link,
            health=self.health,
            clock=self.time,
            waiter=self.time,
            random=lambda: self.luck,
            backoff=Backoff(),
            on_change=self.depths.append,
            on_sending=lambda parcels: self.sent.append(tuple(each.sequence for each in parcels)),
        )

    def why(self) -> str:
        """Why the upload fails; empty while it does not."""
        return self.health.parts()[PART].why

    def stored(self) -> list[str]:
        return list(self.server.register.stored)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        task = asyncio.create_task(self.pusher.run())
        try:
            await self.time.pass_(0)
            yield
            if task.done():
                task.result()
        finally:
            task.cancel()
            await asyncio.wait({task})


async def test_a_recorded_use_is_sent_as_soon_as_the_pusher_is_poked() -> None:
    kiosk = Kiosk()
    async with kiosk.running():
        kiosk.outbox.add(a_use(1))
        kiosk.pusher.poke()
        await kiosk.time.pass_(0)
    assert (kiosk.stored(), kiosk.outbox.fates()) == ([an_id(1)], [Fate.DELIVERED])


async def test_a_use_that_nobody_poked_about_is_sent_within_a_minute() -> None:
    kiosk = Kiosk()
    async with kiosk.running():
        kiosk.outbox.add(a_use(1))
        await kiosk.time.pass_(60)
    assert kiosk.outbox.fates() == [Fate.DELIVERED]


async def test_nothing_is_sent_when_nothing_waits() -> None:
    kiosk = Kiosk()
    async with kiosk.running():
        await kiosk.time.pass_(HOUR_S)
    assert (kiosk.server.calls, kiosk.why()) == ([], "")


async def test_uses_go_before_annulments_and_refusals_last() -> None:
    use, late_use = a_use(1), a_use(2)
    kiosk = Kiosk(FakeOutbox([a_refusal(), an_annulment(use), use, late_use]))
    async with kiosk.running():
        pass
    assert kiosk.server.calls == [
        (UseSent, [an_id(1), an_id(2)]),
        (AnnulmentSent, [an_id(1001)]),
        (RefusalSent, [an_id(2001)]),
    ]
    assert kiosk.outbox.fates() == [Fate.DELIVERED] * 4


async def test_no_batch_is_larger_than_the_contract_allows_and_the_desk_goes_before_a_backlog() -> None:
    kiosk = Kiosk(FakeOutbox([a_use(number) for number in range(1, 1202)]))
    async with kiosk.running():
        assert [len(ids) for _, ids in kiosk.server.calls] == [500]
        await kiosk.time.pass_(1)
    assert [len(ids) for _, ids in kiosk.server.calls] == [500, 500, 201]
    assert set(kiosk.outbox.fates()) == {Fate.DELIVERED}


async def test_what_is_in_flight_is_told_until_its_answer_comes_or_will_not() -> None:
    kiosk = Kiosk(FakeOutbox([a_use(1), a_use(2), a_refusal()]))
    async with kiosk.running():
        pass
    assert kiosk.sent == [(1, 2), (), (3,), ()]
    kiosk = Kiosk(FakeOutbox([a_use(1)]))
    kiosk.server.before.append(NO_ANSWER)
    async with kiosk.running():
        pass
    assert kiosk.sent[:2] == [(1,), ()]


async def test_a_flagged_use_is_delivered_and_keeps_the_register_s_words() -> None:
    kiosk = Kiosk(FakeOutbox([a_use(1)]))
    kiosk.server.register.flagged.add(an_id(1))
    async with kiosk.running():
        pass
    words = Texts("Kortti on vanhentunut.", "Kortet har gått ut.", "The card has expired.")
    assert kiosk.outbox.entries[0].settlement == Settlement(an_id(1), Fate.FLAGGED, ("card-expired",), words)


async def test_a_flag_is_not_lost_with_the_first_answer() -> None:
    kiosk = Kiosk(FakeOutbox([a_use(1)]))
    kiosk.server.register.flagged.add(an_id(1))
    kiosk.server.after.append(NO_ANSWER)
    async with kiosk.running():
        await kiosk.time.pass_(60)
    assert (kiosk.server.register.arrivals, kiosk.outbox.fates()) == ([an_id(1)] * 2, [Fate.FLAGGED])


FAULTS: list[RegisterError] = [
    NO_ANSWER,
    Later("500"),
    Later("429", retry_after_s=20),
    CursorGone("an answer that makes no sense here"),
]


@pytest.mark.parametrize("fault", FAULTS, ids=repr)
@pytest.mark.parametrize("stored_before", [False, True], ids=["not stored", "stored, reply lost"])
async def test_after_a_fault_every_use_arrives_once_and_none_is_lost(fault: RegisterError, stored_before: bool) -> None:
    kiosk = Kiosk(FakeOutbox([a_use(number) for number in range(1, 8)]))
    (kiosk.server.after if stored_before else kiosk.server.before).extend([fault] * 6)
    async with kiosk.running():
        await kiosk.time.pass_(HOUR_S)
    assert sorted(kiosk.stored()) == [an_id(number) for number in range(1, 8)]
    assert (set(kiosk.outbox.fates()), kiosk.why()) == ({Fate.DELIVERED}, "")


async def test_a_fault_is_told_in_the_health_and_to_the_link_and_kept_with_the_record() -> None:
    kiosk = Kiosk(FakeOutbox([a_use(1)]))
    kiosk.server.rule = lambda _: NO_ANSWER
    kiosk.link.worked()
    kiosk.link.worked()
    async with kiosk.running():
        await kiosk.time.pass_(60)
    entry = kiosk.outbox.entries[0]
    assert (kiosk.why(), kiosk.link.online, entry.error) == ("no answer in time", False, "no answer in time")
    assert entry.attempts == len(kiosk.server.calls)


async def test_pauses_grow_and_a_busy_door_does_not_shorten_them() -> None:
    kiosk = Kiosk(FakeOutbox([a_use(1)]), luck=0.999)
    kiosk.server.rule = lambda _: NO_ANSWER
    async with kiosk.running():
        for number in range(2, 722):
            await kiosk.time.pass_(5)
            kiosk.outbox.add(a_use(number))
            kiosk.pusher.poke()
    # 1, 2, 4, … 256, 300, 300 … seconds apart: an hour holds about 20 tries, not 720.
    assert 10 <= len(kiosk.server.calls) <= 20
    assert set(kiosk.outbox.fates()) == {Fate.WAITING}


async def test_the_wish_to_be_asked_later_is_obeyed_also_when_someone_pokes_or_the_line_is_back() -> None:
    kiosk = Kiosk(FakeOutbox([a_use(1)]), luck=0.0)
    kiosk.server.before.append(Later("busy", retry_after_s=120))
    async with kiosk.running():
        await kiosk.time.pass_(60)
        kiosk.pusher.poke()
        kiosk.link.worked()
        kiosk.link.worked()
        await kiosk.time.pass_(59.9)
        assert len(kiosk.server.calls) == 1
        await kiosk.time.pass_(0.2)
    assert kiosk.outbox.fates() == [Fate.DELIVERED]


async def test_when_the_line_is_back_all_that_was_put_off_is_sent_at_once() -> None:
    kiosk = Kiosk(FakeOutbox([a_use(number) for number in range(1, 31)]), luck=0.999)
    kiosk.server.rule = lambda _: NO_ANSWER
    async with kiosk.running():
        await kiosk.time.pass_(10 * HOUR_S)
        kiosk.server.rule = lambda _: None
        kiosk.link.worked()
        kiosk.link.worked()
        await kiosk.time.pass_(0)
    assert set(kiosk.outbox.fates()) == {Fate.DELIVERED}


async def test_after_a_start_all_that_was_put_off_before_is_sent_at_once() -> None:
    kiosk = Kiosk(FakeOutbox([a_use(1)]))
    kiosk.outbox.entries[0].next_try_at = NOON + dt.timedelta(minutes=9)
    async with kiosk.running():
        pass
    assert kiosk.outbox.fates() == [Fate.DELIVERED]


async def test_a_kiosk_whose_clock_is_set_back_still_sends_what_was_put_off() -> None:
    kiosk = Kiosk(FakeOutbox([a_use(1)]))
    kiosk.server.before.append(NO_ANSWER)
    async with kiosk.running():
        kiosk.outbox.entries[0].next_try_at += dt.timedelta(days=400)
        await kiosk.time.pass_(120)
    assert kiosk.outbox.fates() == [Fate.DELIVERED]


@pytest.mark.parametrize("culprit", [1, 250, 500])
async def test_one_record_for_which_the_register_rejects_the_whole_batch_is_parked_alone(culprit: int) -> None:
    kiosk = Kiosk(FakeOutbox([a_use(number) for number in range(1, 501)]))
    fault = Rejected("malformed", ("fi", "sv", "en"))
    kiosk.server.rule = lambda items: fault if an_id(culprit) in {each.id for each in items} else None
    async with kiosk.running():
        pass
    parked = [entry.item.id for entry in kiosk.outbox.entries if entry.fate is Fate.PARKED]
    assert (parked, len(kiosk.stored())) == ([an_id(culprit)], 499)
    told = Settlement(an_id(culprit), Fate.PARKED, message=Texts("fi", "sv", "en"), error="malformed")
    assert kiosk.outbox.entries[culprit - 1].settlement == told
    assert len(kiosk.server.calls) <= 2 * 9 + 1


async def test_a_record_refused_by_itself_is_parked_alone() -> None:
    kiosk = Kiosk(FakeOutbox([a_use(1), a_use(2), a_use(3)]))
    kiosk.server.register.poisoned.add(an_id(2))
    async with kiosk.running():
        pass
    assert kiosk.outbox.fates() == [Fate.DELIVERED, Fate.PARKED, Fate.DELIVERED]


@pytest.mark.parametrize("fault", FAULTS, ids=repr)
async def test_a_record_that_makes_the_register_fail_each_time_stays_and_the_others_get_through(
    fault: RegisterError,
) -> None:
    kiosk = Kiosk(FakeOutbox([a_use(number) for number in range(1, 41)]))
    kiosk.server.rule = lambda items: fault if an_id(1) in {each.id for each in items} else None
    async with kiosk.running():
        await kiosk.time.pass_(HOUR_S)
        kiosk.outbox.add(a_use(41))
        kiosk.pusher.poke()
        await kiosk.time.pass_(HOUR_S)
    assert kiosk.outbox.fates() == [Fate.WAITING, *[Fate.DELIVERED] * 40]


@pytest.mark.parametrize("fault", FAULTS, ids=repr)
@pytest.mark.parametrize("culprit", [1, 250, 500])
async def test_a_record_that_makes_the_register_fail_comes_to_stand_alone_within_two_minutes(
    fault: RegisterError, culprit: int
) -> None:
    kiosk = Kiosk(FakeOutbox([a_use(number) for number in range(1, 501)]))
    kiosk.server.rule = lambda items: fault if an_id(culprit) in {each.id for each in items} else None
    wish_s = (fault.retry_after_s or 0.0) if isinstance(fault, Later) else 0.0
    async with kiosk.running():
        await kiosk.time.pass_(120 + 10 * wish_s)
    assert [entry.item.id for entry in kiosk.outbox.entries if entry.fate is Fate.WAITING] == [an_id(culprit)]
    assert (UseSent, [an_id(culprit)]) in kiosk.server.calls
    assert kiosk.outbox.entries[culprit - 1].error == str(fault)


async def test_many_such_records_are_tried_ever_more_seldom_also_where_all_else_goes_well() -> None:
    kiosk = Kiosk(FakeOutbox([a_use(number) for number in range(1, 501)]))
    culprits = {an_id(number) for number in range(7, 500, 70)}
    kiosk.server.rule = lambda items: Later("500") if culprits & {each.id for each in items} else None
    async with kiosk.running():
        await with_news(kiosk, HOUR_S)
        searched, turns = len(kiosk.server.calls), list[bool]()
        kiosk.link.observe(turns.append)
        await with_news(kiosk, HOUR_S)
    assert kiosk.outbox.fates().count(Fate.WAITING) == len(culprits)
    assert turns == []
    # Each of the eight has its own pause of up to 300 s by then; half of it on this kiosk.
    assert len(kiosk.server.calls) - searched <= 8 * 3600 / 150 + 8


def with_a_known_culprit() -> Kiosk:
    """A kiosk of which one record has made the register fail alone while another got through; the longest pauses."""
    kiosk = Kiosk(FakeOutbox([a_use(1), a_use(2)]), luck=0.999)
    kiosk.server.rule = lambda items: Later("500") if an_id(1) in {each.id for each in items} else None
    return kiosk


def is_back(kiosk: Kiosk) -> None:
    """The line is good again, by every result that counts."""
    for _ in range(5):
        kiosk.link.worked()


async def test_a_record_that_is_known_to_make_the_register_fail_does_not_count_for_the_link() -> None:
    kiosk = with_a_known_culprit()
    async with kiosk.running():
        await kiosk.time.pass_(120)
        assert kiosk.outbox.fates() == [Fate.WAITING, Fate.DELIVERED]
        is_back(kiosk)
        turns, tries = list[bool](), len(kiosk.server.calls)
        kiosk.link.observe(turns.append)
        await kiosk.time.pass_(10 * HOUR_S)
    assert len(kiosk.server.calls) - tries > 10, "it was tried all the while"
    assert turns == []


async def test_a_record_that_is_known_to_make_the_register_fail_holds_up_no_other_for_a_moment() -> None:
    kiosk = with_a_known_culprit()
    async with kiosk.running():
        await kiosk.time.pass_(120)
        for number in (3, 4, 5):
            tries = len(kiosk.server.calls)
            while len(kiosk.server.calls) == tries:
                await kiosk.time.pass_(0.5)
            kiosk.outbox.add(a_use(number))
            kiosk.pusher.poke()
            await kiosk.time.pass_(0)
            assert kiosk.outbox.fates()[-1] is Fate.DELIVERED


async def test_when_the_line_is_back_a_record_that_is_known_to_make_the_register_fail_keeps_its_pause() -> None:
    kiosk = with_a_known_culprit()
    async with kiosk.running():
        await kiosk.time.pass_(HOUR_S)
        tries = len(kiosk.server.calls)
        while len(kiosk.server.calls) == tries:
            await kiosk.time.pass_(1)
        for _ in range(5):
            kiosk.link.failed()
        assert not kiosk.link.online
        is_back(kiosk)
        await kiosk.time.pass_(60)
    assert len(kiosk.server.calls) == tries + 1


async def test_a_record_that_fails_alone_while_others_get_through_is_blamed_and_said_until_it_is_taken() -> None:
    kiosk = with_a_known_culprit()
    async with kiosk.running():
        await kiosk.time.pass_(120)
        first = kiosk.outbox.entries[0]
        assert (first.blamed_since is not None, first.times_blamed, kiosk.depths[-1].blamed) == (True, 1, 1)
        assert "`kiosk queue list`" in kiosk.health.parts()[CULPRITS_PART].why
        assert kiosk.why() == ""
        kiosk.server.rule = lambda _: None
        await kiosk.time.pass_(HOUR_S)
    assert (kiosk.outbox.fates(), kiosk.depths[-1].blamed) == ([Fate.DELIVERED] * 2, 0)
    assert kiosk.health.parts()[CULPRITS_PART].ok


async def test_a_line_that_fails_blames_no_record() -> None:
    kiosk = Kiosk(FakeOutbox([a_use(number) for number in range(1, 4)]))
    kiosk.server.rule = lambda _: NO_ANSWER
    async with kiosk.running():
        await kiosk.time.pass_(HOUR_S)
        kiosk.server.rule = lambda items: NO_ANSWER if an_id(1) in {each.id for each in items} else None
        is_back(kiosk)
        await kiosk.time.pass_(0)
        blamed_at_once = [entry.times_blamed for entry in kiosk.outbox.entries]
    assert blamed_at_once == [0, 0, 0]


async def test_a_known_culprit_is_blamed_again_only_when_another_got_through() -> None:
    kiosk = with_a_known_culprit()
    async with kiosk.running():
        await kiosk.time.pass_(120)
        is_back(kiosk)
        kiosk.server.rule = lambda _: NO_ANSWER
        await kiosk.time.pass_(48 * HOUR_S)
        assert kiosk.outbox.entries[0].times_blamed == 1
        kiosk.server.rule = lambda items: Later("500") if an_id(1) in {each.id for each in items} else None
        await kiosk.time.pass_(HOUR_S)
        for number in (3, 4):
            kiosk.outbox.add(a_use(number))
            kiosk.pusher.poke()
            await kiosk.time.pass_(0)
    assert [entry.times_blamed for entry in kiosk.outbox.entries] == [2, 0, 0, 0]


async def test_what_failed_while_the_line_was_down_blames_no_known_culprit_again() -> None:
    kiosk = with_a_known_culprit()
    async with kiosk.running():
        await kiosk.time.pass_(120)
        is_back(kiosk)
        kiosk.server.rule = lambda _: NO_ANSWER
        await kiosk.time.pass_(HOUR_S)
        for _ in range(5):
            kiosk.link.failed()
        is_back(kiosk)
        kiosk.server.rule = lambda items: Later("500") if an_id(1) in {each.id for each in items} else None
        kiosk.outbox.add(a_use(3))
        kiosk.pusher.poke()
        await kiosk.time.pass_(0)
    assert [entry.times_blamed for entry in kiosk.outbox.entries] == [1, 0, 0]


async def test_after_a_day_of_tries_a_culprit_is_parked_and_tried_no_more() -> None:
    kiosk = with_a_known_culprit()
    async with kiosk.running():
        for number in range(3, 30):
            await kiosk.time.pass_(HOUR_S)
            kiosk.outbox.add(a_use(number))
            kiosk.pusher.poke()
        await kiosk.time.pass_(HOUR_S)
        assert kiosk.outbox.fates() == [Fate.PARKED, *[Fate.DELIVERED] * 28]
        assert kiosk.outbox.entries[0].error == "500"
        tries = len(kiosk.server.calls)
        await kiosk.time.pass_(24 * HOUR_S)
    assert len(kiosk.server.calls) == tries


async def test_a_record_that_the_register_leaves_out_is_blamed_as_the_others_got_through() -> None:
    kiosk = Kiosk(FakeOutbox([a_use(1), a_use(2)]))
    kiosk.server.spoil = lambda answers: tuple(each for each in answers if each.item_id != an_id(2))
    async with kiosk.running():
        pass
    assert [entry.times_blamed for entry in kiosk.outbox.entries] == [0, 1]


async def test_a_record_that_is_never_answered_is_parked_in_the_end_as_one_that_fails_is() -> None:
    kiosk = Kiosk(FakeOutbox([a_use(1), a_use(2)]))
    kiosk.server.spoil = lambda answers: tuple(each for each in answers if each.item_id != an_id(1))
    async with kiosk.running():
        for number in range(3, 30):
            await kiosk.time.pass_(HOUR_S)
            kiosk.outbox.add(a_use(number))
            kiosk.pusher.poke()
        await kiosk.time.pass_(HOUR_S)
    assert kiosk.outbox.fates() == [Fate.PARKED, *[Fate.DELIVERED] * 28]


async def test_a_register_that_leaves_all_out_blames_nobody() -> None:
    kiosk = Kiosk(FakeOutbox([a_use(1), a_use(2)]))
    kiosk.server.spoil = lambda _: ()
    async with kiosk.running():
        await kiosk.time.pass_(HOUR_S)
    assert [entry.times_blamed for entry in kiosk.outbox.entries] == [0, 0]


async def test_a_wish_to_be_asked_later_is_meant_for_all_also_in_the_answer_to_a_known_culprit() -> None:
    kiosk = with_a_known_culprit()
    async with kiosk.running():
        await kiosk.time.pass_(120)
        kiosk.server.rule = lambda _: Later("429", retry_after_s=600)
        tries = len(kiosk.server.calls)
        while len(kiosk.server.calls) == tries:
            await kiosk.time.pass_(1)
        kiosk.server.rule = lambda _: None
        kiosk.outbox.add(a_use(3))
        kiosk.pusher.poke()
        await kiosk.time.pass_(598)
        assert len(kiosk.server.calls) == tries + 1
        await kiosk.time.pass_(HOUR_S)
    assert kiosk.outbox.fates() == [Fate.DELIVERED] * 3


async def with_news(kiosk: Kiosk, seconds: float) -> None:
    """The register answers all the while who asks for news: at once when the line was down, else each half minute."""
    for part in range(round(seconds / 3)):
        if part % 10 == 0 or not kiosk.link.online:
            kiosk.link.worked()
        await kiosk.time.pass_(3)


async def test_a_half_that_failed_is_read_again_before_it_is_sent() -> None:
    kiosk = Kiosk(FakeOutbox([a_use(1), a_use(2)]))
    kiosk.server.before.append(NO_ANSWER)
    async with kiosk.running():
        kiosk.outbox.entries[0].fate = Fate.PARKED
        await kiosk.time.pass_(60)
    assert [ids for _, ids in kiosk.server.calls] == [[an_id(1), an_id(2)], [an_id(2)]]


async def test_a_time_that_is_put_right_while_the_uses_are_under_way_is_sent_with_the_refusals() -> None:
    refusal = a_refusal()
    stamp = dataclasses.replace(refusal.refused, at=NOON + dt.timedelta(hours=2), uncorrected_at=refusal.refused.at)
    true = dataclasses.replace(refusal, refused=stamp)
    kiosk = Kiosk(FakeOutbox([a_use(1), refusal]))
    sent: list[object] = []

    def meanwhile(items: Sequence[Sent]) -> None:
        kiosk.outbox.entries[1].item = true
        sent.extend(item for item in items if isinstance(item, RefusalSent))

    kiosk.server.rule = meanwhile
    async with kiosk.running():
        pass
    assert sent == [refusal_sent(true)]


@pytest.mark.parametrize("step", [dt.timedelta(hours=-1), dt.timedelta(minutes=-10), dt.timedelta(days=365)], ids=str)
async def test_a_clock_that_is_set_does_not_change_how_long_a_record_waits(step: dt.timedelta) -> None:
    kiosk = Kiosk(FakeOutbox([a_use(1)]), luck=0.0)
    kiosk.server.before.append(Later("busy", retry_after_s=600))
    async with kiosk.running():
        kiosk.time.start += step
        await kiosk.time.pass_(599)
        assert len(kiosk.server.calls) == 1
        await kiosk.time.pass_(61)
    assert kiosk.outbox.fates() == [Fate.DELIVERED]


async def test_an_answer_that_leaves_a_record_out_leaves_it_in_the_queue_and_it_is_sent_again() -> None:
    kiosk = Kiosk(FakeOutbox([a_use(1), a_use(2), a_use(3)]))
    kiosk.server.spoil = lambda answers: tuple(each for each in answers if each.item_id != an_id(2))
    async with kiosk.running():
        await kiosk.time.pass_(1)
        assert kiosk.outbox.fates() == [Fate.DELIVERED, Fate.WAITING, Fate.DELIVERED]
        assert kiosk.why() != ""
        tries = len(kiosk.server.calls)
        assert tries < 10
        kiosk.server.spoil = lambda answers: answers
        await kiosk.time.pass_(300)
    assert (set(kiosk.outbox.fates()), kiosk.why()) == ({Fate.DELIVERED}, "")


async def test_a_revoked_kiosk_sends_nothing_more_keeps_everything_and_says_so() -> None:
    kiosk = Kiosk(FakeOutbox([a_use(1), an_annulment(a_use(1))]))
    kiosk.server.rule = lambda _: REVOKED
    async with kiosk.running():
        await kiosk.time.pass_(HOUR_S)
        kiosk.outbox.add(a_use(2))
        kiosk.pusher.poke()
        await kiosk.time.pass_(100 * HOUR_S)
    assert (len(kiosk.server.calls), kiosk.outbox.fates()) == (1, [Fate.WAITING] * 3)
    assert "revoked" in kiosk.why()
    assert kiosk.depths[-1].waiting == 3


async def test_a_full_disk_stops_the_sending_until_there_is_room_and_loses_nothing() -> None:
    kiosk = Kiosk(FakeOutbox([a_use(1)]))
    kiosk.outbox.broken = True
    async with kiosk.running():
        for _ in range(600):
            await kiosk.time.pass_(1)
            kiosk.pusher.poke()
        assert kiosk.why() == "The disk is full."
        assert kiosk.server.calls == []
        kiosk.outbox.broken = False
        await kiosk.time.pass_(300)
    assert (kiosk.outbox.fates(), kiosk.why()) == ([Fate.DELIVERED], "")


async def test_a_busy_door_does_not_make_a_short_fault_of_the_disk_a_long_one() -> None:
    kiosk = Kiosk(FakeOutbox([a_use(1)]))
    kiosk.outbox.broken = True
    async with kiosk.running():
        for _ in range(30):
            await kiosk.time.pass_(0.1)
            kiosk.pusher.poke()
        kiosk.outbox.broken = False
        await kiosk.time.pass_(4)
    assert kiosk.outbox.fates() == [Fate.DELIVERED]


async def test_an_answer_that_cannot_be_written_down_is_asked_for_again() -> None:
    kiosk = Kiosk(FakeOutbox([a_use(1)]))

    def fill_disk(items: object) -> None:
        kiosk.outbox.broken = len(kiosk.server.calls) == 1

    kiosk.server.rule = fill_disk
    async with kiosk.running():
        kiosk.outbox.broken = False
        await kiosk.time.pass_(300)
    assert (kiosk.server.register.arrivals, kiosk.outbox.fates()) == ([an_id(1)] * 2, [Fate.DELIVERED])


async def test_each_change_of_the_queue_is_told_once() -> None:
    kiosk = Kiosk()
    async with kiosk.running():
        kiosk.outbox.add(a_use(1))
        kiosk.pusher.poke()
        await kiosk.time.pass_(600)
    assert [(depth.waiting, depth.delivered) for depth in kiosk.depths] == [(0, 0), (1, 0), (0, 1)]


async def test_a_mistake_in_the_program_is_not_hidden() -> None:
    kiosk = Kiosk(FakeOutbox([a_use(1)]))

    def stumble(items: object) -> None:
        raise ZeroDivisionError

    kiosk.server.rule = stumble
    with pytest.raises(ZeroDivisionError):
        async with kiosk.running():
            pass


@settings(max_examples=60)
@given(
    seed=st.integers(0, 2**32),
    count=st.integers(1, 25),
    badness=st.floats(0, 0.7),
    poisoned=st.sets(st.integers(1, 25), max_size=3),
)
def test_on_any_line_each_record_ends_at_the_register_exactly_once_or_parked(
    seed: int, count: int, badness: float, poisoned: set[int]
) -> None:
    chance = random.Random(seed)
    kiosk = Kiosk()
    kiosk.server.register.poisoned |= {an_id(number) for number in poisoned}

    def fault(_: object) -> RegisterError | None:
        return chance.choice(FAULTS) if chance.random() < badness else None

    async def evening() -> None:
        kiosk.server.rule = fault
        kiosk.server.after.extend(fault(None) for _ in range(200))
        async with kiosk.running():
            for number in range(1, count + 1):
                kiosk.outbox.add(a_use(number))
                kiosk.pusher.poke()
                await kiosk.time.pass_(chance.random() * 30)
            kiosk.server.rule = lambda _: None
            kiosk.server.after.clear()
            await kiosk.time.pass_(2 * HOUR_S)

    asyncio.run(evening())
    expected = [Fate.PARKED if number in poisoned else Fate.DELIVERED for number in range(1, count + 1)]
    assert kiosk.outbox.fates() == expected
    assert sorted(kiosk.stored()) == [an_id(number) for number in range(1, count + 1) if number not in poisoned]


async def test_the_same_record_is_told_in_the_same_words_again() -> None:
    use = a_use(1)
    kiosk = Kiosk(FakeOutbox([dataclasses.replace(use)]))
    kiosk.server.after.extend([NO_ANSWER] * 3)
    async with kiosk.running():
        await kiosk.time.pass_(60)
    assert (len(kiosk.server.register.arrivals), kiosk.outbox.fates()) == (4, [Fate.DELIVERED])
