"""A desk that nobody uses locks itself, where there is a PIN; and what lies under a camera is then read once."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
from collections.abc import AsyncIterator
from typing import Any

from kiosk.cards.commands import ButtonHeld
from kiosk.cards.desk_events import ModeSet, Touched
from kiosk.cards.desk_state import Desk, DeskMode, DeskTimes, Phase
from kiosk.cards.model import CardNumber, Scan, Tickets
from kiosk.cards.number import NumberForms
from kiosk.flow.consumer import Flow
from kiosk.flow.ports import FlowSettings, Senses
from kiosk.health import Health
from tests.support import desks
from tests.support.clock import FixedClock
from tests.unit.cards.examples import HELSINKI, NOW
from tests.unit.flow.test_recording import Disk
from tests.unit.flow.test_today import Store

TIMES = DeskTimes(lock_after=dt.timedelta(minutes=10))


class Keys:
    """Every card has the same key."""

    def __init__(self) -> None:
        self.asked = 0

    async def key_of(self, number: CardNumber) -> str:
        self.asked += 1
        return "0" * 32

    def seal(self, number: CardNumber) -> str:
        return ""


class Kept:
    """How the desk is set, in memory."""

    def __init__(self, mode: DeskMode = DeskMode()) -> None:
        self.mode = mode

    async def keep(self, mode: DeskMode) -> None:
        self.mode = mode

    async def kept(self) -> DeskMode:
        return self.mode


class Room:
    """A running desk, its clock, and the desks that it announced."""

    def __init__(self, modes: Kept, *, has_pin: bool = True, **senses_of_a_test: Any) -> None:
        self.modes = modes
        self.clock = FixedClock(NOW)
        self.keys = Keys()
        self.news = asyncio.Condition()
        self.rounds = asyncio.Semaphore(0)
        store = Store()
        senses = Senses(
            keys=lambda: self.keys,
            online=lambda: True,
            recorded=lambda: None,
            beat=self.rounds.release,
            modes=modes,
            has_pin=lambda: has_pin,
            **senses_of_a_test,
        )
        self.flow = Flow(
            settings=FlowSettings(TIMES, NumberForms("[A-Z0-9]+", (), ()), HELSINKI),
            source=store,
            ledger=Disk(),
            checks=store,
            announcers={"test": self},
            senses=senses,
            clock=self.clock,
            health=Health(self.clock),
        )

    async def announce(self, desk: Desk) -> None:
        async with self.news:
            self.news.notify_all()

    async def more_rounds(self, count: int) -> None:
        """Return when the desk has looked around so often from now on."""
        while not self.rounds.locked():
            await self.rounds.acquire()
        async with asyncio.timeout(10):
            for _ in range(count):
                await self.rounds.acquire()

    async def until_locked(self, *, locked: bool = True) -> None:
        async with asyncio.timeout(10), self.news:
            await self.news.wait_for(
                lambda: self.flow.desk.phase is Phase.READY and self.flow.desk.mode.locked is locked
            )


@contextlib.asynccontextmanager
async def running(modes: Kept, *, has_pin: bool = True, **senses_of_a_test: Any) -> AsyncIterator[Room]:
    room = Room(modes, has_pin=has_pin, **senses_of_a_test)
    serving = asyncio.create_task(room.flow.run())
    try:
        yield room
    finally:
        serving.cancel()
        await asyncio.wait({serving})


async def test_it_locks_itself_and_stays_so_over_a_restart() -> None:
    modes = Kept()
    async with running(modes) as room:
        await room.until_locked(locked=False)
        room.clock.pass_by(600)
        await room.until_locked()
    assert modes.mode == DeskMode(locked=True)
    async with running(modes) as room:
        await room.until_locked()


async def test_a_desk_without_a_pin_never_locks_itself_since_nothing_would_open_it() -> None:
    async with running(Kept(), has_pin=False) as room:
        await room.until_locked(locked=False)
        room.clock.pass_by(600)
        await room.more_rounds(3)
        assert not room.flow.desk.mode.locked


async def test_work_on_the_venues_pages_keeps_the_desk_from_locking_itself() -> None:
    async with running(Kept()) as room:
        await room.until_locked(locked=False)
        room.clock.pass_by(599)
        room.flow.hear(Touched(room.clock.monotonic_ms))
        await room.more_rounds(2)
        room.clock.pass_by(599)
        await room.more_rounds(3)
        assert not room.flow.desk.mode.locked
        room.clock.pass_by(1)
        await room.until_locked()


async def test_a_button_that_is_held_counts_a_child_each_time_also_within_a_second() -> None:
    async with running(Kept()) as room:
        await room.until_locked(locked=False)
        await room.flow.scan(Scan("A1", "gun"))
        for confirms in (True, True, True, False):
            room.clock.pass_by(0.3)
            await room.flow.do(ButtonHeld(confirms, room.clock.monotonic_ms))
        assert desks.on_desk(room.flow.desk).tickets == Tickets(children=2)


async def test_a_card_that_is_brought_back_by_a_held_button_lies_there_from_when_it_is_seen() -> None:
    async with running(Kept()) as room:
        await room.until_locked(locked=False)
        await room.flow.scan(Scan("A1", "gun"))
        for locked in (True, False):
            await room.flow.do(ModeSet(DeskMode(locked=locked), room.clock.monotonic_ms))
        hand_down_ms = room.clock.monotonic_ms
        room.clock.pass_by(10)
        await room.flow.do(ButtonHeld(confirms=True, at_ms=hand_down_ms, long=True))
        room.clock.pass_by(2)
        await room.flow.scan(Scan("A1", "gun"))  # whoever shows it while it comes back has not confirmed it
        assert room.flow.desk.phase is Phase.PRESENTED


async def test_a_card_that_lies_before_a_locked_desk_is_looked_up_once() -> None:
    async with running(Kept(DeskMode(locked=True))) as room:
        await room.until_locked()
        for _ in range(5):
            await room.flow.scan(Scan("A1", "camera"))
            room.clock.pass_by(0.05)
        assert (room.keys.asked, len(room.flow.desk.tray)) == (1, 1)
