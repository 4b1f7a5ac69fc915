"""A desk in memory behind the real pages: what people press reaches the real state machine."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from kiosk.cards.desk import step
from kiosk.cards.desk_effects import Annul, CountRefusal, DecideAgain, KeepMode, LookUp, Record
from kiosk.cards.desk_events import Annulled, AnnulNeedsRegister, Decided, DeskEvent, Recorded, Scanned, Unread
from kiosk.cards.desk_state import Desk, DeskMode, DeskTimes
from kiosk.cards.model import CardIdentity, Facts, Language, Reason, Scan, Use
from kiosk.cards.rules import decide
from kiosk.cards.unreadable import UnreadableWhy
from kiosk.flow.recording import use_of
from kiosk.screen.board import Board
from kiosk.screen.server import Listening, create_app, serve
from tests.support.clock import FixedClock
from tests.support.venue import VenueBehind
from tests.unit.cards.examples import CONCERT, COURSE, HELSINKI, NOW, VENUE, facts


@dataclass(frozen=True, slots=True)
class KnownCard:
    """A card that the desk finds when its text is read."""

    tail: str = "17"
    facts: Facts = field(default_factory=facts)


class DeskBehind:
    """The pages' server on a port of its own, and the desk that their buttons reach."""

    def __init__(self) -> None:
        """Know one card, `demo 17`, with nothing against it."""
        self.board = Board()
        self.clock = FixedClock(NOW)
        self.cards: dict[str, KnownCard] = {"demo 17": KnownCard()}
        self.desk = Desk()
        self.events: list[DeskEvent] = []
        """All that pages sent and waited for."""
        self.heard: list[DeskEvent] = []
        """All that they sent without waiting."""
        self.recorded: list[Use] = []
        self.annulled: list[str] = []
        self.refused: list[Reason] = []
        self.kept_modes: list[DeskMode] = []
        self.port = 0
        self.answering = asyncio.Event()
        """Cleared: what is pressed waits, as behind a slow disk."""
        self.answering.set()
        self.breaks: Exception | None = None
        """What pressing anything raises."""
        self.venue = VenueBehind(self, self.clock, lambda events: self.board.update(events=events))
        self._presentations = 0
        self._serving: asyncio.Task[None] | None = None
        self.board.update(
            desk=self.desk, venue=VENUE.name, events=(CONCERT, COURSE), chosen=CONCERT, quota_left=4, online=True
        )

    async def do(self, event: DeskEvent) -> None:
        """Let `event` happen, and all that it leads to."""
        self.events.append(event)
        await self.answering.wait()
        if self.breaks is not None:
            raise self.breaks
        await self._apply(event)

    def hear(self, event: DeskEvent) -> None:
        """Let `event` happen, which leads to nothing more."""
        self.heard.append(event)
        self.desk, effects = step(self.desk, event, DeskTimes())
        assert effects == ()

    async def read(self, text: str) -> None:
        """Hold a card to the scanner, a while after what was before."""
        self.clock.pass_by(5)
        await self._apply(Scanned(Scan(text, "scanner"), self.clock.monotonic_ms))

    async def show(self, desk: Desk) -> None:
        """Let the desk be as `desk` is."""
        self.desk = desk
        await self.board.announce(desk)

    async def start(
        self, host: str = "127.0.0.1", allowed_hosts: tuple[str, ...] = (), places: Sequence[Listening] = ()
    ) -> tuple[str, ...]:
        """Serve, at `places` if told so; again on the same port after a stop. Returns the addresses."""
        bound: asyncio.Future[tuple[str, ...]] = asyncio.get_running_loop().create_future()
        app = create_app(
            self.board,
            self,
            clock=self.clock,
            zone=HELSINKI,
            language=Language.FI,
            allowed_hosts=allowed_hosts,
            venue=self.venue.pages(),
        )
        self._serving = asyncio.create_task(serve(app, places or (Listening(host, self.port),), bound.set_result))
        addresses = await bound
        self.port = int(addresses[0].rstrip("/").rpartition(":")[2])
        return addresses

    async def stop(self) -> None:
        """Serve no more, as at a stop signal."""
        if self._serving is not None:
            self._serving.cancel()
            await asyncio.wait({self._serving})

    @property
    def url(self) -> str:
        """Where the pages are."""
        return f"http://127.0.0.1:{self.port}"

    async def _apply(self, event: DeskEvent) -> None:
        self.desk, effects = step(self.desk, event, DeskTimes())
        await self.board.announce(self.desk)
        for effect in effects:
            if isinstance(effect, CountRefusal):
                self.refused.append(effect.reason)
            elif isinstance(effect, KeepMode):
                self.kept_modes.append(effect.mode)
            else:
                await self._apply(self._bring_about(effect))

    def _bring_about(self, effect: LookUp | DecideAgain | Record | Annul) -> DeskEvent:
        at_ms = self.clock.monotonic_ms
        match effect:
            case LookUp(scan=scan):
                self._presentations += 1
                name = f"presentation-{self._presentations}"
                known = self.cards.get(scan.text)
                return Unread(name, UnreadableWhy.NOT_A_CARD, at_ms) if known is None else self._decide(name, known)
            case DecideAgain(presentation_id=name, identity=identity):
                return self._decide(name, next(card for card in self.cards.values() if card.tail == identity.tail))
            case Record(presentation=shown):
                assert shown.identity is not None
                assert shown.facts is not None
                use = use_of(shown, shown.identity, shown.facts, self.clock.now(), online=True)
                self.recorded.append(use)
                return Recorded(use, at_ms)
            case Annul(use_id=use_id, late=late):
                if late and not self.board.state.online:
                    return AnnulNeedsRegister(use_id, at_ms)
                self.annulled.append(use_id)
                return Annulled(use_id, at_ms)

    def _decide(self, name: str, known: KnownCard) -> Decided:
        identity = CardIdentity(known.tail * 16, None, known.tail)
        decision = decide(known.facts, self.clock.utc, HELSINKI)
        return Decided(name, identity, known.facts, decision, self.clock.monotonic_ms)


async def until(met: Callable[[], bool]) -> None:
    """Return when `met`; raises TimeoutError when it takes long."""
    async with asyncio.timeout(10):
        while not met():  # noqa: ASYNC110  # nothing tells that a socket was closed at its other end
            await asyncio.sleep(0)
