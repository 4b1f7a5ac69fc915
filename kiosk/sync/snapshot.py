"""Taking the whole card list, and going on where it broke off."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from typing import Protocol

from kiosk.cards.exchange import Draft
from kiosk.cards.news import ListedCard, News
from kiosk.errors import ListInVain, RegisterError, Unreachable
from kiosk.sync.pages import End, Head, Unread, news_in

CHUNK = 1000
"""Lines put down in one commit: the longest that a use recorded meanwhile has to wait."""

IN_VAIN = "the register's card list breaks off before its first card, and begins anew each time: the line is too weak"


class ListStore(Protocol):
    """The card list beside the one in use; every call raises StoreUnavailable."""

    async def draft(self) -> Draft | None:
        """A list that was begun and not finished."""
        ...

    async def start_list(self, head_cursor: str) -> Draft:
        """Begin a list anew."""
        ...

    async def extend_list(self, news: Sequence[News]) -> None:
        """Put down a piece of it."""
        ...

    async def finish_list(self, cursor: str, server_time: dt.datetime | None) -> None:
        """Use it; None: the register has not confirmed it as a whole."""
        ...


class ListServer(Protocol):
    """Where the list comes from; raises RegisterError, also between two lines."""

    def snapshot(self, after_key: str | None) -> AsyncGenerator[Head | News | Unread | End, None]:
        """The list, or what of it comes after a lookup key."""
        ...


async def take_list(
    server: ListServer,
    store: ListStore,
    *,
    on_chunk: Callable[[Sequence[News]], None],
    on_unread: Callable[[Unread], None],
) -> None:
    """Take the card list whole and put it in the place of the old one; `on_chunk` hears of what was put down.

    What has come is kept when the line breaks, and the next call goes on from there; such a list is as old as its first
    piece until the news has told what changed since. Raises RegisterError (ListInVain where there is nothing to go on
    from) and StoreUnavailable.
    """
    begun = draft = await store.draft()
    async with aclosing(server.snapshot(None if draft is None else draft.last_key)) as pieces:
        head = await anext(pieces, None)
        if not isinstance(head, Head):
            raise Unreachable("the register's card list does not begin at its beginning")
        draft = draft or await store.start_list(head.cursor)
        gone_on = draft.last_key is not None
        try:
            async with aclosing(_chunks(pieces, on_unread)) as chunks:
                async for chunk in chunks:
                    await store.extend_list(chunk)
                    on_chunk(chunk)
                    gone_on = gone_on or any(isinstance(piece, ListedCard) for piece in chunk)
        except Unreachable:
            if gone_on:
                raise
            raise ListInVain(IN_VAIN) from None
    # The feed goes on from where it stood when the list was begun, however often that broke off.
    await store.finish_list(draft.cursor, head.server_time if begun is None else None)
    on_chunk(())


async def _chunks(
    pieces: AsyncGenerator[Head | News | Unread | End, None], on_unread: Callable[[Unread], None]
) -> AsyncGenerator[Sequence[News], None]:
    """The news in `pieces`, to be put down together; when they break off, what has come before is given first."""
    chunk: list[News] = []
    try:
        async for piece in pieces:
            if isinstance(piece, End):
                break
            if isinstance(piece, Unread):
                on_unread(piece)
            if not isinstance(piece, Head) and (news := news_in(piece)) is not None:
                chunk.append(news)
            if len(chunk) == CHUNK:
                yield chunk
                chunk = []
        else:
            raise Unreachable("the register's card list broke off")
    except RegisterError:
        if chunk:
            yield chunk
        raise
    if chunk:
        yield chunk
