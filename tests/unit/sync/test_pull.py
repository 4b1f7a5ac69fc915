"""The whole list at first, then every change as it happens."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest

from kiosk.cards.exchange import FeedState
from kiosk.cards.model import Card
from kiosk.cards.news import AnnulmentElsewhere, News, RemovedCard
from kiosk.errors import CursorGone, KeyRevoked, Later, RegisterError, Rejected, Unreachable
from kiosk.health import Health
from kiosk.sync import snapshot
from kiosk.sync.backoff import Backoff
from kiosk.sync.link import Link
from kiosk.sync.pages import Unread
from kiosk.sync.pull import PART, UNREAD_PART, Puller
from kiosk.sync.wire import unverifiable
from tests.edge.store.samples import a_card, a_key, a_profile, an_event, listed
from tests.support.fake_catalogue import FakeCatalogue
from tests.support.fake_feed import FakeFeed
from tests.support.virtual_time import VirtualTime

NOON = dt.datetime(2026, 3, 14, 10, 0, tzinfo=dt.UTC)
HOUR_S = 3600.0
PROFILE = a_profile()
NEW_SALT = a_profile(salt=b"national salt 02")
NO_ANSWER = Unreachable("no answer in time")


def at(seconds: float) -> dt.datetime:
    return NOON + dt.timedelta(seconds=seconds)


class Kiosk:
    """A puller with everything around it."""

    def __init__(self, catalogue: FakeCatalogue | None = None) -> None:
        self.time = VirtualTime(NOON)
        self.catalogue = catalogue or FakeCatalogue()
        self.feed = FakeFeed(self.time, PROFILE)
        self.feed.first_lines = [PROFILE, an_event()]
        self.feed.cards = [listed(number) for number in range(1, 6)]
        self.link = Link()
        self.health = Health(self.time)
        self.heard_news = 0
        self.taken_back: list[frozenset[str]] = []
        self.puller = Puller(
            catalogue=self.catalogue,
            server=self.feed,
            link=self.link,
            health=self.health,
            clock=self.time,
            waiter=self.time,
            random=lambda: 0.5,
            backoff=Backoff(),
            on_news=self._hear,
            on_annulled=self.taken_back.append,
        )

    def _hear(self) -> None:
        self.heard_news += 1

    def why(self, part: str = PART) -> str:
        return self.health.parts()[part].why

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        task = asyncio.create_task(self.puller.run())
        try:
            await self.time.pass_(0)
            yield
            if task.done():
                task.result()
        finally:
            task.cancel()
            await asyncio.wait({task})


def cards(*numbers: int) -> dict[str, Card]:
    return {a_key(number): a_card() for number in numbers}


async def test_at_first_the_profile_and_the_whole_list_are_taken_and_then_the_news_is_followed() -> None:
    kiosk = Kiosk()
    async with kiosk.running():
        pass
    assert kiosk.feed.asked == ["profile", "snapshot after None", "changes since 0 for 25 s"]
    assert (kiosk.catalogue.cards, kiosk.catalogue.other_news) == (cards(1, 2, 3, 4, 5), [an_event()])
    assert kiosk.catalogue.profile == PROFILE
    assert (kiosk.why(), kiosk.link.online, kiosk.heard_news > 0) == ("", True, True)


async def test_with_a_list_only_the_profile_and_the_news_since_are_asked_for() -> None:
    kiosk = Kiosk()
    kiosk.catalogue.cards, kiosk.catalogue.state = {}, FeedState("0", NOON, NOON)
    kiosk.feed.tell(listed(7))
    async with kiosk.running():
        pass
    assert kiosk.feed.asked[:2] == ["profile", "changes since 0 for 0 s"]
    assert kiosk.catalogue.cards == cards(7)


async def test_news_is_applied_in_its_order_as_soon_as_it_comes() -> None:
    kiosk = Kiosk()
    async with kiosk.running():
        before = kiosk.heard_news
        kiosk.feed.tell(listed(9), RemovedCard(a_key(1)), RemovedCard(a_key(9)), listed(8))
        await kiosk.time.pass_(25)
    assert kiosk.catalogue.cards == cards(2, 3, 4, 5, 8)
    assert (kiosk.catalogue.state.cursor, kiosk.heard_news > before) == ("4", True)


async def test_an_empty_answer_confirms_that_the_list_is_fresh() -> None:
    kiosk = Kiosk()
    async with kiosk.running():
        await kiosk.time.pass_(100)
    assert kiosk.catalogue.state == FeedState("0", at(100), at(100))


async def test_a_list_with_more_news_to_come_is_not_called_fresh() -> None:
    kiosk = Kiosk()
    kiosk.catalogue.cards, kiosk.catalogue.state = {}, FeedState("0", at(-HOUR_S), at(-HOUR_S))
    kiosk.feed.tell(*[listed(number) for number in range(1, 7)])
    kiosk.feed.faults.extend([None, None, NO_ANSWER])
    async with kiosk.running():
        assert kiosk.catalogue.state == FeedState("3", at(-HOUR_S), NOON)
        await kiosk.time.pass_(1)
    assert (kiosk.catalogue.state.cursor, kiosk.catalogue.state.list_synced_at) == ("6", at(0.5))


async def test_a_cut_list_is_gone_on_with_after_the_last_card_that_came() -> None:
    kiosk = Kiosk()
    kiosk.feed.cut_after.extend([4, 1])
    async with kiosk.running():
        kiosk.feed.tell(listed(1, children=9))
        await kiosk.time.pass_(10)
    assert [each for each in kiosk.feed.asked if "snapshot" in each] == [
        "snapshot after None",
        f"snapshot after {a_key(2)}",
        f"snapshot after {a_key(3)}",
    ]
    # What changed while the list was taken in pieces is not lost: the feed goes on from before the first.
    assert kiosk.catalogue.cards == {**cards(2, 3, 4, 5), a_key(1): a_card(children=9)}


async def test_a_list_that_is_cut_before_its_first_card_is_tried_ever_more_seldom_and_the_reason_is_said() -> None:
    kiosk = Kiosk()
    kiosk.feed.cut_after.extend([1] * 1000)
    async with kiosk.running():
        for _ in range(12):
            await kiosk.time.pass_(HOUR_S / 12)
            for result in (False, False, False, True, True):  # the others find the line bad and good again
                (kiosk.link.worked if result else kiosk.link.failed)()
        assert "before its first card" in kiosk.why()
        tries = [each for each in kiosk.feed.asked if "snapshot" in each]
        # 1, 2, 4, … 256, 300, 300 … seconds at most, half of it on this kiosk.
        assert 10 <= len(tries) <= 32
        kiosk.feed.cut_after.clear()
        await kiosk.time.pass_(300)
    assert (kiosk.catalogue.cards, kiosk.why()) == (cards(1, 2, 3, 4, 5), "")


async def test_a_list_that_is_cut_before_its_next_card_is_not_said_to_be_taken_in_vain() -> None:
    kiosk = Kiosk()
    kiosk.feed.cut_after.extend([4, 0])
    async with kiosk.running():
        assert kiosk.why() == "the register's card list broke off"
        await kiosk.time.pass_(1)
        assert kiosk.why() == "the register's card list broke off"
        await kiosk.time.pass_(10)
    assert kiosk.catalogue.cards == cards(1, 2, 3, 4, 5)


async def test_nobody_looks_cards_up_in_half_a_list() -> None:
    kiosk = Kiosk()
    kiosk.catalogue.cards, kiosk.catalogue.state = {a_key(8): a_card()}, FeedState("0", NOON, NOON)
    kiosk.feed.tell(listed(9))
    kiosk.feed.oldest_cursor = 1
    kiosk.feed.cut_after.append(4)
    async with kiosk.running():
        assert kiosk.catalogue.cards == cards(8)
        await kiosk.time.pass_(10)
    assert kiosk.catalogue.cards == cards(1, 2, 3, 4, 5, 9)


async def test_a_list_that_was_begun_before_a_restart_is_finished_although_there_is_an_old_one() -> None:
    kiosk = Kiosk()
    kiosk.catalogue.cards, kiosk.catalogue.state = {a_key(8): a_card()}, FeedState("0", NOON, NOON)
    await kiosk.catalogue.start_list("0")
    await kiosk.catalogue.extend_list([listed(1), listed(2)])
    async with kiosk.running():
        pass
    assert kiosk.feed.asked[:2] == ["profile", f"snapshot after {a_key(2)}"]
    assert kiosk.catalogue.cards == cards(1, 2, 3, 4, 5)


async def test_a_list_that_came_in_pieces_is_called_fresh_only_when_the_news_since_its_first_has_come() -> None:
    kiosk = Kiosk()
    old = FeedState("0", at(-HOUR_S), at(-HOUR_S))
    kiosk.catalogue.cards, kiosk.catalogue.state = {a_key(8): a_card()}, old
    await kiosk.catalogue.start_list("0")
    await kiosk.catalogue.extend_list([listed(1), listed(2)])
    kiosk.feed.faults.extend([None, None, NO_ANSWER])
    async with kiosk.running():
        assert kiosk.catalogue.cards == cards(1, 2, 3, 4, 5)
        assert kiosk.catalogue.state.list_synced_at == old.list_synced_at
        await kiosk.time.pass_(10)
        assert kiosk.catalogue.state.list_synced_at is not None
        assert kiosk.catalogue.state.list_synced_at >= NOON
    assert [each for each in kiosk.feed.asked if "changes" in each][:3] == [
        "changes since 0 for 0 s",
        "changes since 0 for 0 s",
        "changes since 0 for 25 s",
    ]


class MeasuringCatalogue(FakeCatalogue):
    """Remembers how much came at once."""

    def __init__(self) -> None:
        super().__init__()
        self.sizes: list[int] = []

    async def extend_list(self, news: Sequence[News]) -> None:
        self.sizes.append(len(news))
        await super().extend_list(news)


async def test_a_long_list_is_put_down_in_parts_and_none_is_too_long() -> None:
    catalogue = MeasuringCatalogue()
    kiosk = Kiosk(catalogue)
    count = 2 * snapshot.CHUNK + 7
    kiosk.feed.cards = [listed(number) for number in range(count)]
    async with kiosk.running():
        pass
    assert catalogue.sizes == [snapshot.CHUNK, snapshot.CHUNK, 9]
    assert len(catalogue.cards or {}) == count


async def test_when_the_cursor_is_gone_a_new_list_is_taken() -> None:
    kiosk = Kiosk()
    kiosk.catalogue.cards, kiosk.catalogue.state = {}, FeedState("3", NOON, NOON)
    kiosk.feed.oldest_cursor = 5
    kiosk.feed.tell(*[RemovedCard(a_key(77))] * 5)
    async with kiosk.running():
        pass
    assert kiosk.feed.asked[:3] == ["profile", "changes since 3 for 0 s", "snapshot after None"]
    assert (kiosk.catalogue.cards, kiosk.catalogue.state.cursor) == (cards(1, 2, 3, 4, 5), "5")


async def test_a_register_whose_cursors_are_always_gone_is_not_run_into_the_ground() -> None:
    kiosk = Kiosk()
    kiosk.feed.oldest_cursor = 10**6
    async with kiosk.running():
        await kiosk.time.pass_(HOUR_S)
    assert len(kiosk.feed.asked) < 3 * HOUR_S / 100


async def test_new_lookup_parameters_in_the_news_mean_a_new_list() -> None:
    kiosk = Kiosk()
    async with kiosk.running():
        kiosk.feed.tell(NEW_SALT)
        kiosk.feed.first_lines = [NEW_SALT]
        kiosk.feed.cards = [listed(6)]
        await kiosk.time.pass_(25)
    assert (kiosk.catalogue.cards, kiosk.catalogue.profile) == (cards(6), NEW_SALT)


async def test_new_lookup_parameters_in_the_profile_at_the_start_mean_a_new_list() -> None:
    kiosk = Kiosk()
    kiosk.catalogue.profile = NEW_SALT
    kiosk.catalogue.cards, kiosk.catalogue.state = {}, FeedState("0", NOON, NOON)
    async with kiosk.running():
        pass
    assert kiosk.feed.asked[:2] == ["profile", "snapshot after None"]


async def test_new_lookup_parameters_in_the_middle_of_a_list_mean_to_begin_anew() -> None:
    kiosk = Kiosk()
    kiosk.feed.cut_after.append(6)
    kiosk.feed.cards[3:3] = [NEW_SALT]
    async with kiosk.running():
        kiosk.feed.first_lines = [NEW_SALT]
        kiosk.feed.cards = [listed(6)]
        await kiosk.time.pass_(10)
    assert (kiosk.catalogue.cards, kiosk.why()) == (cards(6), "")


FAULTS: list[RegisterError] = [NO_ANSWER, Later("503"), Rejected("400")]


@pytest.mark.parametrize("fault", FAULTS, ids=repr)
@pytest.mark.parametrize("call", [0, 1, 2], ids=["profile", "snapshot", "changes"])
async def test_after_a_fault_the_news_goes_on(fault: RegisterError, call: int) -> None:
    kiosk = Kiosk()
    kiosk.feed.faults.extend([*[None] * call, fault, fault])
    async with kiosk.running():
        assert kiosk.why() == str(fault)
        kiosk.feed.tell(listed(6))
        await kiosk.time.pass_(60)
    assert (kiosk.catalogue.cards, kiosk.why()) == (cards(1, 2, 3, 4, 5, 6), "")


async def test_pauses_grow_and_end_when_the_line_is_back() -> None:
    kiosk = Kiosk()
    kiosk.feed.fault = NO_ANSWER
    async with kiosk.running():
        await kiosk.time.pass_(HOUR_S)
        assert 10 < len(kiosk.feed.asked) < 40
        kiosk.feed.fault = None
        kiosk.link.worked()
        kiosk.link.worked()
        await kiosk.time.pass_(0)
    assert kiosk.catalogue.cards == cards(1, 2, 3, 4, 5)


async def test_the_wish_to_be_asked_later_is_obeyed() -> None:
    kiosk = Kiosk()
    kiosk.feed.faults.append(Later("busy", retry_after_s=120))
    async with kiosk.running():
        await kiosk.time.pass_(60)
        kiosk.link.worked()
        kiosk.link.worked()
        await kiosk.time.pass_(59.9)
        assert kiosk.feed.asked == ["profile"]
        await kiosk.time.pass_(1)
    assert kiosk.catalogue.cards == cards(1, 2, 3, 4, 5)


async def test_a_register_that_answers_nothing_new_at_once_is_asked_once_a_second() -> None:
    kiosk = Kiosk()
    kiosk.feed.hurried = True
    async with kiosk.running():
        await kiosk.time.pass_(60)
    assert len(kiosk.feed.asked) == 2 + 61


async def test_after_a_cut_line_the_first_question_does_not_wait_for_news() -> None:
    kiosk = Kiosk()
    async with kiosk.running():
        kiosk.feed.fault = NO_ANSWER
        await kiosk.time.pass_(HOUR_S)
        assert not kiosk.link.online
        kiosk.feed.fault = None
        kiosk.feed.asked.clear()
        await kiosk.time.pass_(320)
    assert kiosk.feed.asked[:3] == [
        "changes since 0 for 0 s",
        "changes since 0 for 0 s",
        "changes since 0 for 25 s",
    ]
    assert kiosk.link.online


async def test_with_a_revoked_key_nothing_is_asked_any_more() -> None:
    kiosk = Kiosk()
    kiosk.feed.fault = KeyRevoked("revoked")
    async with kiosk.running():
        await kiosk.time.pass_(100 * HOUR_S)
    assert (kiosk.feed.asked, "revoked" in kiosk.why()) == (["profile"], True)


async def test_a_full_disk_is_said_and_the_news_goes_on_when_there_is_room() -> None:
    kiosk = Kiosk()
    kiosk.catalogue.broken = True
    async with kiosk.running():
        await kiosk.time.pass_(60)
        assert kiosk.why() == "The disk is full."
        kiosk.catalogue.broken = False
        await kiosk.time.pass_(300)
    assert (kiosk.catalogue.cards, kiosk.why()) == (cards(1, 2, 3, 4, 5), "")


async def test_news_from_a_newer_register_is_left_out_and_said_and_the_rest_is_used() -> None:
    kiosk = Kiosk()
    kiosk.feed.first_lines = [PROFILE, Unread("event")]
    async with kiosk.running():
        kiosk.feed.tell(Unread("another kind of news"), listed(6))
        await kiosk.time.pass_(25)
    assert (kiosk.catalogue.cards, kiosk.why()) == (cards(1, 2, 3, 4, 5, 6), "")
    assert "update" in kiosk.why(UNREAD_PART)


async def test_a_card_in_an_unknown_state_is_put_on_the_list_as_one_to_ask_about() -> None:
    kiosk = Kiosk()
    stand_in = unverifiable(a_key(3), "kainuu")
    kiosk.feed.cards[2] = Unread("card", stand_in=stand_in)
    async with kiosk.running():
        pass
    assert kiosk.catalogue.cards == {**cards(1, 2, 4, 5), a_key(3): stand_in.card}


async def test_a_profile_that_cannot_be_read_does_not_stop_the_news() -> None:
    kiosk = Kiosk()
    kiosk.feed.profile_told = None
    async with kiosk.running():
        pass
    assert (kiosk.catalogue.cards, kiosk.why()) == (cards(1, 2, 3, 4, 5), "")
    assert "update" in kiosk.why(UNREAD_PART)


async def test_uses_that_were_taken_back_are_told_from_the_list_and_from_the_news() -> None:
    kiosk = Kiosk()
    kiosk.feed.first_lines = [PROFILE, AnnulmentElsewhere("a", NOON)]
    async with kiosk.running():
        assert kiosk.taken_back == [frozenset("a")]
        kiosk.feed.tell(AnnulmentElsewhere("b", NOON), AnnulmentElsewhere("c", NOON))
        await kiosk.time.pass_(30)
    assert kiosk.taken_back == [frozenset("a"), frozenset("bc")]


async def test_a_mistake_in_the_program_is_not_hidden() -> None:
    kiosk = Kiosk()
    kiosk.feed.fault = ZeroDivisionError()
    with pytest.raises(ZeroDivisionError):
        async with kiosk.running():
            pass


def test_the_list_of_faults_holds_every_error_that_may_be_tried_again() -> None:
    others = {CursorGone, KeyRevoked}
    assert {type(fault) for fault in FAULTS} | others == set(RegisterError.__subclasses__())
