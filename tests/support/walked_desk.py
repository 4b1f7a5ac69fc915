"""A whole desk behind its real pages, for whoever has printed codes alone, or two buttons alone."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable

from kiosk.cards.commands import PIN_CODES, BothHeld, ButtonHeld, Command
from kiosk.cards.desk_events import CancelPressed, ConfirmPressed, DeskEvent
from kiosk.cards.desk_state import Phase
from kiosk.cards.model import Language, Scan
from kiosk.cards.number import NumberForms
from kiosk.cards.page_steps import PageStep
from kiosk.flow.consumer import Flow
from kiosk.flow.ports import FlowSettings, Senses
from kiosk.health import Health
from kiosk.screen.board import Board
from kiosk.screen.server import Listening, create_app, serve
from tests.support.clock import FixedClock
from tests.support.screen_desk import until
from tests.support.venue import PIN, VenueBehind
from tests.unit.cards.examples import HELSINKI, NOW
from tests.unit.flow.test_left_alone import TIMES, Keys
from tests.unit.flow.test_recording import Disk
from tests.unit.flow.test_today import Store

CODE_OF = {key.value: code for code, key in PIN_CODES.items()}


class WalkedDesk:
    """The flow, the venue's pages, and their server on a port of its own; it begins open, with the venue's PIN."""

    def __init__(self) -> None:
        """Nothing is served yet."""
        self.clock = FixedClock(NOW)
        self.board = Board(Language.EN)
        self.ledger = Disk()
        self.keys = Keys()
        self.venue = VenueBehind(self, self.clock, lambda _: None, lambda ticket: self.board.update(ticket=ticket))
        self.port = 0
        store = Store()
        senses = Senses(
            keys=lambda: self.keys,
            online=lambda: True,
            recorded=lambda: None,
            beat=lambda: None,
            has_pin=lambda: self.venue.access.has_pin,
            pin_lock=self.venue.access,
            walk=self.venue.walk,
        )
        self.flow = Flow(
            settings=FlowSettings(TIMES, NumberForms("[A-Z0-9]+", (), ()), HELSINKI),
            source=store,
            ledger=self.ledger,
            checks=store,
            announcers={"page": self.board},
            senses=senses,
            clock=self.clock,
            health=Health(self.clock),
        )

    @property
    def url(self) -> str:
        """Where the pages are."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def listening(self) -> object:
        """Another one for each page that hears of steps; None: none does."""
        return self.venue.walk._page

    async def do(self, event: DeskEvent) -> None:
        """What a page sends."""
        await self.flow.do(event)

    def hear(self, event: DeskEvent) -> None:
        """What a page sends without waiting."""
        self.flow.hear(event)


class Codes:
    """Somebody who has a scanner and the printed sheet."""

    def __init__(self, desk: WalkedDesk) -> None:
        """Read them at `desk`."""
        self._desk = desk

    async def read(self, *codes: Command) -> None:
        """Hold the codes to the scanner, each for itself."""
        for code in codes:
            self._desk.clock.pass_by(1.5)
            await self._desk.flow.scan(Scan(code.value, "gun"))

    async def ask_for_pages(self) -> None:
        """From the open desk to the lock that the PIN opens for the pages."""
        await self.read(Command.VENUE_PAGES)

    async def enter_pin(self) -> None:
        """The digits and *Confirm*."""
        await self.read(*(CODE_OF[digit] for digit in PIN), Command.CONFIRM)

    async def step(self, step: PageStep) -> None:
        """One step over the page."""
        codes = {
            PageStep.FORWARD: Command.FORWARD,
            PageStep.BACK: Command.BACK,
            PageStep.CHOOSE: Command.CONFIRM,
            PageStep.AWAY: Command.CANCEL,
        }
        await self.read(codes.get(step) or CODE_OF[step.value])


class TwoButtons:
    """Somebody who has two buttons."""

    def __init__(self, desk: WalkedDesk) -> None:
        """Press them at `desk`."""
        self._desk = desk

    async def ask_for_pages(self) -> None:
        """Both held, twice: the lock, and what its PIN opens."""
        for _ in range(2):
            await self._do(BothHeld)

    async def enter_pin(self) -> None:
        """Counted presses, and *Confirm* held."""
        for place, digit in enumerate(PIN):
            for _ in range(int(digit) or 10):
                await self.step(PageStep.FORWARD)
            if place < len(PIN) - 1:
                await self.step(PageStep.BACK)
        await self.step(PageStep.CHOOSE)

    async def step(self, step: PageStep) -> None:
        """One step over the page, or the same press at the lock."""
        presses: dict[PageStep, Callable[[int], ConfirmPressed | CancelPressed | ButtonHeld]] = {
            PageStep.FORWARD: lambda at_ms: ConfirmPressed(None, at_ms),
            PageStep.BACK: lambda at_ms: CancelPressed(None, at_ms),
            PageStep.CHOOSE: lambda at_ms: ButtonHeld(confirms=True, at_ms=at_ms),
            PageStep.AWAY: lambda at_ms: ButtonHeld(confirms=False, at_ms=at_ms),
        }
        await self._do(presses[step])

    async def _do(self, press: Callable[[int], ConfirmPressed | CancelPressed | ButtonHeld | BothHeld]) -> None:
        self._desk.clock.pass_by(1.2)
        await self._desk.flow.do(press(self._desk.clock.monotonic_ms))


@contextlib.asynccontextmanager
async def walked_desk(host: str = "127.0.0.1", allowed_hosts: tuple[str, ...] = ()) -> AsyncIterator[WalkedDesk]:
    """An open desk with its pages; both end with the block."""
    desk = WalkedDesk()
    app = create_app(
        desk.board,
        desk,
        clock=desk.clock,
        zone=HELSINKI,
        language=Language.EN,
        allowed_hosts=allowed_hosts,
        venue=desk.venue.pages(),
    )
    bound: asyncio.Future[tuple[str, ...]] = asyncio.get_running_loop().create_future()
    tasks = {
        asyncio.create_task(desk.flow.run()),
        asyncio.create_task(serve(app, [Listening(host, 0)], bound.set_result)),
    }
    try:
        desk.port = int((await bound)[0].rstrip("/").rpartition(":")[2])
        await until(lambda: desk.flow.desk.phase is Phase.READY)
        yield desk
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
