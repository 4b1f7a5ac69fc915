"""Fetches the register's news: the whole list at first, then every change as it happens."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from kiosk.cards.exchange import FeedState
from kiosk.cards.news import AnnulmentElsewhere, News, Profile
from kiosk.clock import Clock
from kiosk.errors import CursorGone, KeyRevoked, Later, ListInVain, RegisterError, StoreUnavailable
from kiosk.health import Health
from kiosk.sync.backoff import Backoff, Random, delay_s
from kiosk.sync.link import Link
from kiosk.sync.pages import Page, ProfileTold, Unread
from kiosk.sync.snapshot import ListServer, ListStore, take_list
from kiosk.sync.waiting import Waiter

PART = "news"
UNREAD_PART = "news from a newer register"
UNREAD = "the register tells what this version of the kiosk cannot read; the rest is used. Is an update due?"


class Catalogue(ListStore, Protocol):
    """The news on the disk; every call raises StoreUnavailable."""

    async def keep_profile(self, profile: Profile, server_time: dt.datetime) -> None:
        """Put down the profile; with new lookup parameters there is no list any more."""
        ...

    async def feed_state(self) -> FeedState:
        """How far the news was read."""
        ...

    async def apply(self, news: Sequence[News], cursor: str, server_time: dt.datetime | None) -> None:
        """Put down news, and that the list is as fresh as `server_time`; None: there is more to come."""
        ...

    async def confirmed(self, server_time: dt.datetime) -> None:
        """There is no news."""
        ...

    async def heard(self, server_time: dt.datetime) -> None:
        """The register said what time it is."""
        ...


class Server(ListServer, Protocol):
    """Where the news comes from; every call raises RegisterError."""

    async def profile(self) -> ProfileTold:
        """Who the kiosk is, and the rules it was given."""
        ...

    async def changes(self, cursor: str, wait_s: int) -> Page:
        """What is new since `cursor`."""
        ...


@dataclass(frozen=True, slots=True)
class Pace:
    """How the feed is followed."""

    wait_s: int = 25
    """How long the register may hold the answer back while nothing is new."""
    least_s: float = 1.0
    """A register that answers «nothing new» at once is not asked more often than this."""


class Puller:
    """Guards how far the news has come since the start, and the pace after failures."""

    def __init__(
        self,
        *,
        catalogue: Catalogue,
        server: Server,
        link: Link,
        health: Health,
        clock: Clock,
        waiter: Waiter,
        random: Random,
        backoff: Backoff = Backoff(),
        pace: Pace = Pace(),
        on_news: Callable[[], None] = lambda: None,
        on_annulled: Callable[[frozenset[str]], None] = lambda _: None,
    ) -> None:
        """Put what `server` tells into `catalogue`.

        `on_news` is called when there is something new in it, `on_annulled` with the ids of uses that were taken back.
        """
        self._catalogue = catalogue
        self._server = server
        self._link = link
        self._health = health
        self._clock = clock
        self._waiter = waiter
        self._random = random
        self._backoff = backoff
        self._pace = pace
        self._on_news = on_news
        self._on_annulled = on_annulled
        self._wake = asyncio.Event()
        self._failures = 0
        self._resting_firmly = False
        self._profile_told = False
        self._list_wanted = False
        self._list_in_pieces = False
        self._lists_in_vain = 0
        """How often the cursor was gone since news last came."""
        link.observe(self._link_changed)

    async def run(self) -> None:
        """Follow the news for ever."""
        while True:
            self._wake.clear()
            await self._waiter.wait(self._wake, await self._round())

    async def _round(self) -> float | None:
        """One step; returns the seconds until the next (None: never again)."""
        try:
            rest_s = await self._step()
        except CursorGone as error:
            self._list_wanted = True
            self._lists_in_vain += 1
            # One new list is the cure; a register that is never content with it is not run into the ground.
            self._failures = self._lists_in_vain - 1
            return 0.0 if self._failures == 0 else self._failed(error, None)
        except KeyRevoked:
            self._link.closed()
            self._health.failing(PART, "the register has revoked this kiosk's key; no news comes any more")
            return None
        except RegisterError as error:
            self._link.failed()
            return self._failed(error, error.retry_after_s if isinstance(error, Later) else None)
        except StoreUnavailable as error:
            return self._failed(error, None)
        self._failures = 0
        self._health.ok(PART)
        return rest_s

    async def _step(self) -> float:
        if not self._profile_told:
            await self._take_profile()
        state = await self._catalogue.feed_state()
        begun = await self._catalogue.draft() is not None
        if self._list_wanted or state.cursor is None or begun:
            await take_list(self._server, self._catalogue, on_chunk=self._chunk_taken, on_unread=self._say)
            self._list_wanted, self._list_in_pieces = False, begun
            return 0.0
        return await self._poll(state.cursor)

    async def _take_profile(self) -> None:
        told = await self._server.profile()
        self._link.worked()
        if told.profile is None:
            self._health.failing(UNREAD_PART, UNREAD)
            await self._catalogue.heard(told.server_time)
        else:
            await self._catalogue.keep_profile(told.profile, told.server_time)
            self._on_news()
        self._profile_told = True

    async def _poll(self, cursor: str) -> float:
        asked_ms = self._clock.now().monotonic_ms
        # Not waiting for news tells sooner whether the register is back, and how fresh a list in pieces is.
        waits = self._link.online and not self._list_in_pieces
        page = await self._server.changes(cursor, self._pace.wait_s if waits else 0)
        self._link.worked()
        self._lists_in_vain = 0
        await self._put_down(page, cursor)
        if self._list_in_pieces and not page.more:
            self._list_in_pieces = False
            self._on_news()
        took_s = (self._clock.now().monotonic_ms - asked_ms) / 1000
        return 0.0 if page.cursor != cursor else max(0.0, self._pace.least_s - took_s)

    async def _put_down(self, page: Page, cursor: str) -> None:
        for unread in page.unread:
            self._say(unread)
        if page.more:
            # The list is not yet as fresh as this answer: there is more to come.
            await self._catalogue.apply(page.news, page.cursor, None)
            await self._catalogue.heard(page.server_time)
        elif page.news or page.cursor != cursor:
            await self._catalogue.apply(page.news, page.cursor, page.server_time)
        else:
            await self._catalogue.confirmed(page.server_time)
        if page.news:
            self._tell(page.news)

    def _chunk_taken(self, news: Sequence[News]) -> None:
        self._link.worked()
        self._tell(news)

    def _tell(self, news: Sequence[News]) -> None:
        if taken_back := frozenset(piece.use_id for piece in news if isinstance(piece, AnnulmentElsewhere)):
            self._on_annulled(taken_back)
        self._on_news()

    def _failed(self, error: Exception, retry_after_s: float | None) -> float:
        self._failures += 1
        # A line that is back for a moment is no reason to take the same beginning of a list once more.
        self._resting_firmly = retry_after_s is not None or isinstance(error, ListInVain)
        self._health.failing(PART, str(error))
        self._wake.clear()
        return delay_s(self._backoff, self._failures, self._random, retry_after_s=retry_after_s)

    def _say(self, _: Unread) -> None:
        self._health.failing(UNREAD_PART, UNREAD)

    def _link_changed(self, online: bool) -> None:  # noqa: FBT001  # the observer's shape
        if online and not self._resting_firmly:
            self._wake.set()
