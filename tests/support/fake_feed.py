"""The register's news in memory, as the puller sees it, with a script of what goes wrong."""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncGenerator

from kiosk.cards.news import ListedCard, News, Profile, RemovedCard
from kiosk.errors import CursorGone, RegisterError, Unreachable
from kiosk.sync.pages import End, Head, Page, ProfileTold, Unread
from tests.support.virtual_time import VirtualTime

PAGE = 3


class FakeFeed:
    """A feed whose cursors are numbers; a page holds three pieces, an empty one comes after the wait."""

    def __init__(self, time: VirtualTime, profile: Profile) -> None:
        self.time = time
        self.profile_told: Profile | None = profile
        self.first_lines: list[News | Unread] = []
        self.cards: list[News | Unread] = []
        """By ascending key."""
        self.feed: list[News | Unread] = []
        self.oldest_cursor = 0
        self.cut_after: deque[int] = deque()
        """After how many lines the next snapshots are cut."""
        self.faults: deque[RegisterError | None] = deque()
        """What the next calls raise; None lets one through."""
        self.fault: Exception | None = None
        """What every call raises."""
        self.hurried = False
        """Answers at once, whatever the wait."""
        self.asked: list[str] = []

    def tell(self, *pieces: News | Unread) -> None:
        """Let it happen: from now on it is in the feed, and in the lists that are taken later."""
        self.feed += pieces
        for piece in pieces:
            if isinstance(piece, (ListedCard, RemovedCard)):
                self.cards = [each for each in self.cards if key_of(each) != piece.lookup_key]
            if isinstance(piece, ListedCard):
                self.cards = sorted([*self.cards, piece], key=key_of)

    async def profile(self) -> ProfileTold:
        self._ask("profile")
        return ProfileTold(self.profile_told, self.time.now().utc)

    async def snapshot(self, after_key: str | None) -> AsyncGenerator[Head | News | Unread | End, None]:
        self._ask(f"snapshot after {after_key}")
        lines: list[News | Unread] = [] if after_key else list(self.first_lines)
        lines += [each for each in self.cards if not after_key or key_of(each) > after_key]
        cut_after = self.cut_after.popleft() if self.cut_after else None
        yield Head(str(len(self.feed)), self.time.now().utc)
        for number, line in enumerate(lines):
            if number == cut_after:
                raise Unreachable("the register's card list broke off")
            yield line
        yield End()

    async def changes(self, cursor: str, wait_s: int) -> Page:
        self._ask(f"changes since {cursor} for {wait_s} s")
        if int(cursor) < self.oldest_cursor:
            raise CursorGone("gone")
        if int(cursor) == len(self.feed) and not self.hurried:
            await self.time.sleep(wait_s)
        pieces = self.feed[int(cursor) : int(cursor) + PAGE]
        now_at = int(cursor) + len(pieces)
        return Page(
            news=tuple(each for each in pieces if not isinstance(each, Unread)),
            unread=tuple(each for each in pieces if isinstance(each, Unread)),
            cursor=str(now_at),
            more=now_at < len(self.feed),
            server_time=self.time.now().utc,
        )

    def _ask(self, what: str) -> None:
        self.asked.append(what)
        fault = (self.faults.popleft() if self.faults else None) or self.fault
        if fault is not None:
            raise fault


def key_of(piece: object) -> str:
    return str(getattr(piece, "lookup_key", ""))
