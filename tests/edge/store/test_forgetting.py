"""Last characters of numbers and other doors' uses are forgotten a day later, by true times and not before."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from kiosk.cards.model import Event, Stamp, Use
from kiosk.cards.news import AnnulmentElsewhere, News
from kiosk.clock import Moment
from kiosk.store.catalogue import Catalogue
from kiosk.store.corrections import correct
from kiosk.store.database import Database
from kiosk.store.forgetting import AT_ONCE
from kiosk.store.ledger import Ledger
from kiosk.store.outbox import Outbox
from tests.edge.store.samples import (
    DAY,
    HOUR,
    MINUTE,
    NOON,
    a_key,
    a_use,
    a_use_elsewhere,
    an_annulment,
    an_event,
    an_id,
)

ONE_DAY = dt.timedelta(days=1)
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
LAST_YEAR = NOON - 365 * ONE_DAY


def a_use_at(number: int, at: dt.datetime, up: dt.timedelta, *, trusted: bool, boot: str = "boot-1") -> Use:
    """A use when the machine had been up for so long."""
    return replace(a_use(number), decided=Stamp(at, trusted, boot, up // dt.timedelta(milliseconds=1)))


async def tails(db: Database) -> set[str]:
    rows = await db.read(lambda one: one.execute("SELECT use_id FROM use_tails").fetchall())
    return {use_id for (use_id,) in rows}


async def test_a_tail_of_1970_stays_when_the_clock_is_put_right_though_nothing_corrects_its_use(
    db: Database, ledger: Ledger
) -> None:
    await ledger.record(a_use_at(1, EPOCH + HOUR, HOUR, trusted=False))
    await ledger.record(a_use_at(2, NOON, 2 * HOUR, trusted=True))
    assert await tails(db) == {an_id(1), an_id(2)}
    await ledger.record(a_use_at(3, NOON + ONE_DAY, HOUR + ONE_DAY + MINUTE, trusted=True))
    assert await tails(db) == {an_id(2), an_id(3)}


async def test_a_tail_of_1970_that_was_corrected_stays_for_a_day_also_after_a_restart(
    db: Database, ledger: Ledger
) -> None:
    await ledger.record(a_use_at(1, EPOCH + HOUR, HOUR, trusted=False))
    await correct(db, Moment(NOON, 2 * HOUR // dt.timedelta(milliseconds=1), "boot-1", trusted=True))
    await ledger.record(a_use_at(2, NOON + HOUR, MINUTE, trusted=True, boot="boot-2"))
    assert await tails(db) == {an_id(1), an_id(2)}
    await ledger.record(a_use_at(3, NOON + ONE_DAY, ONE_DAY, trusted=True, boot="boot-2"))
    assert await tails(db) == {an_id(2), an_id(3)}


async def test_a_tail_of_an_earlier_boot_whose_time_nobody_knows_is_forgotten(db: Database, ledger: Ledger) -> None:
    await ledger.record(a_use_at(1, EPOCH + HOUR, HOUR, trusted=False))
    await ledger.record(a_use_at(2, NOON, MINUTE, trusted=True, boot="boot-2"))
    assert await tails(db) == {an_id(2)}


async def test_a_tail_from_a_clock_that_was_a_year_ahead_goes_a_day_after_its_true_time(
    db: Database, ledger: Ledger
) -> None:
    await ledger.record(a_use_at(1, NOON + 365 * ONE_DAY, HOUR, trusted=False))
    await correct(db, Moment(NOON, 2 * HOUR // dt.timedelta(milliseconds=1), "boot-1", trusted=True))
    await ledger.record(a_use_at(2, NOON, MINUTE, trusted=True, boot="boot-2"))
    assert await tails(db) == {an_id(1), an_id(2)}
    await ledger.record(a_use_at(3, NOON + ONE_DAY, ONE_DAY, trusted=True, boot="boot-2"))
    assert await tails(db) == {an_id(2), an_id(3)}


# --- other doors ------------------------------------------------------------------------------------------------------


async def elsewhere(db: Database) -> tuple[set[str], set[str]]:
    """Ids of other doors' uses, and of annulments that the register told of."""
    uses = await db.read(lambda one: one.execute("SELECT use_id FROM uses_elsewhere").fetchall())
    annulments = await db.read(lambda one: one.execute("SELECT use_id FROM annulments_elsewhere").fetchall())
    return {use_id for (use_id,) in uses}, {use_id for (use_id,) in annulments}


async def tell(catalogue: Catalogue, *news: News) -> None:
    await catalogue.apply(news, "1", NOON)


async def test_a_use_of_another_door_is_forgotten_a_day_later_with_its_annulment(
    db: Database, catalogue: Catalogue
) -> None:
    await tell(catalogue, a_use_elsewhere(1), AnnulmentElsewhere(an_id(1), NOON), a_use_elsewhere(2, at=NOON + HOUR))
    await catalogue.forget_other_doors(NOON + ONE_DAY)
    assert await elsewhere(db) == ({an_id(1), an_id(2)}, {an_id(1)})
    await catalogue.forget_other_doors(NOON + ONE_DAY + MINUTE)
    assert await elsewhere(db) == ({an_id(2)}, set())
    await catalogue.forget_other_doors(NOON + 2 * ONE_DAY)
    assert await elsewhere(db) == (set(), set())


async def test_a_use_at_an_event_that_lasts_for_weeks_is_counted_until_a_day_after_its_end(
    db: Database, catalogue: Catalogue
) -> None:
    show: Event = replace(an_event(9001), ends_at=NOON + 30 * ONE_DAY)
    await tell(catalogue, show, a_use_elsewhere(1, event_id=show.id), AnnulmentElsewhere(an_id(1), NOON))
    await tell(catalogue, a_use_elsewhere(2, event_id=show.id), a_use_elsewhere(3, event_id=an_id(9999)))
    await catalogue.forget_other_doors(NOON + 31 * ONE_DAY)
    assert await elsewhere(db) == ({an_id(1), an_id(2)}, {an_id(1)})
    facts = await catalogue.facts(a_key(7), show.id, day=DAY, online=True, clock_trusted=True, course_uses=None)
    assert facts.quota_used == 1
    await catalogue.forget_other_doors(NOON + 31 * ONE_DAY + MINUTE)
    assert await elsewhere(db) == (set(), set())


async def test_the_venues_annulment_of_a_use_of_this_kiosk_is_kept_as_the_use_is(
    db: Database, ledger: Ledger, catalogue: Catalogue
) -> None:
    await ledger.record(a_use(1))
    await ledger.annul(an_annulment(a_use(1)))
    await ledger.record(a_use(2))
    await tell(catalogue, AnnulmentElsewhere(an_id(1), LAST_YEAR), AnnulmentElsewhere(an_id(2), LAST_YEAR))
    assert await elsewhere(db) == (set(), {an_id(1), an_id(2)})


async def test_years_of_other_doors_uses_are_forgotten_little_by_little(
    db: Database, catalogue: Catalogue, outbox: Outbox
) -> None:
    many = [a_use_elsewhere(number, at=LAST_YEAR) for number in range(AT_ONCE + 3)]
    await catalogue.apply([*many, AnnulmentElsewhere(an_id(0), LAST_YEAR)], "1", None)
    await catalogue.forget_other_doors(NOON)
    assert len((await elsewhere(db))[0]) == 3
    await catalogue.forget_other_doors(NOON)
    assert await elsewhere(db) == (set(), set())
    assert (await outbox.depth()).delivered == 0
