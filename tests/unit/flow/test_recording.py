"""What becomes of a confirmed card when the disk works, fails, and works again."""

import datetime as dt
from dataclasses import replace

from kiosk.cards.desk_effects import CountRefusal
from kiosk.cards.desk_events import AnnulFailed, Annulled, AnnulNeedsRegister, DeskEvent, Recorded, RecordFailed, Tick
from kiosk.cards.model import Annulment, Reason, Refusal, Tickets, Use
from kiosk.clock import SameBoot
from kiosk.errors import NotUndoable, StoreError, StoreFault, StoreUnavailable
from kiosk.flow.ports import Senses
from kiosk.flow.recording import Recorder, use_of
from kiosk.health import Health
from tests.support import desks
from tests.support.clock import FixedClock

FULL = "The disk is nearly full."


class Disk:
    """A ledger in memory that fails when it is told to, and may have kept the record all the same."""

    def __init__(self) -> None:
        self.uses: dict[str, Use] = {}
        self.annulments: list[Annulment] = []
        self.refusals: list[Refusal] = []
        self.fails: StoreError | None = None
        self.keeps_what_fails = False

    async def record(self, use: Use) -> None:
        if self.fails is None or self.keeps_what_fails:
            known = self.uses.setdefault(use.id, use)
            if known != use:
                raise StoreError("Another record has this id already.")
        self._fail()

    async def annul(self, annulment: Annulment) -> None:
        self._fail()
        self.annulments.append(annulment)

    async def count_refusal(self, refusal: Refusal) -> None:
        self._fail()
        self.refusals.append(refusal)

    async def undoable(self, since: dt.datetime, same_boot: SameBoot | None = None) -> tuple[Use, ...]:
        return tuple(self.uses.values())

    async def probe(self) -> None:
        self._fail()

    def _fail(self) -> None:
        if self.fails is not None:
            raise self.fails


class Room:
    """A recorder, its disk, and what the rest of the kiosk heard."""

    def __init__(self) -> None:
        self.disk = Disk()
        self.clock = FixedClock()
        self.health = Health(self.clock)
        self.pokes = 0
        self.online = True
        senses = Senses(keys=lambda: None, online=lambda: self.online, recorded=self._poke, beat=lambda: None)
        self.recorder = Recorder(self.disk, senses, self.clock, self.health)

    async def confirm(self, tickets: Tickets = Tickets()) -> DeskEvent:
        presentation = replace(desks.on_desk(desks.presented("p1")), tickets=tickets)
        return await self.recorder.record(presentation)

    def _poke(self) -> None:
        self.pokes += 1


def the_use(room: Room) -> Use:
    shown = desks.on_desk(desks.presented("p1"))
    assert shown.identity is not None
    assert shown.facts is not None
    return use_of(shown, shown.identity, shown.facts, room.clock.now(), online=True)


async def test_a_confirmed_card_is_a_use_on_the_disk_and_the_register_is_thought_of() -> None:
    room = Room()
    use = the_use(room)
    assert await room.confirm() == Recorded(use, 60_000)
    assert (room.disk.uses, room.pokes, room.health.parts()["database"].ok) == ({"p1": use}, 1, True)


async def test_a_disk_that_fails_is_said_and_nothing_is_announced_as_recorded() -> None:
    room = Room()
    room.disk.fails = StoreUnavailable(FULL, StoreFault.FULL)
    assert await room.confirm() == RecordFailed("disk-full", 60_000)
    assert (room.disk.uses, room.pokes, room.health.parts()["database"].why) == ({}, 0, FULL)


async def test_a_second_try_is_the_very_same_record_also_when_the_first_reached_the_disk() -> None:
    room = Room()
    use = the_use(room)
    room.disk.fails, room.disk.keeps_what_fails = StoreUnavailable(FULL), True
    await room.confirm()
    room.clock.pass_by(5)
    room.disk.fails = None
    assert await room.confirm() == Recorded(use, 65_000)
    assert room.disk.uses == {"p1": use}


async def test_a_second_try_with_other_tickets_is_the_record_of_those() -> None:
    room = Room()
    room.disk.fails = StoreUnavailable(FULL, StoreFault.FULL)
    await room.confirm()
    room.disk.fails = None
    await room.confirm(Tickets(own=1, children=1))
    assert room.disk.uses["p1"].tickets == Tickets(own=1, children=1)


async def test_an_undo_that_reached_the_disk_is_told_and_one_that_did_not_is_not() -> None:
    room = Room()
    done = await room.recorder.annul("use-1")
    room.disk.fails = NotUndoable("This use was taken back before.")
    failed = await room.recorder.annul("use-1")
    assert (done, failed, room.pokes) == (Annulled("use-1", 60_000), AnnulFailed("use-1", 60_000), 1)
    assert [each.use_id for each in room.disk.annulments] == ["use-1"]


async def test_a_late_undo_is_refused_offline_with_nothing_written_and_done_online() -> None:
    room = Room()
    room.online = False
    refused = await room.recorder.annul("use-1", late=True)
    assert (refused, room.disk.annulments, room.pokes) == (AnnulNeedsRegister("use-1", 60_000), [], 0)
    assert await room.recorder.annul("use-2") == Annulled("use-2", 60_000), "within its time, as ever"
    room.online = True
    assert await room.recorder.annul("use-1", late=True) == Annulled("use-1", 60_000)


async def test_a_refusal_that_cannot_be_counted_does_not_stop_the_desk() -> None:
    room = Room()
    effect = CountRefusal(Reason.QUOTA_FULL, "event-1")
    assert await room.recorder.count(effect) == Tick(room.clock.utc, 60_000)
    room.disk.fails = StoreUnavailable(FULL, StoreFault.FULL)
    assert await room.recorder.count(effect) == Tick(room.clock.utc, 60_000)
    assert [(each.reason, each.event_id) for each in room.disk.refusals] == [(Reason.QUOTA_FULL, "event-1")]
    assert (room.pokes, room.health.parts()["database"].why) == (1, FULL)


async def test_what_is_practised_is_told_as_recorded_and_kept_nowhere() -> None:
    room = Room()
    told = await room.recorder.record(desks.on_desk(desks.presented("p1")), practice=True)
    assert told == Recorded(the_use(room), 60_000)
    assert (room.disk.uses, room.pokes) == ({}, 0)
