"""A desk that codes alone, or two buttons alone, lock and open: by the page's PIN, its count and its waits."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

import pytest

from kiosk.cards.commands import PIN_CODES, BothHeld, ButtonHeld, Command, Held
from kiosk.cards.desk_events import CancelPressed, ConfirmPressed, DeskEvent, ModeSet, Scanned
from kiosk.cards.desk_state import Desk, DeskMode, Notice, PinProgress
from kiosk.cards.model import Scan
from kiosk.cards.pin_entry import FORGOTTEN_AFTER, PinAnswer
from tests.unit.flow.test_left_alone import Kept, Room, running

PIN = "2035"
CODE_OF = {key.value: code for code, key in PIN_CODES.items()}


class Lock:
    """A PIN in the clear, and all that was tried."""

    def __init__(self) -> None:
        self.tried: list[str] = []
        self.wait_s = 0
        self.left = 0

    async def try_pin(self, pin: str) -> PinAnswer:
        self.tried.append(pin)
        if self.wait_s:
            return PinAnswer.TOO_SOON
        return PinAnswer.RIGHT if pin == PIN else PinAnswer.WRONG

    def leave_all(self) -> None:
        self.left += 1


async def read(room: Room, *codes: Command) -> None:
    """Hold the codes to the scanner, each for itself."""
    for code in codes:
        room.clock.pass_by(1.5)
        await room.flow.scan(Scan(code.value, "gun"))


async def press(room: Room, presses: str) -> None:
    """Press buttons: `|` confirm, `.` cancel, `C` and `X` the same held."""
    for each in presses:
        room.clock.pass_by(0.3)
        at_ms = room.clock.monotonic_ms
        if each in "CX":
            await room.flow.do(ButtonHeld(confirms=each == "C", at_ms=at_ms))
        else:
            await room.flow.do(ConfirmPressed(None, at_ms) if each == "|" else CancelPressed(None, at_ms))


def shown(room: Room) -> tuple[bool, PinProgress, Notice | None]:
    desk = room.flow.desk
    return desk.mode.locked, desk.pin, desk.notice


OPEN = (False, PinProgress(), None)


async def test_codes_alone_lock_the_desk_and_open_it() -> None:
    lock, modes = Lock(), Kept()
    async with running(modes, pin_lock=lock) as room:
        await room.until_locked(locked=False)
        await read(room, Command.LOCK)
        assert (shown(room), modes.mode, lock.left) == ((True, PinProgress(), None), DeskMode(locked=True), 1)
        await read(room, *(CODE_OF[digit] for digit in PIN))
        assert (shown(room), lock.tried) == ((True, PinProgress(4), None), [])
        await read(room, Command.CONFIRM)
        assert (shown(room), modes.mode, lock.tried) == (OPEN, DeskMode(), [PIN])


async def test_two_buttons_alone_lock_the_desk_and_open_it() -> None:
    lock, modes = Lock(), Kept()
    async with running(modes, pin_lock=lock) as room:
        await room.until_locked(locked=False)
        room.clock.pass_by(1)
        await room.flow.do(BothHeld(room.clock.monotonic_ms))
        assert (shown(room), lock.left) == ((True, PinProgress(), None), 1)
        await press(room, "||.")
        await press(room, "||||||||||.")
        await press(room, "|||.|")
        assert shown(room) == (True, PinProgress(3, begun=True), None)
        await press(room, "||||C")
        assert (shown(room), lock.tried) == (OPEN, [PIN])


@pytest.mark.parametrize("command", [Command.LOCK, *PIN_CODES], ids=lambda command: command.name)
async def test_without_a_pin_nothing_locks_the_desk_and_a_digit_means_nothing_while_it_is_open(
    command: Command,
) -> None:
    lock = Lock()
    async with running(Kept(), has_pin=command is not Command.LOCK, pin_lock=lock) as room:
        await room.until_locked(locked=False)
        await read(room, command)
        assert (shown(room), lock.tried, lock.left) == ((False, PinProgress(), Notice.NOTHING_TO_DO), [], 0)


async def test_the_lock_asked_for_again_at_a_locked_desk_changes_nothing_and_ends_no_session() -> None:
    """Whoever opened the venue's pages since with the PIN is not thrown out by a sheet of paper."""
    lock = Lock()
    async with running(Kept(), pin_lock=lock) as room:
        await room.until_locked(locked=False)
        await read(room, Command.LOCK, CODE_OF["2"])
        before = room.flow.desk
        await read(room, Command.LOCK)
        assert (lock.left, room.flow.desk) == (1, before)


