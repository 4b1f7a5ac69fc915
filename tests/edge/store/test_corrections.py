"""Times that an untrusted clock gave are put right once, when the clock is trusted, and only where that is sure."""

from __future__ import annotations

import datetime as dt
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
import sqlite_utils
from sqlite_utils.migrations import Migrations

from kiosk.cards.exchange import Fate, Settlement
from kiosk.cards.model import Annulment, Reason, Refusal, Stamp, Use
from kiosk.clock import Moment, SameBoot
from kiosk.health import Health
from kiosk.store.archive import Archive
from kiosk.store.catalogue import Catalogue
from kiosk.store.corrections import Corrector, correct
from kiosk.store.database import Database
from kiosk.store.ledger import Ledger
from kiosk.store.migrations import (
    backlog,
    by_hand,
    chain,
    corrections,
    culprits,
    desk,
    elsewhere_by_time,
    exports,
    first_light,
    identities,
    looks,
)
from kiosk.store.outbox import Outbox
from kiosk.store.salvage import salvage
from tests.edge.store.samples import DAY, HOUR, NOON, a_key, a_refusal, a_use, an_annulment, an_id
from tests.support.clock import FixedClock

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
YEAR = dt.timedelta(days=365)
DAY_LONG = dt.timedelta(days=1)
SECOND_MS = 1000
BOOT = "boot-1"
OLDER = (
    ("0001_first_light", first_light),
    ("0002_exports", exports),
    ("0003_chain", chain),
    ("0004_corrections", corrections),
    ("0005_backlog", backlog),
    ("0006_desk", desk),
    ("0007_by_hand", by_hand),
    ("0008_identities", identities),
    ("0009_looks", looks),
    ("0010_elsewhere_by_time", elsewhere_by_time),
    ("0011_culprits", culprits),
)
"""Before refusals had stamps."""


def dark_use(number: int, said: dt.datetime, monotonic_ms: int, *, boot: str = BOOT) -> Use:
    use = a_use(number, key=a_key(number))
    stamp = replace(use.decided, at=said, clock_trusted=False, boot_id=boot, monotonic_ms=monotonic_ms)
    return replace(use, decided=stamp)


def moment(utc: dt.datetime, monotonic_ms: int, *, boot: str = BOOT) -> Moment:
    return Moment(utc, monotonic_ms, boot, trusted=True)


async def times(outbox: Outbox) -> dict[str, tuple[dt.datetime, dt.datetime | None]]:
    """What would be sent: each item's time, and what the clock had said."""
    found = {}
    for parcel in await outbox.due(NOON + 10 * YEAR, 100):
        item = parcel.item
        stamp = item.decided if isinstance(item, Use) else item.annulled if isinstance(item, Annulment) else None
        assert stamp is not None
        found[item.id] = (stamp.at, stamp.uncorrected_at)
    return found


@pytest.mark.parametrize(
    "said", [EPOCH, NOON - YEAR, NOON + YEAR, NOON - dt.timedelta(hours=1)], ids=["1970", "-1 year", "+1 year", "-1 h"]
)
async def test_a_use_gets_its_true_time_however_far_off_the_clock_was(
    said: dt.datetime, db: Database, ledger: Ledger, outbox: Outbox
) -> None:
    use = dark_use(1, said, 60 * SECOND_MS)
    await ledger.record(use)
    assert await correct(db, moment(NOON, 90 * SECOND_MS)) == 1
    assert await times(outbox) == {use.id: (NOON - dt.timedelta(seconds=30), said)}


async def test_a_clock_put_right_in_the_middle_of_the_queue_leaves_both_halves_in_their_order(
    db: Database, ledger: Ledger, outbox: Outbox
) -> None:
    early = [dark_use(n, EPOCH + n * dt.timedelta(seconds=10), n * 10 * SECOND_MS) for n in (1, 2, 3)]
    for use in early:
        await ledger.record(use)
    await ledger.annul(replace(an_annulment(early[0]), annulled=replace(early[2].decided, monotonic_ms=35 * SECOND_MS)))
    assert await correct(db, moment(NOON, 40 * SECOND_MS)) == 4
    late = a_use(4, key=a_key(4), at=NOON + dt.timedelta(seconds=5))
    await ledger.record(late)
    sent = [at for at, _ in (await times(outbox)).values()]
    assert sent == [NOON + dt.timedelta(seconds=s) for s in (-30, -20, -10, -5, 5)]
    assert (await times(outbox))[late.id] == (late.decided.at, None)


async def test_a_time_is_put_right_once_and_the_record_itself_never_changes(
    db: Database, ledger: Ledger, outbox: Outbox
) -> None:
    use = dark_use(1, EPOCH, 60 * SECOND_MS)
    await ledger.record(use)
    await correct(db, moment(NOON, 90 * SECOND_MS))
    before = await times(outbox)
    assert await correct(db, moment(NOON + YEAR, 91 * SECOND_MS)) == 0
    assert await times(outbox) == before
    (told,) = await ledger.undoable(EPOCH)
    assert told.decided.uncorrected_at == use.decided.at
    await ledger.record(use)  # the very same record: else it is refused
    assert len(await times(outbox)) == 1


