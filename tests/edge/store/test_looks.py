"""What needs a look goes away by the register's word or by staff's, and nothing of it is forgotten."""

from __future__ import annotations

from kiosk.cards.exchange import EndedFlag, Fate, Settlement
from kiosk.cards.model import Texts
from kiosk.cards.news import Verdict
from kiosk.store.archive import Archive
from kiosk.store.catalogue import Catalogue
from kiosk.store.database import Database
from kiosk.store.ledger import Ledger
from kiosk.store.outbox import Outbox
from kiosk.store.salvage import salvage
from tests.edge.store.samples import HOUR, NOON, a_use, an_id

WORDS = Texts("Kahdella ovella.", "Vid två dörrar.", "At two doors.")
NO_WORDS = Texts("", "", "")
TWICE = ("already-used",)
FLAG, PARK = an_id(1), an_id(2)


async def recorded(ledger: Ledger, outbox: Outbox) -> None:
    """One use that is flagged, one that is parked."""
    for number in (1, 2):
        await ledger.record(a_use(number))
    await outbox.settle([Settlement(FLAG, Fate.FLAGGED, TWICE, WORDS), Settlement(PARK, Fate.PARKED, error="refused")])


async def open_and_away(archive: Archive) -> tuple[list[str], list[str]]:
    lists = (await archive.needs_look(), await archive.put_away())
    one, other = ([each.entry.item_id for each in records] for records in lists)
    return one, other


async def test_what_staff_have_seen_is_counted_no_more_and_still_listed(
    db: Database, ledger: Ledger, outbox: Outbox
) -> None:
    await recorded(ledger, outbox)
    archive = Archive(db)
    assert (await outbox.depth()).needs_look == 2
    assert await open_and_away(archive) == ([PARK, FLAG], [])
    await archive.mark_seen(PARK, NOON + HOUR)
    await archive.mark_seen(PARK, NOON + 2 * HOUR)
    assert await open_and_away(archive) == ([FLAG], [PARK])
    depth = await outbox.depth()
    assert (depth.flagged, depth.parked, depth.seen, depth.needs_look) == (1, 1, 1, 1)
    (seen,) = await archive.put_away()
    assert (seen.entry.fate, seen.entry.seen_at) == (Fate.PARKED, NOON + HOUR)


async def test_a_parked_record_that_was_seen_is_exported_and_stands_in_the_way_of_a_wipe(
    db: Database, ledger: Ledger, outbox: Outbox
) -> None:
    await recorded(ledger, outbox)
    await Archive(db).mark_seen(PARK, NOON)
    assert await outbox.not_exported() == 1
    assert [each.item.id for each in salvage(outbox.path).parcels] == [PARK]
    assert [each.item_id for each in await outbox.listing((Fate.PARKED,))] == [PARK]


async def test_a_record_that_waits_or_was_delivered_cannot_be_seen(
    db: Database, ledger: Ledger, outbox: Outbox
) -> None:
    await ledger.record(a_use(1))
    await ledger.record(a_use(2))
    await outbox.settle([Settlement(an_id(2), Fate.DELIVERED)])
    for item_id in (an_id(1), an_id(2), "no id"):
        await Archive(db).mark_seen(item_id, NOON)
    assert await db.read(lambda one: one.execute("SELECT * FROM looks").fetchall()) == []
    await outbox.settle([Settlement(an_id(1), Fate.FLAGGED, TWICE, WORDS)])
    assert await open_and_away(Archive(db)) == ([an_id(1)], [])


async def test_a_record_that_is_sent_again_and_parked_again_needs_a_look_again(
    db: Database, ledger: Ledger, outbox: Outbox
) -> None:
    await recorded(ledger, outbox)
    archive = Archive(db)
    await archive.mark_seen(PARK, NOON)
    assert await outbox.retry([PARK]) == 1
    assert await open_and_away(archive) == ([FLAG], [])
    await outbox.settle([Settlement(PARK, Fate.PARKED, error="refused")])
    assert await open_and_away(archive) == ([PARK, FLAG], [])
    assert (await outbox.depth()).seen == 0


async def test_a_verdict_without_reasons_takes_the_flag_away_and_keeps_what_it_was(
    db: Database, ledger: Ledger, outbox: Outbox, catalogue: Catalogue
) -> None:
    await recorded(ledger, outbox)
    archive = Archive(db)
    await catalogue.apply([Verdict(FLAG, (), NO_WORDS), Verdict(PARK, (), NO_WORDS)], "1", NOON + HOUR)
    assert (await outbox.depth()).needs_look == 1
    assert await open_and_away(archive) == ([PARK], [FLAG])
    (record,) = await archive.put_away()
    assert (record.entry.fate, record.entry.reasons) == (Fate.DELIVERED, ())
    assert record.ended == (EndedFlag(TWICE, WORDS, NOON + HOUR),)
    await catalogue.apply([Verdict(FLAG, (), NO_WORDS)], "2", NOON + HOUR)
    assert len((await archive.put_away())[0].ended) == 1


async def test_a_flag_that_was_seen_and_comes_back_after_its_end_needs_a_look_again(
    db: Database, ledger: Ledger, outbox: Outbox, catalogue: Catalogue
) -> None:
    await recorded(ledger, outbox)
    archive = Archive(db)
    await archive.mark_seen(FLAG, NOON)
    await catalogue.apply([Verdict(FLAG, TWICE, WORDS)], "1", NOON)  # a snapshot tells what is known
    assert await open_and_away(archive) == ([PARK], [FLAG])
    await catalogue.apply([Verdict(FLAG, (), NO_WORDS), Verdict(FLAG, TWICE, WORDS)], "2", NOON)
    assert await open_and_away(archive) == ([PARK, FLAG], [])


async def test_a_further_reason_against_what_was_seen_needs_a_look(
    db: Database, ledger: Ledger, outbox: Outbox, catalogue: Catalogue
) -> None:
    await recorded(ledger, outbox)
    await Archive(db).mark_seen(FLAG, NOON)
    await catalogue.apply([Verdict(FLAG, (*TWICE, "quota-exceeded"), WORDS)], "1", NOON)
    assert await open_and_away(Archive(db)) == ([PARK, FLAG], [])


async def test_a_flag_that_ended_before_the_register_told_the_time_is_kept_without_one(
    db: Database, ledger: Ledger, outbox: Outbox, catalogue: Catalogue
) -> None:
    await recorded(ledger, outbox)
    await catalogue.apply([Verdict(FLAG, (), NO_WORDS)], "1", None)
    (record,) = await Archive(db).put_away()
    assert record.ended == (EndedFlag(TWICE, WORDS, None),)
