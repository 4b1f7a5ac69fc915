"""The latest state, for every page at once: a page that connects late or again is right at once."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field, replace
from typing import Any

from kiosk.cards.desk_state import Desk, Phase
from kiosk.cards.model import Event, Language, Texts
from kiosk.cards.trust import TrustLevel


@dataclass(frozen=True, slots=True)
class Telling:
    """A word to every staff page that is open: to be in `language` from now on."""

    id: str
    """Another one for each word, over restarts too: a page goes by each once."""
    language: Language


@dataclass(frozen=True, slots=True)
class BoardState:
    """All that a page can show."""

    desk: Desk = field(default_factory=lambda: Desk(phase=Phase.OUT_OF_SERVICE, out_of_service_why="starting"))
    venue: Texts | None = None
    events: tuple[Event, ...] = ()
    chosen: Event | None = None
    quota_left: int | None = None
    """Places left for cards at the chosen event; None: there is no quota."""
    online: bool = False
    waiting: int = 0
    """Records that wait for the register."""
    needs_look: int = 0
    """Records that the register flagged or refuses."""
    trust: TrustLevel = TrustLevel.OK
    failing: tuple[str, ...] = ()
    """Names of parts that do not work."""
    lamps: frozenset[str] | None = None
    """Simulated lamps that are on; None: there are none to show."""
    telling: Telling | None = None
    ticket: str = field(default="", repr=False)
    """With which the kiosk's own screen, and no other, goes to the venue's pages; empty: it stays where it is."""


class Board:
    """Guards the state and the pages that wait for the next one."""

    def __init__(self, language: Language = Language.FI) -> None:
        """Start with a desk that is not open yet, and pages in `language`."""
        self._state = BoardState()
        self._language = language
        self._pages: set[_Page] = set()

    @property
    def state(self) -> BoardState:
        """The state now."""
        return self._state

    @property
    def connected(self) -> int:
        """How many pages follow the state."""
        return len(self._pages)

    async def announce(self, desk: Desk) -> None:
        """Show `desk`; an announcer for the flow."""
        self.update(desk=desk)

    def update(self, **changes: Any) -> None:
        """Show the state with `changes` (fields of BoardState); pages hear of it only when it differs."""
        changed = replace(self._state, **changes)
        if changed != self._state:
            self._state = changed
            for page in self._pages:
                page.news.set()

    def drawn_in(self, language: Language) -> None:
        """A staff page was drawn in `language`, as somebody chose it there."""
        self._language = language

    def next_language(self) -> None:
        """Let the staff pages that are open be in the language after that of the page drawn last."""
        order = list(Language)
        self._language = order[(order.index(self._language) + 1) % len(order)]
        self.update(telling=Telling(secrets.token_urlsafe(6), self._language))

    def hang_up(self) -> None:
        """End the states of every page that follows now; a page that comes later is served as ever."""
        for page in self._pages:
            page.ended = True
            page.news.set()

    async def states(self, quiet_s: float) -> AsyncGenerator[BoardState | None, None]:
        """The state now and after each change; None after `quiet_s` seconds without one. Ends when hung up.

        States that follow each other faster than the page takes them are skipped: only the latest counts.
        """
        page = _Page()
        self._pages.add(page)
        try:
            yield self._state
            while True:
                try:
                    async with asyncio.timeout(quiet_s):
                        await page.news.wait()
                except TimeoutError:
                    yield None
                    continue
                page.news.clear()
                if page.ended:
                    return
                yield self._state
        finally:
            self._pages.discard(page)


class _Page:
    """What wakes one page."""

    def __init__(self) -> None:
        self.news = asyncio.Event()
        self.ended = False
