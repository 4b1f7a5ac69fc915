"""Who walks the venue's pages by printed codes or two buttons, on the kiosk's own screen."""

from __future__ import annotations

import asyncio
import datetime as dt
import hmac
import secrets
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field

from kiosk.cards.page_steps import PageStep
from kiosk.clock import Clock
from kiosk.screen.access import Access, Session

FETCHED_WITHIN = dt.timedelta(seconds=10)
"""A page that is not there after so long does not come: codes and buttons are the desk's again."""
ON_ITS_WAY = dt.timedelta(seconds=1)
"""A hand that comes down so soon after the desk has come back was still meant for the page."""
_MS = dt.timedelta(milliseconds=1)


@dataclass(eq=False, slots=True)
class _Page:
    """A page that listens."""

    since_ms: int
    steps: asyncio.Queue[PageStep | None] = field(default_factory=asyncio.Queue)


class Walk:
    """Guards the one session that is walked, from its ticket to its end; one page of it listens at a time."""

    def __init__(self, access: Access, clock: Clock, invite: Callable[[str], None]) -> None:
        """Tell `invite` the ticket for the kiosk's own screen; empty: there is none any more."""
        self._access = access
        self._clock = clock
        self._invite = invite
        self._on = False
        self._ticket = ""
        self._token = ""
        """Of the session that is walked, or was last and is not at the desk yet."""
        self._page: _Page | None = None
        self._alone_since_ms = 0
        self._ended_ms: int | None = None

    def begin(self) -> None:
        """Let the kiosk's own screen go to the pages: the PIN was said for it, by code or button."""
        self.end()
        self._on, self._alone_since_ms, self._ticket = True, self._now_ms(), secrets.token_urlsafe(32)
        self._invite(self._ticket)

    def redeem(self, ticket: str) -> Session | None:
        """A session for the browser that brings the ticket, once; None: it is another, or too late."""
        if not (self.is_on and self._ticket and hmac.compare_digest(self._ticket.encode(), ticket.encode())):
            return None
        session = self._access.begin()
        self._ticket, self._token, self._alone_since_ms = "", session.token, self._now_ms()
        self._invite("")
        return session

    @property
    def is_on(self) -> bool:
        """Whether somebody walks the pages, or is about to; not for long without a page that listens."""
        given_up_ms = self._alone_since_ms + FETCHED_WITHIN // _MS
        if self._on and self._page is None and self._now_ms() >= given_up_ms:
            self._end(given_up_ms)  # then, and not when somebody asks
        return self._on

    def is_by(self, token: str) -> bool:
        """Whether the session of `token` walks; where a ticket is out it is one of before."""
        return self.is_on and not self._ticket and self.was_by(token)

    def was_by(self, token: str) -> bool:
        """Whether the session of `token` walks, or was the last one that did and has not come to the desk since."""
        # What a browser sends need not be text.
        return bool(self._token) and hmac.compare_digest(self._token.encode(), token.encode(errors="surrogateescape"))

    def came_home(self, token: str) -> None:
        """The browser of `token` is at the desk: if it walked, it does so no more, and a finger there begins anew."""
        if self.is_by(token):
            self.end()
        if self.was_by(token):
            self._token = ""

    def takes(self, step: PageStep | None, at_ms: int) -> bool:
        """Whether what was done at `at_ms` is for the pages; `step` is what it means there.

        Between two pages it is for none, like a step that was taken before this page was there.
        """
        if not self.is_on:
            return self._ended_ms is not None and dt.timedelta(milliseconds=at_ms - self._ended_ms) < ON_ITS_WAY
        if step is not None and self._page is not None and at_ms >= self._page.since_ms:
            self._access.session(self._token)  # which goes on
            self._page.steps.put_nowait(step)
        return True

    def end(self) -> None:
        """Back to the desk, whoever wants it: the session ends, and the page hears of it at once."""
        if self.is_on:
            self._end(self._now_ms())

    async def steps(self, quiet_s: float) -> AsyncGenerator[PageStep | None, None]:
        """Each step for the page that asks now; None after `quiet_s` seconds without one.

        Ends with the walk, and when another page asks.
        """
        page = self._page = _Page(self._now_ms())
        try:
            while self._serves(page):
                if not self._access.knows(self._token):
                    self.end()
                    return
                try:
                    async with asyncio.timeout(quiet_s):
                        step = await page.steps.get()
                except TimeoutError:
                    step = None
                if self._serves(page):
                    yield step
        finally:
            if self._page is page:
                self._page, self._alone_since_ms = None, self._now_ms()

    def _end(self, at_ms: int) -> None:
        self._on, self._ended_ms = False, at_ms
        self._access.leave(self._token)
        if self._ticket:
            self._ticket = ""
            self._invite("")
        page, self._page = self._page, None  # at once: it must not end a walk that begins after this one
        if page is not None:
            page.steps.put_nowait(None)

    def _serves(self, page: _Page) -> bool:
        return self._on and self._page is page

    def _now_ms(self) -> int:
        return self._clock.now().monotonic_ms
