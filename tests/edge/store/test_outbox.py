"""The queue on a real disk: what waits is sent in order, and nothing ever leaves."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path

from kiosk.cards.exchange import Fate, ItemKind, Parcel, QueueDepth, QueueEntry, Settlement
from kiosk.cards.model import Texts
from kiosk.cards.news import Verdict
from kiosk.store.catalogue import Catalogue
from kiosk.store.database import Database
from kiosk.store.ledger import Ledger
from kiosk.store.outbox import Outbox
from tests.edge.store.samples import HOUR, MINUTE, NOON, a_refusal, a_use, an_annulment, an_id

WORDS = Texts(fi="Katso tämä.", sv="Se på detta.", en="Look at this.")
AT_ONCE = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


async def record(ledger: Ledger, count: int) -> list[str]:
    uses = [a_use(number, tail="", at=NOON + number * MINUTE) for number in range(1, count + 1)]
    for use in uses:
        await ledger.record(use)
    return [use.id for use in uses]


async def due_ids(outbox: Outbox, now: dt.datetime = NOON) -> list[str]:
    return [parcel.item.id for parcel in await outbox.due(now, 100)]


async def test_items_of_every_kind_come_in_the_order_they_happened(ledger: Ledger, outbox: Outbox) -> None:
    use = a_use(tail="")
    await ledger.record(use)
    await ledger.count_refusal(a_refusal())
    await ledger.annul(an_annulment(use))
    first, *others = await outbox.due(NOON, 10)
    assert [dataclasses.replace(first, link=None), *others] == [
        Parcel(1, use, 0),
        Parcel(2, a_refusal(), 0),
        Parcel(3, an_annulment(use), 0),
    ]


async def test_no_more_than_asked_for_the_oldest_first(ledger: Ledger, outbox: Outbox) -> None:
    ids = await record(ledger, 5)
    assert [parcel.item.id for parcel in await outbox.due(NOON, 2)] == ids[:2]


async def test_an_empty_queue_has_nothing_due(outbox: Outbox) -> None:
    assert await outbox.due(NOON, 10) == ()
    assert await outbox.next_due_at() is None
    assert await outbox.depth() == QueueDepth(0, 0, 0, 0, None)


async def test_an_answer_settles_an_item_for_good(ledger: Ledger, outbox: Outbox) -> None:
    ids = await record(ledger, 4)
    await outbox.settle(
        [
            Settlement(ids[0], Fate.DELIVERED),
            Settlement(ids[1], Fate.FLAGGED, ("card-expired",), WORDS),
            Settlement(ids[2], Fate.PARKED, ("id-reused",), WORDS, "refused"),
            Settlement(an_id(777), Fate.DELIVERED),
        ]
    )
    assert await due_ids(outbox) == [ids[3]]
    assert await outbox.depth() == QueueDepth(
        waiting=1, parked=1, flagged=1, delivered=1, oldest_waiting_at=NOON + 4 * MINUTE
    )
    assert await outbox.listing() == (
        QueueEntry(2, ids[1], ItemKind.USE, Fate.FLAGGED, 1, NOON + 2 * MINUTE, None, None, ("card-expired",), WORDS),
        QueueEntry(3, ids[2], ItemKind.USE, Fate.PARKED, 1, NOON + 3 * MINUTE, None, "refused", ("id-reused",), WORDS),
        QueueEntry(4, ids[3], ItemKind.USE, Fate.WAITING, 0, NOON + 4 * MINUTE, None, None, (), None),
    )


async def test_a_late_second_answer_does_not_undo_a_delivery(ledger: Ledger, outbox: Outbox) -> None:
    (item_id,) = await record(ledger, 1)
    await outbox.settle([Settlement(item_id, Fate.DELIVERED)])
    await outbox.settle([Settlement(item_id, Fate.PARKED)])
    await outbox.postpone([item_id], NOON, "no answer")
    (entry,) = await outbox.listing([Fate.DELIVERED])
    assert (entry.fate, entry.attempts, entry.last_error) == (Fate.DELIVERED, 1, None)


async def test_a_postponed_item_waits_until_then_and_holds_up_no_other(ledger: Ledger, outbox: Outbox) -> None:
    ids = await record(ledger, 3)
    await outbox.postpone(ids[:1], NOON + MINUTE, "no answer")
    assert await due_ids(outbox, NOON) == ids[1:]
    assert await outbox.next_due_at() == AT_ONCE
    assert await due_ids(outbox, NOON + MINUTE - dt.timedelta(milliseconds=1)) == ids[1:]
    assert await due_ids(outbox, NOON + MINUTE) == [*ids[1:], ids[0]]
    *_, first = await outbox.due(NOON + MINUTE, 3)
    assert first.attempts == 1
    (entry, *_) = await outbox.listing(limit=1)
    assert (entry.next_try_at, entry.last_error) == (NOON + MINUTE, "no answer")


async def test_what_is_soon_due_again_does_not_pass_what_has_been_due_for_longer(
    ledger: Ledger, outbox: Outbox
) -> None:
    for number in (1, 2, 3):
        await ledger.record(a_use(number))
    await outbox.postpone([a_use(3).id], NOON + 1 * MINUTE, "no answer")
    await outbox.postpone([a_use(1).id, a_use(2).id], NOON + 2 * MINUTE, "no answer")
    due = await outbox.due(NOON + 5 * MINUTE, 2)
    assert [parcel.item.id for parcel in due] == [a_use(3).id, a_use(1).id]


async def test_the_next_due_time_is_the_earliest_of_those_that_wait(ledger: Ledger, outbox: Outbox) -> None:
    ids = await record(ledger, 3)
    await outbox.postpone(ids[:2], NOON + 2 * MINUTE, "no answer")
    await outbox.postpone(ids[2:], NOON + MINUTE, "no answer")
    assert await outbox.next_due_at() == NOON + MINUTE
    await outbox.settle([Settlement(ids[2], Fate.DELIVERED)])
    assert await outbox.next_due_at() == NOON + 2 * MINUTE


async def test_a_clock_set_back_does_not_leave_an_item_waiting_for_years(ledger: Ledger, outbox: Outbox) -> None:
    ids = await record(ledger, 1)
    await outbox.postpone(ids, NOON + dt.timedelta(days=3650), "no answer")
    assert await due_ids(outbox, NOON) == ids
    await outbox.postpone(ids, NOON + HOUR, "no answer")
    assert await due_ids(outbox, NOON) == []


async def test_parked_items_are_sent_again_on_a_persons_word(ledger: Ledger, outbox: Outbox) -> None:
    ids = await record(ledger, 4)
    await outbox.settle([Settlement(item_id, Fate.PARKED, error="refused") for item_id in ids[:2]])
    await outbox.settle([Settlement(ids[2], Fate.DELIVERED)])
    assert await outbox.retry([ids[1], ids[2], an_id(777)]) == 1
    assert await due_ids(outbox) == [ids[1], ids[3]]
    assert await outbox.retry() == 1
    assert await due_ids(outbox) == [ids[0], ids[1], ids[3]]
    assert await outbox.retry() == 0


async def test_a_retry_also_hurries_what_was_put_off(ledger: Ledger, outbox: Outbox) -> None:
    ids = await record(ledger, 2)
    await outbox.postpone(ids, NOON + HOUR, "no answer")
    assert await outbox.retry() == 2
    assert await due_ids(outbox) == ids


async def test_sequences_go_on_after_a_restart(path: Path) -> None:
    sequences = []
    for number in (1, 2, 3):
        db = Database.open(path, kept_free_bytes=0)
        try:
            await Ledger(db).record(a_use(number))
            sequences.append([parcel.sequence for parcel in await Outbox(db).due(NOON, 10)])
        finally:
            db.close()
    assert sequences == [[1], [1, 2], [1, 2, 3]]


async def test_a_verdict_puts_a_delivered_use_on_the_list_that_needs_a_look(
    ledger: Ledger, outbox: Outbox, catalogue: Catalogue
) -> None:
    (item_id,) = await record(ledger, 1)
    await outbox.settle([Settlement(item_id, Fate.DELIVERED)])
    await catalogue.apply([Verdict(item_id, ("already-used",), WORDS)], "c2", NOON)
    (entry,) = await outbox.listing()
    assert (entry.fate, entry.reasons, entry.message) == (Fate.FLAGGED, ("already-used",), WORDS)


async def test_a_verdict_is_proof_of_delivery_when_the_answer_was_lost(
    ledger: Ledger, outbox: Outbox, catalogue: Catalogue
) -> None:
    ids = await record(ledger, 2)
    await catalogue.apply([Verdict(ids[0], (), WORDS)], "c2", NOON)
    assert await due_ids(outbox) == ids[1:]
    assert (await outbox.depth()).delivered == 1


async def test_named_items_come_in_the_order_asked_for_whenever_they_are_due(ledger: Ledger, outbox: Outbox) -> None:
    ids = await record(ledger, 4)
    await outbox.postpone(ids[:1], NOON + HOUR, "no answer")
    await outbox.settle([Settlement(ids[1], Fate.DELIVERED)])
    parcels = await outbox.waiting([ids[2], ids[1], ids[0], an_id(777)])
    assert [(parcel.sequence, parcel.item.id, parcel.attempts) for parcel in parcels] == [
        (3, ids[2], 0),
        (1, ids[0], 1),
    ]


async def test_what_was_put_off_waits_on_as_long_when_the_clock_is_set(ledger: Ledger, outbox: Outbox) -> None:
    ids = await record(ledger, 3)
    await outbox.postpone(ids[:2], NOON + HOUR, "no answer")
    await outbox.settle([Settlement(ids[1], Fate.PARKED)])
    await outbox.set_on(-2 * HOUR)
    assert [(entry.item_id, entry.next_try_at) for entry in await outbox.listing()] == [
        (ids[0], NOON - HOUR),
        (ids[1], None),
        (ids[2], None),
    ]
