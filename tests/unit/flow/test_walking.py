"""Codes and buttons while the venue's pages are walked: theirs they are, and the desk's again when a card comes."""

from __future__ import annotations

import pytest

from kiosk.cards.commands import BothHeld, Command
from kiosk.cards.desk_events import ModeSet
from kiosk.cards.desk_state import DeskMode, Notice, Phase, PinProgress
from kiosk.cards.model import Scan
from kiosk.cards.page_steps import PageStep
from tests.unit.flow.test_left_alone import Kept, Room, running
from tests.unit.flow.test_unlocking import CODE_OF, PIN, Lock, press, read, shown

FOR_PAGES = PinProgress(for_pages=True)
FORWARD, BACK, CHOOSE, AWAY = PageStep.FORWARD, PageStep.BACK, PageStep.CHOOSE, PageStep.AWAY


class Walked:
    """The pages, which take all that comes while somebody walks them."""

    def __init__(self, *, on: bool = False) -> None:
        self.on = on
        self.begun = 0
        self.steps: list[PageStep | None] = []

    def begin(self) -> None:
        self.on, self.begun = True, self.begun + 1

    def takes(self, step: PageStep | None, at_ms: int) -> bool:
        if self.on:
            self.steps.append(step)
        return self.on

    def end(self) -> None:
        self.on = False


async def hold_both(room: Room) -> None:
    room.clock.pass_by(1)
    await room.flow.do(BothHeld(room.clock.monotonic_ms))


async def test_the_code_locks_an_open_desk_and_the_pin_then_opens_the_pages() -> None:
    lock, walk = Lock(), Walked()
    async with running(Kept(), pin_lock=lock, walk=walk) as room:
        await room.until_locked(locked=False)
        await read(room, Command.VENUE_PAGES)
        assert (shown(room), lock.left) == ((True, FOR_PAGES, None), 1)
        await read(room, *(CODE_OF[digit] for digit in PIN))
        assert (shown(room), walk.begun) == ((True, PinProgress(4, for_pages=True), None), 0)
        await read(room, Command.CONFIRM)
        assert (shown(room), lock.tried, walk.begun) == ((False, PinProgress(), None), [PIN], 1)


async def test_both_buttons_held_twice_are_the_same_and_once_more_takes_it_back() -> None:
    lock, walk = Lock(), Walked()
    async with running(Kept(), pin_lock=lock, walk=walk) as room:
        await room.until_locked(locked=False)
        seen = []
        for _ in range(4):
            await hold_both(room)
            seen.append(room.flow.desk.pin)
        assert (seen, lock.left) == ([PinProgress(), FOR_PAGES, PinProgress(), FOR_PAGES], 1)
        await press(room, "||.")
        await press(room, "||||||||||.")
        await press(room, "|||.|||||C")
        assert (shown(room), lock.tried, walk.begun) == ((False, PinProgress(), None), [PIN], 1)


async def test_a_pin_for_the_lock_alone_and_a_wrong_one_open_no_pages() -> None:
    walk = Walked()
    async with running(Kept(DeskMode(locked=True)), pin_lock=Lock(), walk=walk) as room:
        await room.until_locked()
        await read(room, Command.VENUE_PAGES, CODE_OF["1"], Command.CONFIRM)
        assert shown(room) == (True, PinProgress(), Notice.WRONG_PIN)
        await read(room, *(CODE_OF[digit] for digit in PIN), Command.CONFIRM)
        assert (room.flow.desk.mode, walk.begun) == (DeskMode(), 0)


async def test_without_a_pin_the_pages_are_not_opened_and_nothing_is_locked() -> None:
    walk = Walked()
    async with running(Kept(), has_pin=False, pin_lock=Lock(), walk=walk) as room:
        await room.until_locked(locked=False)
        await read(room, Command.VENUE_PAGES)
        assert (shown(room), walk.begun) == ((False, PinProgress(), Notice.NOTHING_TO_DO), 0)


@pytest.mark.parametrize("command", [Command.FORWARD, Command.BACK])
async def test_the_steps_over_a_page_mean_nothing_at_the_desk(command: Command) -> None:
    async with running(Kept()) as room:
        await room.until_locked(locked=False)
        await read(room, command)
        assert shown(room) == (False, PinProgress(), Notice.NOTHING_TO_DO)


async def test_every_code_and_press_is_the_pages_and_changes_nothing_at_the_desk() -> None:
    walk = Walked(on=True)
    async with running(Kept(), pin_lock=Lock(), walk=walk) as room:
        await room.until_locked(locked=False)
        before = room.flow.desk
        await read(room, *Command)
        await press(room, "|.CX")
        await hold_both(room)
        assert room.flow.desk == before
        assert walk.steps[len(Command) :] == [FORWARD, BACK, CHOOSE, AWAY, None]
        assert {step for step in walk.steps if step is not None} == set(PageStep)


async def test_what_is_done_on_the_pages_keeps_the_desk_from_locking_itself() -> None:
    walk = Walked(on=True)
    async with running(Kept(), walk=walk) as room:
        await room.until_locked(locked=False)
        room.clock.pass_by(599)
        await press(room, "|")
        room.clock.pass_by(590)
        await room.more_rounds(3)
        assert (room.flow.desk.mode.locked, walk.on) == (False, True)
        room.clock.pass_by(10)
        await room.until_locked()
        assert not walk.on


async def test_a_card_ends_the_walk_and_the_next_press_is_about_it() -> None:
    walk = Walked(on=True)
    async with running(Kept(), walk=walk) as room:
        await room.until_locked(locked=False)
        await room.flow.scan(Scan("A1", "gun"))
        assert (room.flow.desk.phase, walk.on) == (Phase.PRESENTED, False)
        await press(room, "|")
        assert (room.flow.desk.phase, walk.steps) == (Phase.RECORDED, [])


async def test_a_card_that_a_closed_desk_does_not_answer_leaves_the_walk_as_it_is() -> None:
    walk = Walked(on=True)
    async with running(Kept(), walk=walk) as room:
        await room.until_locked(locked=False)
        await room.flow.do(ModeSet(DeskMode(closed=True), room.clock.monotonic_ms))
        await room.flow.scan(Scan("A1", "gun"))
        assert (room.flow.desk.phase, walk.on) == (Phase.OUT_OF_SERVICE, True)
