"""The people at one door, and what they were told there: the witness of all that may be held against the register."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from kiosk.cards.desk_model import (
    CancelPressed,
    ConfirmPressed,
    Desk,
    DeskEvent,
    EventChoice,
    EventChosen,
    Notice,
    Phase,
    Scanned,
    TicketsSet,
    UndoPressed,
)
from kiosk.cards.model import Reason, Scan, Tickets, Use, UseKind
from kiosk.sync.client import CHECK_LIMIT_S
from tests.simulation.chance import Stream
from tests.simulation.machine import Machine, Process
from tests.simulation.template import BLOCKED, CHANGING, STEADY, UNKNOWN, event_id

VISITORS_EVERY_S = 4.0
DESK_ANSWERS_WITHIN_S = 0.5
"""Without the network: the store's turns, and those of the sync before them; only a course's limit is asked for."""


@dataclass
class Witness:
    """An announcer that remembers everything, and survives every crash of the kiosk."""

    name: str
    say: Callable[[str], None]
    wrong: Callable[[str], None]
    lookup_keys: dict[str, str]
    """Hex by number."""
    pressed: set[str] = field(default_factory=set)
    """Presentations that somebody may have confirmed."""
    announced: dict[str, Use] = field(default_factory=dict)
    """Uses that the screen called recorded."""
    undo_pressed: set[str] = field(default_factory=set)
    undone: set[str] = field(default_factory=set)
    """Uses that the screen called taken back."""
    _shown: str | None = None

    async def announce(self, desk: Desk) -> None:
        self._look_at_verdict(desk)
        use = desk.recorded
        if use is not None and use.id not in self.announced:
            self.announced[use.id] = use
            self.say(f"recorded {use.id} {use.event_id} own {use.tickets.own}{' offline' if use.offline else ''}")
        if use is not None and self.announced[use.id] != use:
            self.wrong(f"{self.name} announced {use.id} twice, and not the same")

    def _look_at_verdict(self, desk: Desk) -> None:
        card = desk.presented
        if desk.phase is not Phase.PRESENTED or card is None or card.id == self._shown:
            return
        self._shown = card.id
        reasons = [finding.reason.value for finding in card.decision.findings]
        self.say(f"verdict {card.id} {card.answer.value} {' '.join(reasons)}")
        steady = card.identity is not None and card.identity.lookup_key in {self.lookup_keys[each] for each in STEADY}
        if steady and Reason.CARD_UNKNOWN.value in reasons:
            self.wrong(f"{self.name} called a card unknown that was always on the register's list")


class Staff:
    """Visitors come, staff press buttons."""

    def __init__(self, machine: Machine, witness: Witness, chance: Stream, day: Callable[[], int]) -> None:
        """The `chance` goes on from one process of the machine to the next."""
        self._machine = machine
        self._witness = witness
        self._chance = chance
        self._day = day

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
        self._witness.undo_pressed.add(use.id)
        now = self._machine.clock.now()
        await self._timed(process, UndoPressed(use.id, now.utc, now.monotonic_ms))
        desk = process.flow.desk
        if desk.notice is Notice.ANNULLED and use.id not in {each.id for each in desk.undoable}:
            self._witness.undone.add(use.id)
            self._witness.say(f"annulled {use.id}")

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