async def test_what_another_boot_recorded_what_was_sent_and_what_was_trusted_stays(
    db: Database, ledger: Ledger, outbox: Outbox
) -> None:
    other_boot, delivered, trusted = dark_use(1, EPOCH, 5, boot="boot-0"), dark_use(2, EPOCH, 6), a_use(3, key=a_key(3))
    for use in (other_boot, delivered, trusted):
        await ledger.record(use)
    await outbox.settle([Settlement(delivered.id, Fate.DELIVERED)])
    assert await correct(db, moment(NOON, 200_000)) == 0
    assert await times(outbox) == {other_boot.id: (EPOCH, None), trusted.id: (NOON, None)}


async def test_a_refusal_gets_its_true_time_and_is_counted_in_the_hour_in_which_it_was(
    db: Database, ledger: Ledger, outbox: Outbox
) -> None:
    dark = Refusal(an_id(1), Reason.SOLD_OUT, None, Stamp(EPOCH, False, BOOT, 60 * SECOND_MS))
    other_boot = Refusal(an_id(2), Reason.SOLD_OUT, None, Stamp(EPOCH, False, "boot-0", 60 * SECOND_MS))
    for refusal in (dark, other_boot, a_refusal(at=NOON)):
        await ledger.count_refusal(refusal)
    assert await correct(db, moment(NOON + 2 * HOUR, 60 * SECOND_MS)) == 1
    sent = {each.item.id: each.item for each in await outbox.due(NOON, 10)}
    assert sent[dark.id] == replace(dark, refused=replace(dark.refused, at=NOON + 2 * HOUR, uncorrected_at=EPOCH))
    assert sent[other_boot.id] == other_boot
    counted = {
        day: [(each.hour, each.visitors) for each in (await Archive(db).counts(day, day + DAY_LONG))[1]]
        for day in (EPOCH, NOON)
    }
    assert counted == {EPOCH: [(EPOCH, 1)], NOON: [(NOON, 1), (NOON + 2 * HOUR, 1)]}


async def test_a_refusal_of_before_the_stamps_stays_as_it_is(path: Path) -> None:
    older = Migrations("kiosk")
    for name, step in OLDER:
        older(name=name)(step)
    with closing(Database.open(path, migrations=older, kept_free_bytes=0)) as database:
        await database.write(_put_old_refusal)
    salvaged = salvage(path)
    with closing(Database.open(path, kept_free_bytes=0)) as database:
        assert await correct(database, moment(NOON, 90 * SECOND_MS)) == 0
        (parcel,) = await Outbox(database).due(NOON, 10)
    old = Refusal(an_id(1), Reason.SOLD_OUT, None, Stamp(EPOCH, True, "", 0))
    assert (parcel.item, salvaged.unreadable, [each.item for each in salvaged.parcels]) == (old, 0, [old])


def _put_old_refusal(db: sqlite_utils.Database) -> int:
    db.execute("INSERT INTO refusals VALUES (?, 'sold-out', NULL, 0)", (an_id(1),))
    return db.execute(
        "INSERT INTO outbox (item_id, kind, decided_at_ms) VALUES (?, 'refusal', 0)", (an_id(1),)
    ).rowcount


async def test_a_use_of_an_evening_in_1970_counts_as_one_of_today_as_soon_as_today_is_known(
    db: Database, ledger: Ledger, catalogue: Catalogue
) -> None:
    await ledger.record(dark_use(7, EPOCH, 60 * SECOND_MS))

    async def earlier() -> list[dt.datetime]:
        facts = await catalogue.facts(a_key(7), None, day=DAY, online=False, clock_trusted=True, course_uses=None)
        return [use.decided_at for use in facts.earlier_uses]

    assert await earlier() == []
    await correct(db, moment(NOON, 61 * SECOND_MS))
    assert await earlier() == [NOON - dt.timedelta(seconds=1)]


