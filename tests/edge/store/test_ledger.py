"""The ledger on a real disk: once, never changed, together with its place in the queue."""

from __future__ import annotations

import dataclasses
import datetime as dt
import sqlite3

import pytest

from kiosk.cards.exchange import UseOfDay
from kiosk.cards.model import Tickets, Use
from kiosk.clock import SameBoot
from kiosk.errors import NotUndoable, StoreError
from kiosk.store.database import Database
from kiosk.store.ledger import Ledger
from kiosk.store.outbox import Outbox
from tests.edge.store.samples import (
    DAY,
    MINUTE,
    NOON,
    a_refusal,
    a_stamp,
    a_use,
    an_annulment,
    an_id,
)


async def waiting(outbox: Outbox) -> list[str]:
    return [parcel.item.id for parcel in await outbox.due(NOON, 100)]


def without_tail(use: Use) -> Use:
    return dataclasses.replace(use, card=dataclasses.replace(use.card, tail=""))


async def test_a_use_comes_back_as_it_was_recorded(ledger: Ledger) -> None:
    use = a_use(sealed_number="c2VhbGVk", event_id=an_id(9001), tickets=Tickets(1, 2, 3, 4), quota_places=7, tail="Ö9")
    await ledger.record(use)
    assert await ledger.undoable(NOON) == (use,)


async def test_a_use_waits_for_the_register_from_the_same_commit_on(ledger: Ledger, outbox: Outbox) -> None:
    await ledger.record(a_use())
    assert await waiting(outbox) == [a_use().id]


async def test_the_same_use_again_is_no_second_one(ledger: Ledger, outbox: Outbox) -> None:
    await ledger.record(a_use())
    await ledger.record(a_use())
    assert (await ledger.undoable(NOON), await waiting(outbox)) == ((a_use(),), [a_use().id])


async def test_another_use_under_the_same_id_is_refused_and_the_first_stands(ledger: Ledger, outbox: Outbox) -> None:
    await ledger.record(a_use())
    with pytest.raises(StoreError, match="the first one stands"):
        await ledger.record(a_use(tickets=Tickets(children=1)))
    assert (await ledger.undoable(NOON), await waiting(outbox)) == ((a_use(),), [a_use().id])


async def test_a_use_without_a_place_in_the_queue_is_not_recorded(db: Database, ledger: Ledger, outbox: Outbox) -> None:
    await db.write(
        lambda c: (
            c.execute("INSERT INTO outbox (item_id, kind, decided_at_ms) VALUES (?, 'use', 0)", (a_use().id,)).rowcount
        )
    )
    with pytest.raises(sqlite3.IntegrityError, match=r"outbox\.item_id"):
        await ledger.record(a_use())
    assert await ledger.undoable(NOON) == ()
    assert (await outbox.depth()).waiting == 1


async def test_an_annulled_use_stays_and_is_no_longer_undoable(ledger: Ledger, outbox: Outbox) -> None:
    use, annulment = a_use(), an_annulment(a_use())
    await ledger.record(use)
    await ledger.annul(annulment)
    assert await ledger.undoable(NOON) == ()
    assert await ledger.uses_of_day(*DAY) == (UseOfDay(use, annulment.annulled.at),)
    assert [parcel.item for parcel in await outbox.due(NOON, 9)] == [without_tail(use), annulment]


async def test_the_same_annulment_again_is_no_second_one(ledger: Ledger, outbox: Outbox) -> None:
    await ledger.record(a_use())
    await ledger.annul(an_annulment(a_use()))
    await ledger.annul(an_annulment(a_use()))
    assert await waiting(outbox) == [a_use().id, an_annulment(a_use()).id]


async def test_another_annulment_of_the_same_use_is_refused(ledger: Ledger, outbox: Outbox) -> None:
    await ledger.record(a_use())
    await ledger.annul(an_annulment(a_use(), 1001))
    with pytest.raises(NotUndoable, match="taken back before"):
        await ledger.annul(an_annulment(a_use(), 1002))
    assert await waiting(outbox) == [a_use().id, an_id(1001)]


async def test_a_use_that_is_not_known_cannot_be_annulled(ledger: Ledger, outbox: Outbox) -> None:
    with pytest.raises(NotUndoable, match="not recorded here"):
        await ledger.annul(an_annulment(a_use()))
    assert await waiting(outbox) == []


async def test_a_refusal_is_counted_once(ledger: Ledger, outbox: Outbox) -> None:
    await ledger.count_refusal(a_refusal())
    await ledger.count_refusal(a_refusal())
    assert [parcel.item for parcel in await outbox.due(NOON, 9)] == [a_refusal()]


