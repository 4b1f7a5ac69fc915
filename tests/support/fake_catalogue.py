"""The news in memory, with the behaviour of the catalogue on the disk."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from kiosk.cards.exchange import Draft, FeedState
from kiosk.cards.model import Card
from kiosk.cards.news import ListedCard, LookupParameters, News, Profile, RemovedCard
from kiosk.errors import StoreError, StoreUnavailable


class FakeCatalogue:
    """Holds a list in use and a list being taken; `broken` makes every call fail as a full disk does."""

    def __init__(self) -> None:
        self.cards: dict[str, Card] | None = None
        self.drafted: dict[str, Card] = {}
        self.other_news: list[News] = []
        self.profile: Profile | None = None
        self.state = FeedState(None, None, None)
        self.broken = False
        self.forgotten_at: list[dt.datetime] = []
        self._draft_cursor: str | None = None

    async def keep_profile(self, profile: Profile, server_time: dt.datetime) -> None:
        self._work()
        self._hear(server_time)
        self._put_profile(profile)

    async def feed_state(self) -> FeedState:
        self._work()
        return self.state

    async def draft(self) -> Draft | None:
        self._work()
        if self._draft_cursor is None:
            return None
        return Draft(self._draft_cursor, max(self.drafted, default=None))

    async def start_list(self, head_cursor: str) -> Draft:
        self._work()
        self._draft_cursor, self.drafted = head_cursor, {}
        return Draft(head_cursor, None)

    async def extend_list(self, news: Sequence[News]) -> None:
        self._work()
        if self._draft_cursor is None:
            raise StoreError("No card list is being taken.")
        for piece in news:
            if isinstance(piece, Profile) and self._put_profile(piece):
                raise StoreUnavailable("The lookup keys changed while the card list was taken.")
            if isinstance(piece, ListedCard):
                self.drafted[piece.lookup_key] = piece.card
            elif not isinstance(piece, Profile):
                self.other_news.append(piece)

    async def finish_list(self, cursor: str, server_time: dt.datetime | None) -> None:
        self._work()
        if self._draft_cursor is None:
            raise StoreError("No card list is being taken.")
        self.cards, self.drafted, self._draft_cursor = self.drafted, {}, None
        self._confirm(cursor, server_time)

    async def apply(self, news: Sequence[News], cursor: str, server_time: dt.datetime | None) -> None:
        self._work()
        for piece in news:
            match piece:
                case ListedCard() if self.cards is not None:
                    self.cards[piece.lookup_key] = piece.card
                case RemovedCard() if self.cards is not None:
                    self.cards.pop(piece.lookup_key, None)
                case Profile():
                    self._put_profile(piece)
                case _:
                    self.other_news.append(piece)
        if self.cards is not None:
            self._confirm(cursor, server_time)

    async def confirmed(self, server_time: dt.datetime) -> None:
        self._work()
        if self.state.cursor is not None:
            self._confirm(self.state.cursor, server_time)

    async def heard(self, server_time: dt.datetime) -> None:
        self._work()
        self._hear(server_time)

    async def forget_other_doors(self, register_time: dt.datetime) -> None:
        self._work()
        self.forgotten_at.append(register_time)

    async def believe(self, server_time: dt.datetime, *, instead_of: dt.datetime) -> None:
        self._work()
        if self.state.newest_register_time == instead_of:
            self.state = FeedState(self.state.cursor, self.state.list_synced_at, server_time)

    def _put_profile(self, profile: Profile) -> bool:
        known: LookupParameters | None = None if self.profile is None else self.profile.lookup
        self.profile = profile
        if known is None or known == profile.lookup:
            return False
        self.cards, self.drafted, self._draft_cursor = None, {}, None
        self.state = FeedState(None, None, self.state.newest_register_time)
        return True

    def _confirm(self, cursor: str, server_time: dt.datetime | None) -> None:
        if server_time is not None:
            self._hear(server_time)
        synced_at = self.state.list_synced_at if server_time is None else server_time
        self.state = FeedState(cursor, synced_at, self.state.newest_register_time)

    def _hear(self, server_time: dt.datetime) -> None:
        newest = max(filter(None, (self.state.newest_register_time, server_time)))
        self.state = FeedState(self.state.cursor, self.state.list_synced_at, newest)

    def _work(self) -> None:
        if self.broken:
            raise StoreUnavailable("The disk is full.")
