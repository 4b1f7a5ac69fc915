"""Records that fail alone while others get through, on the disk."""

from __future__ import annotations

import datetime as dt

import pytest

from kiosk.cards.exchange import Fate, QueueEntry, Settlement
from kiosk.cards.model import Texts
from kiosk.cards.trust import TrustLevel, offline_trust
from kiosk.store.backlog import find_unsent_uses
from kiosk.store.catalogue import Catalogue
from kiosk.store.culprits import TIME_TO_PARK, TIMES_TO_PARK
from kiosk.store.database import Database
from kiosk.store.ledger import Ledger
from kiosk.store.outbox import Outbox
from kiosk.store.rows import to_ms
from tests.edge.store.samples import HOUR, NOON, a_profile, a_refusal, a_use, an_id, listed

DAY = dt.timedelta(days=1)
CULPRIT, OTHER = an_id(1), an_id(2)


@pytest.fixture
async def queue(ledger: Ledger, outbox: Outbox) -> Outbox:
    """A queue of two uses, of which the older one fails alone since noon."""
    await ledger.record(a_use(1, at=NOON - HOUR))
    await ledger.record(a_use(2, at=NOON))
    await outbox.postpone([CULPRIT], NOON, "the register asks for patience (status 500)")
    await outbox.blame([CULPRIT], NOON)
    return outbox


async def the_culprit(outbox: Outbox) -> QueueEntry:
    record = await outbox.find(CULPRIT)
    assert record is not None
    return record.entry


async def test_who_is_blamed_waits_but_counts_neither_to_the_number_nor_to_the_age(db: Database, queue: Outbox) -> None:
    depth = await queue.depth()
    assert (depth.waiting, depth.blamed, depth.oldest_waiting_at) == (2, 1, NOON - HOUR)
    assert await db.read(find_unsent_uses) == (1, to_ms(NOON))
    assert (await the_culprit(queue)).blamed_since == NOON
    await queue.settle([Settlement(OTHER, Fate.DELIVERED)])
    assert await db.read(find_unsent_uses) == (0, None)


async def test_one_bad_record_makes_no_card_amber_however_old_it_grows(
    db: Database, catalogue: Catalogue, queue: Outbox
) -> None:
    later = NOON + 30 * DAY
    await queue.settle([Settlement(OTHER, Fate.DELIVERED)])
    await catalogue.keep_profile(a_profile(), later)
    await catalogue.start_list("1.0")
    await catalogue.extend_list([listed(1)])
    await catalogue.finish_list("1.0", later)
    facts = await catalogue.facts_without_card(None, day=(later, later + DAY), online=True, clock_trusted=True)
    assert offline_trust(facts, later).level is TrustLevel.OK


async def test_a_refusal_that_is_blamed_is_not_taken_off_the_uses(db: Database, ledger: Ledger, queue: Outbox) -> None:
    await ledger.count_refusal(a_refusal())
    await queue.blame([a_refusal().id], NOON)
    assert (await queue.depth()).blamed == 2
    assert await db.read(find_unsent_uses) == (1, to_ms(NOON))


async def test_who_is_blamed_often_enough_for_a_day_is_parked_with_its_last_error(queue: Outbox) -> None:
    for _ in range(TIMES_TO_PARK):
        await queue.blame([CULPRIT], NOON + TIME_TO_PARK - HOUR)
    assert (await the_culprit(queue)).fate is Fate.WAITING, "not for a day yet"
    await queue.blame([CULPRIT], NOON + TIME_TO_PARK)
    entry = await the_culprit(queue)
    assert (entry.fate, entry.last_error) == (Fate.PARKED, "the register asks for patience (status 500)")
    assert ((await queue.depth()).blamed, await queue.not_exported()) == (0, 2)


async def test_what_the_register_said_before_a_record_was_sent_again_is_not_why_it_is_parked(queue: Outbox) -> None:
    await queue.settle([Settlement(CULPRIT, Fate.PARKED, ("malformed",), Texts("a", "b", "c"), "of long ago")])
    await queue.retry([CULPRIT])
    await queue.postpone([CULPRIT], NOON, "no answer")
    for _ in range(TIMES_TO_PARK):
        await queue.blame([CULPRIT], NOON)
    await queue.blame([CULPRIT], NOON + TIME_TO_PARK)
    entry = await the_culprit(queue)
    assert (entry.fate, entry.reasons, entry.message, entry.last_error) == (Fate.PARKED, (), None, "no answer")


async def test_a_day_is_not_enough_where_it_was_seldom_seen(queue: Outbox) -> None:
    for _ in range(TIMES_TO_PARK - 2):
        await queue.blame([CULPRIT], NOON + 9 * TIME_TO_PARK)
    assert (await the_culprit(queue)).fate is Fate.WAITING
    await queue.blame([CULPRIT], NOON + 9 * TIME_TO_PARK)
    assert (await the_culprit(queue)).fate is Fate.PARKED


async def test_a_clock_that_is_set_parks_nobody(queue: Outbox) -> None:
    await queue.set_on(365 * DAY)
    for _ in range(TIMES_TO_PARK):
        await queue.blame([CULPRIT], NOON + 365 * DAY + HOUR)
    entry = await the_culprit(queue)
    assert (entry.fate, entry.blamed_since) == (Fate.WAITING, NOON + 365 * DAY)


async def test_a_retry_begins_anew(db: Database, queue: Outbox) -> None:
    for _ in range(TIMES_TO_PARK):
        await queue.blame([CULPRIT], NOON + TIME_TO_PARK)
    assert await queue.retry([CULPRIT]) == 1
    assert await db.read(find_unsent_uses) == (2, to_ms(NOON - HOUR))
    await queue.blame([CULPRIT], NOON + 9 * TIME_TO_PARK)
    entry = await the_culprit(queue)
    assert (entry.fate, entry.blamed_since) == (Fate.WAITING, NOON + 9 * TIME_TO_PARK)


async def test_what_was_delivered_is_blamed_no_more(queue: Outbox) -> None:
    await queue.settle([Settlement(CULPRIT, Fate.DELIVERED)])
    for _ in range(TIMES_TO_PARK + 1):
        await queue.blame([CULPRIT], NOON + 9 * TIME_TO_PARK)
    entry = await the_culprit(queue)
    assert (entry.fate, entry.blamed_since) == (Fate.DELIVERED, None)
