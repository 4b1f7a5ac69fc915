"""The register's news on a real disk: whole lists, facts of one moment, no data never read as unknown."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime as dt

import pytest
import sqlite_utils

from kiosk.cards.exchange import Draft, Fate, FeedState, Settlement
from kiosk.cards.model import EarlierUse, Facts, Policy, Tickets
from kiosk.cards.news import AnnulmentElsewhere, News, RemovedCard, RemovedEvent
from kiosk.errors import StoreError, StoreUnavailable
from kiosk.store.catalogue import Catalogue
from kiosk.store.database import Database
from kiosk.store.ledger import Ledger
from kiosk.store.outbox import Outbox
from tests.edge.store.samples import (
    DAY,
    HOUR,
    MINUTE,
    NOON,
    a_card,
    a_key,
    a_profile,
    a_refusal,
    a_use,
    a_use_elsewhere,
    an_annulment,
    an_event,
    an_id,
    listed,
)

EVENT = an_event()


async def facts(catalogue: Catalogue, card: int = 7, event_id: str | None = None) -> Facts:
    return await catalogue.facts(a_key(card), event_id, day=DAY, online=True, clock_trusted=True, course_uses=None)


async def take_list(catalogue: Catalogue, *cards: int, children: int = 2) -> None:
    await catalogue.start_list("c1")
    await catalogue.extend_list([listed(card, children=children) for card in cards])
    await catalogue.finish_list("c1", NOON)


async def test_before_the_register_has_told_anything_the_facts_say_so(catalogue: Catalogue) -> None:
    assert await facts(catalogue) == Facts(
        card=None,
        event=None,
        venue=None,
        closed_areas=frozenset(),
        policy=Policy(),
        earlier_uses=(),
        quota_used=0,
        list_synced_at=None,
        unsent=0,
        oldest_unsent_at=None,
        online=True,
        course_uses=None,
        clock_trusted=True,
        newest_register_time=None,
    )


async def test_the_facts_hold_all_that_the_register_told(catalogue: Catalogue) -> None:
    policy = Policy(quota_percent=2.5, list_age_limit=dt.timedelta(hours=1.5))
    await catalogue.keep_profile(a_profile(policy=policy), NOON)
    await catalogue.start_list("c1")
    await catalogue.extend_list([EVENT, listed(7)])
    await catalogue.finish_list("c2", NOON + MINUTE)
    told = await catalogue.facts(a_key(7), EVENT.id, day=DAY, online=False, clock_trusted=False, course_uses=3)
    assert told == Facts(
        card=a_card(),
        event=EVENT,
        venue=a_profile().venue,
        closed_areas=frozenset({"kainuu", "keskiraja"}),
        policy=policy,
        earlier_uses=(),
        quota_used=0,
        list_synced_at=NOON + MINUTE,
        unsent=0,
        oldest_unsent_at=None,
        online=False,
        course_uses=3,
        clock_trusted=False,
        newest_register_time=NOON + MINUTE,
    )
    assert await catalogue.profile() == a_profile(policy=policy)


async def test_the_facts_of_an_event_can_be_had_without_a_card(catalogue: Catalogue, ledger: Ledger) -> None:
    await catalogue.apply([EVENT], "c1", NOON)
    await ledger.record(a_use(event_id=EVENT.id, quota_places=3))
    told = await catalogue.facts_without_card(EVENT.id, day=DAY, online=True, clock_trusted=True)
    assert (told.card, told.event, told.quota_used, told.earlier_uses) == (None, EVENT, 3, ())


async def test_uses_of_both_doors_at_the_event_are_earlier_uses(catalogue: Catalogue, ledger: Ledger) -> None:
    await catalogue.apply([EVENT], "c1", NOON)
    await ledger.record(a_use(1, event_id=EVENT.id, at=NOON + 2 * MINUTE))
    await ledger.record(a_use(2, event_id=an_id(9002)))
    await ledger.record(a_use(3, event_id=EVENT.id, key=a_key(8)))
    await catalogue.apply([a_use_elsewhere(event_id=EVENT.id, at=NOON + MINUTE)], "c2", NOON)
    assert (await facts(catalogue, event_id=EVENT.id)).earlier_uses == (
        EarlierUse(NOON + MINUTE, "Side door"),
        EarlierUse(NOON + 2 * MINUTE, "Main door"),
    )


async def test_in_general_admission_only_the_uses_of_the_day_are_earlier_uses(
    catalogue: Catalogue, ledger: Ledger
) -> None:
    start, end = DAY
    last = end - dt.timedelta(milliseconds=1)
    for number, at in enumerate((start - dt.timedelta(milliseconds=1), start, last, end), 1):
        await ledger.record(a_use(number, at=at))
    await ledger.record(a_use(5, event_id=EVENT.id))
    await catalogue.apply([a_use_elsewhere(at=end), a_use_elsewhere(3002, at=NOON)], "c2", NOON)
    assert (await facts(catalogue)).earlier_uses == (
        EarlierUse(start, "Main door"),
        EarlierUse(NOON, "Side door"),
        EarlierUse(last, "Main door"),
    )


async def test_a_use_taken_back_at_any_door_neither_counts_nor_asks(catalogue: Catalogue, ledger: Ledger) -> None:
    await catalogue.apply([EVENT], "c1", NOON)
    uses = [a_use(number, event_id=EVENT.id) for number in (1, 2)]
    for use in uses:
        await ledger.record(use)
    await ledger.annul(an_annulment(uses[0]))
    elsewhere = a_use_elsewhere(event_id=EVENT.id)
    news: list[News] = [
        AnnulmentElsewhere(uses[1].id, NOON),
        AnnulmentElsewhere(elsewhere.use_id, NOON),
        elsewhere,
    ]
    await catalogue.apply(news, "c2", NOON)
    told = await facts(catalogue, event_id=EVENT.id)
    assert (told.earlier_uses, told.quota_used) == ((), 0)


async def test_the_quota_counts_uses_elsewhere_by_the_policy_and_uses_here_as_they_were_counted(
    catalogue: Catalogue, ledger: Ledger
) -> None:
    await catalogue.keep_profile(a_profile(policy=Policy(quota_counts_children=False)), NOON)
    await ledger.record(a_use(1, event_id=EVENT.id, quota_places=5))
    twice = Tickets(own=1, children=4, assistants=1, clients=2)
    news: list[News] = [
        EVENT,
        a_use_elsewhere(3001, event_id=EVENT.id, tickets=twice),
        a_use_elsewhere(3002, event_id=EVENT.id, tickets=twice),
        a_use_elsewhere(3003, event_id=EVENT.id),
        a_use_elsewhere(3004, event_id=an_id(9002)),
    ]
    await catalogue.apply(news, "c1", NOON)
    assert (await facts(catalogue, event_id=EVENT.id)).quota_used == 5 + 3 + 3 + 1


async def test_a_use_of_this_kiosk_that_comes_back_as_news_is_not_two(catalogue: Catalogue, ledger: Ledger) -> None:
    await ledger.record(a_use(1, event_id=EVENT.id))
    await catalogue.apply([EVENT, a_use_elsewhere(1, event_id=EVENT.id)], "c1", NOON)
    told = await facts(catalogue, event_id=EVENT.id)
    assert (told.earlier_uses, told.quota_used) == ((EarlierUse(NOON, "Main door"),), 1)


async def test_the_facts_count_the_uses_that_wait_for_the_register(
    catalogue: Catalogue, ledger: Ledger, outbox: Outbox
) -> None:
    for number in (1, 2, 3):
        await ledger.record(a_use(number, at=NOON + number * MINUTE))
    await ledger.count_refusal(a_refusal())
    await outbox.settle([Settlement(an_id(1), Fate.DELIVERED)])
    told = await facts(catalogue)
    assert (told.unsent, told.oldest_unsent_at) == (2, NOON + 2 * MINUTE)


async def test_an_event_that_was_removed_counts_as_general_admission(catalogue: Catalogue, ledger: Ledger) -> None:
    await ledger.record(a_use(1))
    await catalogue.apply([EVENT], "c1", NOON)
    await catalogue.apply([RemovedEvent(EVENT.id)], "c2", NOON)
    told = await facts(catalogue, event_id=EVENT.id)
    assert (told.event, told.earlier_uses) == (None, (EarlierUse(NOON, "Main door"),))


async def test_events_are_those_that_touch_the_time(catalogue: Catalogue) -> None:
    start, end = DAY
    before = an_event(1, starts_at=start - 2 * HOUR - MINUTE)
    over_midnight = an_event(2, starts_at=start - HOUR)
    last = an_event(4, starts_at=end - MINUTE)
    await catalogue.apply([before, last, over_midnight, an_event(5, starts_at=end)], "c1", NOON)
    assert await catalogue.events(start, end) == (over_midnight, last)


async def test_news_of_an_event_replaces_what_was_known(catalogue: Catalogue) -> None:
    await catalogue.apply([EVENT], "c1", NOON)
    later = dataclasses.replace(EVENT, sold_out=True, places=None)
    await catalogue.apply([later], "c2", NOON)
    assert await catalogue.events(*DAY) == (later,)


async def test_news_of_cards_is_applied_in_its_order(catalogue: Catalogue) -> None:
    await take_list(catalogue, 7)
    news: list[News] = [
        RemovedCard(a_key(7)),
        listed(8, children=1),
        listed(8, children=5),
        RemovedCard(a_key(404)),
    ]
    await catalogue.apply(news, "c2", NOON + MINUTE)
    assert (await facts(catalogue, 7)).card is None
    assert (await facts(catalogue, 8)).card == a_card(children=5)
    assert await catalogue.feed_state() == FeedState("c2", NOON + MINUTE, NOON + MINUTE)


async def test_an_empty_poll_confirms_the_list(catalogue: Catalogue) -> None:
    await take_list(catalogue, 7)
    await catalogue.confirmed(NOON + HOUR)
    assert await catalogue.feed_state() == FeedState("c1", NOON + HOUR, NOON + HOUR)


async def test_polls_that_bring_nothing_are_put_down_every_few_minutes_alone(catalogue: Catalogue) -> None:
    """Each would flush the card once, and the age of a list counts in hours."""
    await take_list(catalogue, 7)
    put_down = set()
    for seconds in range(0, 3600, 25):
        await catalogue.confirmed(NOON + dt.timedelta(seconds=seconds))
        await catalogue.heard(NOON + dt.timedelta(seconds=seconds))
        state = await catalogue.feed_state()
        assert state.list_synced_at == state.newest_register_time
        put_down.add(state.list_synced_at)
    assert put_down == {NOON + place * 5 * MINUTE for place in range(12)}


async def test_without_a_list_there_is_nothing_to_confirm_and_no_place_in_the_feed(
    catalogue: Catalogue,
) -> None:
    await catalogue.confirmed(NOON)
    await catalogue.apply([listed(7)], "c2", NOON)
    assert await catalogue.feed_state() == FeedState(None, None, NOON)
    assert (await facts(catalogue)).card is None


async def test_the_newest_time_of_the_register_never_goes_back(catalogue: Catalogue) -> None:
    await catalogue.heard(NOON + HOUR)
    await catalogue.heard(NOON)
    assert (await catalogue.feed_state()).newest_register_time == NOON + HOUR


async def test_a_newest_time_that_was_wrong_is_replaced_and_with_it_the_age_of_the_list(catalogue: Catalogue) -> None:
    await take_list(catalogue, 1)
    await catalogue.confirmed(NOON + 9000 * HOUR)
    await catalogue.believe(NOON + HOUR, instead_of=NOON + 9000 * HOUR)
    state = await catalogue.feed_state()
    assert (state.newest_register_time, state.list_synced_at) == (NOON + HOUR, NOON + HOUR)


async def test_a_list_that_was_confirmed_since_stays_as_old_as_it_is(catalogue: Catalogue) -> None:
    await take_list(catalogue, 1)
    await catalogue.heard(NOON + 9000 * HOUR)
    await catalogue.confirmed(NOON)
    await catalogue.believe(NOON + HOUR, instead_of=NOON + 9000 * HOUR)
    assert (await catalogue.feed_state()).list_synced_at == NOON


async def test_a_newest_time_that_came_meanwhile_is_not_replaced(catalogue: Catalogue) -> None:
    await catalogue.heard(NOON + 9000 * HOUR)
    await catalogue.heard(NOON + 9001 * HOUR)
    await catalogue.believe(NOON + HOUR, instead_of=NOON + 9000 * HOUR)
    assert (await catalogue.feed_state()).newest_register_time == NOON + 9001 * HOUR


async def test_half_a_list_is_never_seen(catalogue: Catalogue) -> None:
    await take_list(catalogue, 1, 2)
    await catalogue.start_list("c5")
    await catalogue.extend_list([listed(2, children=9), listed(3, children=9)])
    assert [(await facts(catalogue, card)).card for card in (1, 2, 3)] == [a_card(), a_card(), None]
    await catalogue.finish_list("c6", NOON + HOUR)
    new = a_card(children=9)
    assert [(await facts(catalogue, card)).card for card in (1, 2, 3)] == [None, new, new]
    assert await catalogue.feed_state() == FeedState("c6", NOON + HOUR, NOON + HOUR)


async def test_a_reader_sees_the_old_list_or_the_new_one_while_lists_are_exchanged(
    db: Database, catalogue: Catalogue
) -> None:
    cards = range(1, 51)
    await take_list(catalogue, *cards, children=0)
    finished = asyncio.Event()

    async def exchange_lists() -> None:
        for children in range(1, 21):
            await take_list(catalogue, *cards, children=children)
        finished.set()

    def counted(c: sqlite_utils.Database) -> list[tuple[int, int]]:
        sql = """
            SELECT children, count(*) FROM cards JOIN card_lists ON card_lists.id = list_id
            WHERE state = 'current' GROUP BY children
        """
        return list(c.execute(sql))

    exchanging = asyncio.ensure_future(exchange_lists())
    seen = []
    while not finished.is_set():
        seen.append(await db.read(counted))
    await exchanging
    assert {len(each) for each in seen} == {1}
    assert {each[0][1] for each in seen} == {50}
    assert len({each[0][0] for each in seen}) > 1


async def test_an_old_list_is_deleted_to_the_last_card(db: Database, catalogue: Catalogue) -> None:
    await take_list(catalogue, *range(1, 4_501))
    await take_list(catalogue, 7)
    left = await db.read(
        lambda c: (
            c.execute("SELECT count(*) FROM cards").fetchone()[0],
            c.execute("SELECT count(*) FROM card_lists").fetchone()[0],
        )
    )
    assert left == (1, 1)


async def test_a_list_that_was_cut_is_gone_on_with(catalogue: Catalogue) -> None:
    assert await catalogue.draft() is None
    assert await catalogue.start_list("c1") == Draft("c1", None)
    assert await catalogue.draft() == Draft("c1", None)
    await catalogue.extend_list([listed(1), listed(2)])
    assert await catalogue.draft() == Draft("c1", a_key(2))
    await catalogue.extend_list([listed(2), listed(3)])
    await catalogue.finish_list("c1", NOON)
    assert await catalogue.draft() is None
    assert [(await facts(catalogue, card)).card for card in (1, 2, 3)] == [a_card()] * 3


async def test_a_list_begun_anew_holds_nothing_of_the_one_given_up(catalogue: Catalogue) -> None:
    await catalogue.start_list("c1")
    await catalogue.extend_list([listed(1)])
    assert await catalogue.start_list("c2") == Draft("c2", None)
    assert (await facts(catalogue, 1)).card is None
    await catalogue.extend_list([listed(2)])
    await catalogue.finish_list("c2", NOON)
    assert [(await facts(catalogue, card)).card for card in (1, 2)] == [None, a_card()]


async def test_events_that_a_new_list_does_not_bring_are_forgotten(catalogue: Catalogue) -> None:
    await take_list(catalogue, 7)
    kept, gone = an_event(1), an_event(2)
    await catalogue.apply([kept, gone], "c2", NOON)
    await catalogue.start_list("c3")
    await catalogue.extend_list([kept, listed(7)])
    assert await catalogue.events(*DAY) == (kept, gone)
    await catalogue.finish_list("c3", NOON)
    assert await catalogue.events(*DAY) == (kept,)


async def test_without_a_list_being_taken_it_cannot_be_extended_or_finished(catalogue: Catalogue) -> None:
    with pytest.raises(StoreError, match="No card list is being taken"):
        await catalogue.extend_list([listed(1)])
    with pytest.raises(StoreError, match="No card list is being taken"):
        await catalogue.finish_list("c1", NOON)


NEW_SALT = a_profile(salt=b"national salt 02")


async def test_the_same_profile_again_keeps_the_list(catalogue: Catalogue) -> None:
    await catalogue.keep_profile(a_profile(), NOON)
    await take_list(catalogue, 7)
    await catalogue.keep_profile(a_profile(policy=Policy(quota_percent=5.0)), NOON)
    assert (await facts(catalogue)).card == a_card()


async def test_a_new_salt_gives_up_the_list_so_that_no_card_reads_as_unknown(catalogue: Catalogue) -> None:
    await catalogue.keep_profile(a_profile(), NOON)
    await take_list(catalogue, 7)
    await catalogue.apply([NEW_SALT, listed(8)], "c9", NOON + MINUTE)
    told = await facts(catalogue)
    assert (told.card, told.list_synced_at) == (None, None)
    assert await catalogue.feed_state() == FeedState(None, None, NOON + MINUTE)


async def test_a_new_salt_gives_up_a_list_half_taken(catalogue: Catalogue) -> None:
    await catalogue.keep_profile(a_profile(), NOON)
    await catalogue.start_list("c1")
    await catalogue.extend_list([listed(7)])
    await catalogue.keep_profile(NEW_SALT, NOON)
    assert await catalogue.draft() is None


async def test_a_new_salt_at_the_head_of_a_snapshot_belongs_to_its_cards(catalogue: Catalogue) -> None:
    await catalogue.keep_profile(a_profile(), NOON)
    await take_list(catalogue, 7)
    await catalogue.start_list("c5")
    await catalogue.extend_list([NEW_SALT, listed(8)])
    assert (await facts(catalogue)).list_synced_at is None
    await catalogue.finish_list("c5", NOON + HOUR)
    assert (await facts(catalogue, 8)).card == a_card()
    assert await catalogue.feed_state() == FeedState("c5", NOON + HOUR, NOON + HOUR)


async def test_a_new_salt_in_the_middle_of_a_snapshot_starts_it_anew(catalogue: Catalogue) -> None:
    await catalogue.keep_profile(a_profile(), NOON)
    await catalogue.start_list("c5")
    await catalogue.extend_list([listed(7)])
    with pytest.raises(StoreUnavailable, match="must be taken anew"):
        await catalogue.extend_list([NEW_SALT, listed(8)])
    assert (await catalogue.draft(), await catalogue.profile()) == (None, NEW_SALT)
