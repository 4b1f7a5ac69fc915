"""Events added by hand, on a real database: offered with the others, and their name on what was recorded there."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.cards.by_hand import event_by_hand
from kiosk.cards.exchange import UseOfDay
from kiosk.cards.figures import UseCount
from kiosk.cards.model import UseKind
from kiosk.cards.news import RemovedEvent
from kiosk.store.archive import Archive
from kiosk.store.by_hand import ByHand
from kiosk.store.catalogue import Catalogue
from kiosk.store.copies import make_copy
from kiosk.store.database import Database
from kiosk.store.ledger import Ledger
from kiosk.store.outbox import Outbox
from kiosk.store.restore import restore
from kiosk.store.salvage import salvage
from tests.edge.store.samples import DAY, HOUR, NOON, a_key, a_use, an_event, an_id

CONCERT = an_event()
SALE = event_by_hand(an_id(900), "Avoimet ovet", DAY[0], DAY[1], whole_day=True)
TALK = event_by_hand(an_id(1), "Keskustelu", NOON + HOUR, NOON + 4 * HOUR, whole_day=False)


async def test_what_was_added_after_the_copy_is_offered_after_a_restore(path: Path, tmp_path: Path) -> None:
    with closing(Database.open(path, kept_free_bytes=0)) as db:
        copy = make_copy(path, tmp_path / "copies", NOON, keep=7).path
        await ByHand(db).add(TALK)
    restore(copy, path)
    with closing(Database.open(path, kept_free_bytes=0)) as restored:
        assert await Catalogue(restored, door="Main door").events(*DAY) == (TALK,)


async def test_they_are_offered_on_their_day_until_they_are_taken_away(db: Database, catalogue: Catalogue) -> None:
    pokes: list[None] = []
    by_hand = ByHand(db, lambda: pokes.append(None))
    for event in (TALK, SALE, SALE):
        await by_hand.add(event)
    await catalogue.apply([CONCERT], "1", NOON)
    assert await catalogue.events(*DAY) == (SALE, CONCERT, TALK)
    await catalogue.apply([RemovedEvent(CONCERT.id)], "2", NOON)
    assert await catalogue.events(DAY[1], DAY[1] + 24 * HOUR) == ()
    await by_hand.take_away(SALE.id)
    assert await catalogue.events(*DAY) == (TALK,)
    assert len(pokes) == 4


async def test_an_event_without_a_name_is_not_kept(db: Database) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        await ByHand(db).add(event_by_hand(an_id(902), "", DAY[0], DAY[1], whole_day=True))


async def test_the_rules_are_those_of_general_admission(db: Database, catalogue: Catalogue, ledger: Ledger) -> None:
    await ByHand(db).add(SALE)
    await ledger.record(replace(a_use(key=a_key(7)), event_label="Avoimet ovet"))
    facts = await catalogue.facts(a_key(7), SALE.id, day=DAY, online=True, clock_trusted=True, course_uses=None)
    assert (facts.event, [use.decided_at for use in facts.earlier_uses]) == (None, [NOON])


async def test_a_use_keeps_the_name_when_the_event_is_taken_away(db: Database, ledger: Ledger, outbox: Outbox) -> None:
    use = replace(a_use(), event_label="Avoimet ovet")
    await ledger.record(use)
    await ledger.record(a_use(2))
    assert await ledger.uses_of_day(*DAY) == (UseOfDay(a_use(2), None), UseOfDay(use, None))
    assert [parcel.item for parcel in await outbox.due(NOON, 10)] == [
        replace(each, card=replace(each.card, tail="")) for each in (use, a_use(2))
    ]
    counts, _ = await Archive(db).counts(*DAY)
    assert counts == (
        UseCount(NOON, None, UseKind.ENTRANCE, 1, 1, 0, 0),
        UseCount(NOON, None, UseKind.ENTRANCE, 1, 1, 0, 0, "Avoimet ovet"),
    )


async def test_a_file_of_before_can_still_be_rescued_as_it_is(db: Database, ledger: Ledger, path: Path) -> None:
    await ledger.record(a_use())
    db.close()
    with closing(sqlite3.connect(path)) as older:
        older.execute("ALTER TABLE uses DROP COLUMN event_label")
    (parcel,) = salvage(path).parcels
    assert parcel.item == replace(a_use(), card=replace(a_use().card, tail=""))
