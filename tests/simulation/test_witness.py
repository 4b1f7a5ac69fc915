"""What a witness may hold against a kiosk that let one more in than there are places."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from kiosk.cards.desk_events import DeskEvent
from kiosk.cards.desk_state import Desk, Notice, Phase
from kiosk.cards.model import Use
from tests.simulation.clocks import KioskClock, TrueTime
from tests.simulation.plan import plan_of
from tests.simulation.staff import Staff
from tests.simulation.template import QUOTA
from tests.simulation.told import Told
from tests.simulation.witness import Witness
from tests.unit.cards.examples import a_use

LET_ONE_MORE_IN = [f"door-0 let {QUOTA + 1} in of {QUOTA}, and did not ask"]


class ProcessDies(Exception):
    """What was asked for has no answer."""


@dataclass
class Door:
    """A desk that answers one thing, and its staff and witness."""

    answer: Desk | None = None
    """The desk after an undo; None: its process dies over it."""
    wrong: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.desk = Desk()
        self.witness = Witness("door-0", print, self.wrong.append, {}, lambda: -1.0, register_lies=False)
        clock = KioskClock(TrueTime(), plan_of(3).chance("clock"))
        machine: Any = SimpleNamespace(name="door-0", clock=clock)
        self.staff = Staff(machine, self.witness, plan_of(3).chance("staff"), lambda: 0, Told(plan_of(3)))

    @property
    def process(self) -> Any:
        return SimpleNamespace(flow=self)

    async def do(self, _: DeskEvent) -> None:
        if self.answer is None:
            raise ProcessDies
        self.desk = self.answer

    async def fill(self) -> Use:
        """Let as many in as there are places; the first of them."""
        for number in range(QUOTA):
            await self.let_in(number)
        return a_use("use-0")

    async def let_in(self, number: int) -> None:
        await self.witness.announce(Desk(phase=Phase.RECORDED, recorded=a_use(f"use-{number}")))


async def test_one_more_than_there_are_places_is_wrong_where_nobody_was_asked() -> None:
    door = Door()
    await door.fill()
    assert door.wrong == []
    await door.let_in(QUOTA)
    assert door.wrong == LET_ONE_MORE_IN


async def test_a_use_that_was_taken_back_leaves_its_place() -> None:
    door = Door(answer=Desk(notice=Notice.ANNULLED))
    await door.staff._undo(door.process, await door.fill())
    await door.let_in(QUOTA)
    assert (door.wrong, door.witness.undone) == ([], {"use-0"})


async def test_a_use_whose_kiosk_died_over_the_undo_may_have_left_its_place() -> None:
    door = Door()
    with pytest.raises(ProcessDies):
        await door.staff._undo(door.process, await door.fill())
    await door.let_in(QUOTA)
    assert (door.wrong, door.witness.undone) == ([], set())


async def test_a_use_whose_undo_has_failed_keeps_its_place() -> None:
    door = Door(answer=Desk(notice=Notice.NOT_ANNULLED, undoable=(a_use("use-0"),)))
    await door.staff._undo(door.process, await door.fill())
    await door.let_in(QUOTA)
    assert (door.wrong, door.witness.undone) == (LET_ONE_MORE_IN, set())


async def test_a_use_that_the_venue_took_back_has_left_its_place_whatever_becomes_of_the_undo() -> None:
    door = Door(answer=Desk(notice=Notice.NOT_ANNULLED, undoable=(a_use("use-0"),)))
    first = await door.fill()
    door.witness.the_venue_took_back("use-0")
    await door.staff._undo(door.process, first)
    await door.let_in(QUOTA)
    assert door.wrong == []


async def test_uses_that_went_with_their_disk_are_not_counted_by_their_door() -> None:
    door = Door()
    await door.fill()
    door.witness.the_kiosk_forgets({"use-0"})
    await door.let_in(QUOTA)
    assert door.wrong == []