async def test_undoable_uses_are_those_since_then_newest_first(ledger: Ledger) -> None:
    uses = [a_use(number, at=NOON + number * MINUTE) for number in range(1, 5)]
    for use in uses:
        await ledger.record(use)
    assert await ledger.undoable(NOON + 2 * MINUTE) == (uses[3], uses[2], uses[1])


async def test_the_day_ends_before_the_next_one_starts(ledger: Ledger) -> None:
    start, end = DAY
    first, last = a_use(1, at=start), a_use(2, at=end - dt.timedelta(milliseconds=1))
    for use in (first, last, a_use(3, at=end), a_use(4, at=start - dt.timedelta(milliseconds=1))):
        await ledger.record(use)
    assert await ledger.uses_of_day(start, end) == (UseOfDay(last, None), UseOfDay(first, None))


async def test_tails_are_forgotten_after_a_day(ledger: Ledger) -> None:
    day = dt.timedelta(days=1)
    old, new = a_use(1), a_use(2, at=NOON + day + dt.timedelta(milliseconds=1))
    await ledger.record(old)
    await ledger.record(a_use(3, at=NOON + day))
    assert (await ledger.undoable(NOON))[-1] == old
    await ledger.record(new)
    assert (await ledger.undoable(NOON))[-1] == without_tail(old)


async def test_a_repeated_record_is_recognised_after_its_tail_was_forgotten(ledger: Ledger) -> None:
    await ledger.record(a_use(1))
    await ledger.record(a_use(2, at=NOON + dt.timedelta(days=2)))
    await ledger.record(a_use(1))
    assert len(await ledger.undoable(NOON)) == 2


async def test_a_whole_number_never_gets_into_the_tails(ledger: Ledger) -> None:
    await ledger.record(a_use(tail="DEMO-CARD-0042"))
    (use,) = await ledger.undoable(NOON)
    assert use.card.tail == "42"


async def test_times_are_kept_to_the_millisecond(ledger: Ledger) -> None:
    fine = dataclasses.replace(a_use(), decided=a_stamp(NOON + dt.timedelta(microseconds=1999)))
    await ledger.record(fine)
    (use,) = await ledger.undoable(NOON)
    assert use.decided.at == NOON + dt.timedelta(milliseconds=1)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE uses SET children = 9",
        "DELETE FROM uses",
        "INSERT OR REPLACE INTO uses SELECT * FROM uses",
        "UPDATE annulments SET annulled_at_ms = 0",
        "DELETE FROM annulments",
        "INSERT OR REPLACE INTO annulments SELECT * FROM annulments",
        "UPDATE refusals SET reason = 'none'",
        "DELETE FROM refusals",
        "INSERT OR REPLACE INTO refusals SELECT * FROM refusals",
        "DELETE FROM outbox",
        "UPDATE outbox SET item_id = 'another'",
        "UPDATE outbox SET sequence = sequence + 1",
    ],
)
async def test_what_happened_cannot_be_changed(db: Database, ledger: Ledger, change: str) -> None:
    await ledger.record(a_use())
    await ledger.annul(an_annulment(a_use()))
    await ledger.count_refusal(a_refusal())
    with pytest.raises(sqlite3.IntegrityError, match=r"never changed|never deleted|stays what it is"):
        await db.write(lambda c: c.execute(change))
    assert (await ledger.uses_of_day(*DAY))[0].use == a_use()


async def test_a_probe_returns_when_it_was_written(db: Database, ledger: Ledger) -> None:
    await ledger.probe()
    await ledger.probe()
    assert await db.read(lambda c: c.execute("SELECT * FROM probe").fetchall()) == [(1, 2)]


async def test_uses_of_this_boot_are_undoable_by_the_clock_that_never_steps(ledger: Ledger) -> None:
    def at(number: int, when: dt.datetime, monotonic_ms: int, boot: str) -> Use:
        stamp = dataclasses.replace(a_stamp(when), boot_id=boot, monotonic_ms=monotonic_ms)
        return dataclasses.replace(a_use(number, tail=""), decided=stamp)

    year = dt.timedelta(days=365)
    ahead, behind = at(1, NOON + year, 100_000, "boot-1"), at(2, NOON - year, 200_000, "boot-1")
    too_old = at(3, NOON, 99_999, "boot-1")
    other, other_too_old = at(4, NOON, 1, "boot-0"), at(5, NOON - MINUTE, 900_000, "boot-0")
    for use in (ahead, behind, too_old, other, other_too_old):
        await ledger.record(use)
    assert await ledger.undoable(NOON, SameBoot("boot-1", 100_000)) == (other, behind, ahead)
