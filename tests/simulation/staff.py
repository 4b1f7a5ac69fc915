"""The people at one door: visitors, and staff who press buttons."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from kiosk.cards.desk_events import (
    CancelPressed,
    ConfirmPressed,
    DeskEvent,
    EventChosen,
    Scanned,
    TicketsSet,
    UndoPressed,
)
from kiosk.cards.desk_state import Desk, EventChoice, Notice, Phase
from kiosk.cards.model import Scan, Tickets, Use, UseKind
from kiosk.sync.client import CHECK_LIMIT_S
from tests.simulation.chance import Stream
from tests.simulation.machine import Machine, Process
from tests.simulation.template import BLOCKED, CHANGING, STEADY, UNKNOWN, event_id
from tests.simulation.told import Told
from tests.simulation.witness import Witness

VISITORS_EVERY_S = 4.0
DESK_ANSWERS_WITHIN_S = 0.5
"""Without the network: the store's turns, and those of the sync before them; only a course's limit is asked for."""


class Staff:
    """Visitors come, staff press buttons."""

    def __init__(self, machine: Machine, witness: Witness, chance: Stream, day: Callable[[], int], told: Told) -> None:
        """The `chance` goes on from one process of the machine to the next."""
        self._machine = machine
        self._witness = witness
        self._chance = chance
        self._day = day
        self._told = told

    async def serve(self, process: Process) -> None:
        """Work at this process's desk for ever."""
        while True:
            await asyncio.sleep(self._chance.expovariate(1 / VISITORS_EVERY_S))
            desk = process.flow.desk
            drawn = self._chance.random()
            if drawn < 0.06 and desk.undoable:
                await self._undo(process, self._chance.choice(desk.undoable))
            elif drawn < 0.10:
                kinds = (EventChoice(), EventChoice(automatic=False), self._course())
                await self._timed(process, EventChosen(self._chance.choice(kinds), self._now_ms()))
            else:
                await self._receive(process)

    async def _receive(self, process: Process) -> None:
        """A visitor shows a card, and staff mostly let them in."""
        weights = (*(4,) * len(STEADY), 1, 1, 1, 2, 2)
        number = self._chance.choices((*STEADY, BLOCKED, *UNKNOWN, *CHANGING), weights)[0]
        before = process.flow.desk.presented
        if before is not None:
            self._witness.pressed.add(before.id)  # the same card once more confirms
        self._told.count["scans"] += 1
        await self._timed(process, Scanned(Scan(number, "scanner"), self._now_ms()))
        desk = process.flow.desk
        card = desk.presented
        if desk.phase is not Phase.PRESENTED or card is None:
            return
        if self._chance.random() < 0.2:
            tickets = Tickets(own=1, children=self._chance.randrange(3))
            await self._timed(process, TicketsSet(card.id, tickets, self._now_ms()))
        drawn = self._chance.random()
        if drawn < 0.8:
            self._witness.pressed.add(card.id)
            await self._timed(process, ConfirmPressed(card.id, self._now_ms()))
        elif drawn < 0.9:
            await self._timed(process, CancelPressed(card.id, self._now_ms()))

    async def _undo(self, process: Process, use: Use) -> None:
        self._witness.undo_is_pressed(use)
        now = self._machine.clock.now()
        await self._timed(process, UndoPressed(use.id, now.utc, now.monotonic_ms))
        desk = process.flow.desk
        if desk.notice is Notice.ANNULLED and use.id not in {each.id for each in desk.undoable}:
            self._witness.took_back(use)
            self._witness.say(f"annulled {use.id}")
        elif use.id in {each.id for each in desk.undoable}:
            self._witness.still_offers_to_undo(use)

    async def _timed(self, process: Process, event: DeskEvent) -> None:
        """Let `event` happen; nobody may wait longer than the rules say."""
        loop = asyncio.get_running_loop()
        began_s = loop.time()
        await process.flow.do(event)
        waited_s = loop.time() - began_s
        asks = isinstance(event, Scanned | EventChosen) and self._may_ask(process.flow.desk)
        if waited_s > DESK_ANSWERS_WITHIN_S + (CHECK_LIMIT_S if asks else 0.0):
            self._witness.wrong(f"{self._machine.name}'s desk waited {waited_s:.2f} s for {type(event).__name__}")

    def _may_ask(self, desk: Desk) -> bool:
        event = None if desk.presented is None or desk.presented.facts is None else desk.presented.facts.event
        return event is None or event.kind is UseKind.COURSE

    def _now_ms(self) -> int:
        return self._machine.clock.now().monotonic_ms

    def _course(self) -> EventChoice:
        return EventChoice(automatic=False, event_id=event_id(self._day(), "course"))
