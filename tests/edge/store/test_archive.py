"""Counts of a real database: annulled uses are out, corrected times count, hours are added up."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from kiosk.cards.exchange import Fate, Settlement
from kiosk.cards.figures import RefusalCount, UseCount
from kiosk.cards.model import Annulment, Reason, Refusal, Stamp, Tickets, UseKind
from kiosk.cards.news import AnnulmentElsewhere
from kiosk.store.archive import MOST_LOOKED_AT, Archive
from kiosk.store.catalogue import Catalogue
from kiosk.store.database import Database
from kiosk.store.ledger import Ledger
from kiosk.store.outbox import Outbox
from tests.unit.cards.examples import DAY, HOUR, NOW, a_use

HALF = NOW.replace(minute=0)


async def test_the_days_uses_are_added_up_by_the_hour_without_annulled_ones(db: Database, ledger: Ledger) -> None:
    await ledger.record(replace(a_use("u1"), tickets=Tickets(children=2)))
    await ledger.record(replace(a_use("u2"), tickets=Tickets(clients=3, assistants=1)))
    await ledger.record(a_use("u3"))
    await ledger.annul(Annulment("n1", "u3", Stamp(NOW, True, "boot", 1)))
    await ledger.record(a_use("yesterday", at=NOW - DAY))
    for number in range(2):
        await ledger.count_refusal(Refusal(f"r{number}", Reason.QUOTA_FULL, None, Stamp(NOW, True, "boot", 1)))
    assert await Archive(db).counts(NOW - HOUR, NOW + HOUR) == (
        (UseCount(HALF, None, UseKind.ENTRANCE, uses=2, adults=2, children=5, assistants=1),),
        (RefusalCount(HALF, Reason.QUOTA_FULL, 2),),
    )


async def test_a_use_that_its_venue_took_back_counts_no_more_and_is_not_offered_for_undo(
    db: Database, ledger: Ledger, catalogue: Catalogue
) -> None:
    archive, outbox = Archive(db), Outbox(db)
    for name in ("u1", "u2"):
        await ledger.record(a_use(name))
        await outbox.settle([Settlement(name, Fate.FLAGGED, ("card-expired",))])
    await catalogue.apply([AnnulmentElsewhere("u1", NOW)], "1", NOW)
    later = Annulment("n2", "u2", Stamp(NOW, True, "boot", 1))
    assert [use.id for use in await ledger.undoable(NOW - HOUR)] == ["u2"]
    assert [(each.entry.item_id, each.taken_back) for each in await archive.needs_look()] == [
        ("u2", False),
        ("u1", True),
    ]
    await ledger.annul(later)
    day = await archive.uses_of_day(NOW - HOUR, NOW + HOUR)
    assert [(each.use.id, each.annulled_at, each.by_venue) for each in day] == [("u2", NOW, False), ("u1", NOW, True)]
    assert await archive.counts(NOW - HOUR, NOW + HOUR) == ((), ())


async def test_a_use_whose_time_was_put_right_counts_where_it_belongs(db: Database, ledger: Ledger) -> None:
    epoch = dt.datetime(1970, 1, 1, 0, 5, tzinfo=dt.UTC)
    await ledger.record(a_use("u1", at=epoch))
    at_ms = int(NOW.timestamp() * 1000)
    await db.write(lambda one: one.execute("INSERT INTO corrections VALUES ('u1', ?)", (at_ms,)))
    (counted,), _ = await Archive(db).counts(NOW - HOUR, NOW + HOUR)
    assert (counted.hour, counted.uses) == (HALF, 1)
    assert await Archive(db).counts(epoch, epoch + HOUR) == ((), ())


async def test_what_was_flagged_tonight_is_shown_however_much_was_flagged_in_years(
    db: Database, ledger: Ledger, outbox: Outbox
) -> None:
    ids = [f"u{number:03}" for number in range(MOST_LOOKED_AT + 2)]
    for use_id in ids:
        await ledger.record(a_use(use_id))
    await outbox.settle([Settlement(use_id, Fate.FLAGGED, ("already-used",)) for use_id in ids])
    shown = await Archive(db).needs_look()
    assert [record.entry.item_id for record in shown] == ids[:1:-1]