@pytest.mark.parametrize("trusted", [False, True], ids=["the clock is never set", "delivered before it was set"])
async def test_a_use_of_this_boot_that_nothing_put_right_counts_as_one_of_today(
    trusted: bool, db: Database, ledger: Ledger, catalogue: Catalogue, outbox: Outbox
) -> None:
    use = dark_use(7, NOON - 2 * DAY_LONG, 60 * SECOND_MS)
    await ledger.record(use)
    await ledger.record(dark_use(8, NOON - 2 * DAY_LONG, 60 * SECOND_MS, boot="boot-0"))
    if trusted:
        await outbox.settle([Settlement(use.id, Fate.DELIVERED)])
        await correct(db, moment(NOON, 90 * SECOND_MS))

    async def earlier(card: int, monotonic_ms: int) -> list[dt.datetime]:
        day_here = SameBoot(BOOT, monotonic_ms - (NOON - DAY[0]) // dt.timedelta(milliseconds=1))
        facts = await catalogue.facts(
            a_key(card), None, day=DAY, online=True, clock_trusted=trusted, course_uses=None, day_here=day_here
        )
        return [use.decided_at for use in facts.earlier_uses]

    assert await earlier(7, 90 * SECOND_MS) == [NOON - dt.timedelta(seconds=30)]
    assert await earlier(7, 90 * SECOND_MS + 24 * 3600 * SECOND_MS) == [], "it was yesterday's"
    assert await earlier(8, 90 * SECOND_MS) == [], "nothing tells when that boot was"


async def test_a_use_of_an_evening_in_1970_that_waits_is_as_old_as_it_truly_is(
    db: Database, ledger: Ledger, catalogue: Catalogue, outbox: Outbox
) -> None:
    for number in (1, 2):
        await ledger.record(dark_use(number, EPOCH + number * dt.timedelta(seconds=1), number * SECOND_MS))
    await ledger.record(a_use(3, key=a_key(3), at=NOON))
    await correct(db, moment(NOON, 3 * SECOND_MS))
    facts = await catalogue.facts(a_key(9), None, day=DAY, online=False, clock_trusted=True, course_uses=None)
    assert (facts.unsent, facts.oldest_unsent_at) == (3, NOON - dt.timedelta(seconds=2))
    assert (await outbox.depth()).oldest_waiting_at == NOON - dt.timedelta(seconds=2)


async def test_a_use_whose_time_was_put_right_is_on_the_list_of_its_true_day_alone(
    db: Database, ledger: Ledger
) -> None:
    dark, plain = dark_use(1, EPOCH, 60 * SECOND_MS), a_use(2, key=a_key(2), at=NOON - dt.timedelta(seconds=1))
    await ledger.record(dark)
    await ledger.record(plain)
    await correct(db, moment(NOON, 60 * SECOND_MS))
    listed = await ledger.uses_of_day(*DAY)
    assert [(each.use.id, each.use.decided.at) for each in listed] == [(dark.id, NOON), (plain.id, plain.decided.at)]
    assert await ledger.uses_of_day(EPOCH, EPOCH + YEAR) == ()


async def test_people_who_look_at_the_queue_read_the_true_time(db: Database, ledger: Ledger, outbox: Outbox) -> None:
    use = dark_use(1, EPOCH, 60 * SECOND_MS)
    await ledger.record(use)
    await correct(db, moment(NOON, 60 * SECOND_MS))
    record = await outbox.find(use.id)
    assert record is not None
    assert record.entry.decided_at == NOON


async def test_the_corrector_waits_for_trust_and_says_that_it_waits(
    db: Database, ledger: Ledger, outbox: Outbox
) -> None:
    clock = FixedClock(EPOCH, trusted=False)
    health = Health(clock)
    corrector = Corrector(db, clock=clock, health=health)
    use = dark_use(1, EPOCH, clock.monotonic_ms, boot=clock.now().boot_id)
    await ledger.record(use)
    await corrector.look()
    assert (await times(outbox), health.parts()["clock"].ok) == ({use.id: (EPOCH, None)}, False)
    clock.pass_by(10)
    clock.utc, clock.trusted = NOON, True
    await corrector.look()
    right = {use.id: (NOON - dt.timedelta(seconds=10), EPOCH)}
    assert (await times(outbox), health.parts()["clock"].ok) == (right, True)
    # The clock is lost, runs ahead by a year, and is found again: what came meanwhile is put right then.
    clock.utc, clock.trusted = NOON + YEAR, False
    later = dark_use(2, clock.utc, clock.monotonic_ms, boot=clock.now().boot_id)
    await ledger.record(later)
    await corrector.look()
    clock.pass_by(60)
    clock.utc, clock.trusted = NOON + dt.timedelta(minutes=2), True
    await corrector.look()
    assert await times(outbox) == right | {later.id: (NOON + dt.timedelta(minutes=1), NOON + YEAR)}


async def test_a_use_that_reaches_the_disk_only_after_the_clock_was_put_right_gets_its_true_time_as_well(
    db: Database, ledger: Ledger, outbox: Outbox
) -> None:
    clock = FixedClock(EPOCH, trusted=False)
    corrector = Corrector(db, clock=clock, health=Health(clock))
    early, late = (dark_use(n, EPOCH, clock.monotonic_ms, boot=clock.now().boot_id) for n in (1, 2))
    await ledger.record(early)
    clock.pass_by(10)
    clock.utc, clock.trusted = NOON, True
    await corrector.look()
    await ledger.record(late)  # a disk that had failed, and the second try with the time of the first
    clock.pass_by(5)
    await corrector.look()
    true = (NOON - dt.timedelta(seconds=10), EPOCH)
    assert await times(outbox) == {early.id: true, late.id: true}