async def test_a_wrong_pin_and_one_that_nobody_may_try_yet_are_told_apart_and_leave_nothing_behind() -> None:
    lock = Lock()
    async with running(Kept(DeskMode(locked=True)), pin_lock=lock) as room:
        await room.until_locked()
        await read(room, CODE_OF["2"], CODE_OF["0"], Command.CONFIRM)
        assert (shown(room), room.flow.desk.pin_wait_s) == ((True, PinProgress(), Notice.WRONG_PIN), 0)
        lock.wait_s = 40
        await read(room, *(CODE_OF[digit] for digit in PIN), Command.CONFIRM)
        assert (shown(room), room.flow.desk.pin_wait_s) == ((True, PinProgress(), Notice.PIN_TOO_SOON), 40)
        assert lock.tried == ["20", PIN]


async def test_confirm_with_nothing_entered_is_no_guess_and_cancel_begins_anew() -> None:
    lock = Lock()
    async with running(Kept(DeskMode(locked=True)), pin_lock=lock) as room:
        await room.until_locked()
        await read(room, Command.CONFIRM, CODE_OF["7"], Command.CANCEL, Command.CONFIRM)
        await press(room, "||XC")
        assert (shown(room), lock.tried) == ((True, PinProgress(), None), [])


async def test_a_digit_held_to_the_reader_is_one_and_a_confirm_read_twice_reaches_nobody_behind_the_lock() -> None:
    lock = Lock()
    async with running(Kept(), pin_lock=lock) as room:
        await room.until_locked(locked=False)
        await room.flow.scan(Scan("A1", "gun"))  # a visitor who waits for an answer
        await read(room, Command.LOCK, *(CODE_OF[digit] for digit in PIN[:-1]))
        for _ in range(3):
            await room.flow.scan(Scan(CODE_OF[PIN[-1]].value, "gun"))
            room.clock.pass_by(0.4)
        await read(room, Command.CONFIRM, Command.CONFIRM)
        assert (lock.tried, room.flow.desk.mode.locked, room.flow.desk.undoable) == ([PIN], False, ())
        assert [card.identity is not None for card in room.flow.desk.tray] == [True]


async def test_an_entry_that_nobody_goes_on_with_is_gone_for_whoever_comes_next() -> None:
    lock = Lock()
    async with running(Kept(DeskMode(locked=True)), pin_lock=lock) as room:
        await room.until_locked()
        await read(room, CODE_OF["2"], CODE_OF["0"])
        room.clock.pass_by(FORGOTTEN_AFTER.total_seconds())
        await room.more_rounds(2)
        assert shown(room) == (True, PinProgress(), None)
        await read(room, Command.CONFIRM)
        assert lock.tried == []


async def test_an_entry_is_gone_too_when_the_desk_is_opened_on_the_page() -> None:
    lock = Lock()
    async with running(Kept(DeskMode(locked=True)), pin_lock=lock) as room:
        await room.until_locked()
        await read(room, CODE_OF["2"])
        await room.flow.do(ModeSet(DeskMode(), room.clock.monotonic_ms))
        await read(room, Command.LOCK, Command.CONFIRM)
        assert (shown(room), lock.tried) == ((True, PinProgress(), None), [])


async def test_no_digit_of_a_pin_is_announced_or_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    announced: list[Desk] = []

    class Watching(Kept):
        async def keep(self, mode: DeskMode) -> None:
            announced.append(room.flow.desk)

    async with running(Watching(DeskMode(locked=True)), pin_lock=Lock()) as room:
        await room.until_locked()
        for digit in PIN:
            await read(room, CODE_OF[digit])
            announced.append(room.flow.desk)
        await read(room, Command.CONFIRM)
    assert [desk.pin.digits for desk in announced] == [1, 2, 3, 4, 0]
    said = " ".join([repr(announced), caplog.text])
    assert [word for word in (PIN, *(code.value for code in PIN_CODES)) if word in said] == []


async def test_a_code_or_a_button_asks_for_the_next_language_also_of_a_locked_desk_and_changes_nothing_else() -> None:
    asked: list[bool] = []
    async with running(Kept(), pin_lock=Lock(), next_language=lambda: asked.append(True)) as room:
        await room.until_locked(locked=False)
        before = room.flow.desk
        await read(room, Command.NEXT_LANGUAGE)
        room.clock.pass_by(1)
        await room.flow.do(ButtonHeld(confirms=True, at_ms=room.clock.monotonic_ms, long=True))
        assert (asked, room.flow.desk) == ([True, True], before)
        await read(room, Command.LOCK, Command.NEXT_LANGUAGE)
        assert (asked, shown(room)) == ([True, True, True], (True, PinProgress(), None))


async def test_undo_read_again_takes_the_use_before_back() -> None:
    async with running(Kept()) as room:
        await room.until_locked(locked=False)
        for number in ("A1", "B2", "C3"):
            room.clock.pass_by(4)
            await room.flow.scan(Scan(number, "gun"))
            room.clock.pass_by(4)
            await room.flow.do(ConfirmPressed(None, room.clock.monotonic_ms))
        newest, middle, oldest = (use.id for use in room.flow.desk.undoable)
        await read(room, Command.UNDO)
        left = [[use.id for use in room.flow.desk.undoable]]
        room.clock.pass_by(2)
        await room.flow.do(ButtonHeld(confirms=False, at_ms=room.clock.monotonic_ms))
        left.append([use.id for use in room.flow.desk.undoable])
        assert (left, newest) == ([[middle, oldest], [oldest]], newest)


class SlowLock(Lock):
    """A lock that takes its time."""

    def __init__(self) -> None:
        super().__init__()
        self.begun, self.may_end = asyncio.Event(), asyncio.Event()

    async def try_pin(self, pin: str) -> PinAnswer:
        self.begun.set()
        await self.may_end.wait()
        return await super().try_pin(pin)


DONE_MEANWHILE: dict[str, Callable[[int], DeskEvent | Held]] = {
    "confirm": lambda at_ms: ConfirmPressed(None, at_ms),
    "cancel": lambda at_ms: CancelPressed(None, at_ms),
    "confirm held": lambda at_ms: ButtonHeld(confirms=True, at_ms=at_ms),
    "confirm held long": lambda at_ms: ButtonHeld(confirms=True, at_ms=at_ms, long=True),
    "cancel held": lambda at_ms: ButtonHeld(confirms=False, at_ms=at_ms),
    "both held": BothHeld,
    "the code that undoes": lambda at_ms: Scanned(Scan(Command.UNDO.value, "gun"), at_ms),
    "the code of the next event": lambda at_ms: Scanned(Scan(Command.NEXT_EVENT.value, "gun"), at_ms),
}


@pytest.mark.parametrize("done", DONE_MEANWHILE.values(), ids=DONE_MEANWHILE)
async def test_what_was_pressed_or_read_while_the_pin_was_looked_at_does_nothing_at_the_open_desk(
    done: Callable[[int], DeskEvent | Held],
) -> None:
    lock, asked = SlowLock(), list[bool]()
    async with running(Kept(), pin_lock=lock, next_language=lambda: asked.append(True)) as room:
        await room.until_locked(locked=False)
        room.clock.pass_by(4)
        await room.flow.scan(Scan("A1", "gun"))
        room.clock.pass_by(4)
        await room.flow.do(ConfirmPressed(None, room.clock.monotonic_ms))
        await read(room, Command.LOCK, *(CODE_OF[digit] for digit in PIN))
        before = room.flow.desk
        room.clock.pass_by(1.5)
        trying = asyncio.create_task(room.flow.scan(Scan(Command.CONFIRM.value, "gun")))
        await lock.begun.wait()
        room.clock.pass_by(0.2)
        pressed = asyncio.create_task(room.flow.do(done(room.clock.monotonic_ms)))
        room.clock.pass_by(0.2)
        lock.may_end.set()
        await asyncio.gather(trying, pressed)
        after = room.flow.desk
        assert (shown(room), after.undoable, after.choice) == (OPEN, before.undoable, before.choice)
        assert (len(after.undoable), asked, lock.left) == (1, [], 1)


async def test_what_was_pressed_before_the_lock_is_no_part_of_a_pin() -> None:
    async with running(Kept(), pin_lock=Lock()) as room:
        await room.until_locked(locked=False)
        room.clock.pass_by(1)
        pressed_at_ms = room.clock.monotonic_ms
        await read(room, Command.LOCK)
        await room.flow.do(ConfirmPressed(None, pressed_at_ms))
        await room.flow.do(Scanned(Scan(CODE_OF["2"].value, "gun"), pressed_at_ms))
        assert shown(room) == (True, PinProgress(), None)
