"""What the register told, as facts for the next decision, and the way its news comes in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import partial

import sqlite_utils

from kiosk.cards.exchange import Draft, FeedState
from kiosk.cards.model import Event, Facts
from kiosk.cards.news import News, Profile
from kiosk.clock import SameBoot
from kiosk.errors import StoreError, StoreUnavailable
from kiosk.store.card_list import exchange, find_draft, list_id_of, start_draft, sweep
from kiosk.store.database import Database
from kiosk.store.facts import Question, find_events, find_facts, find_profile
from kiosk.store.forgetting import forget_other_doors
from kiosk.store.told import (
    believe_time,
    find_feed,
    give_up_lists,
    note_list,
    note_time,
    put_feed,
    put_news,
    put_profile,
    put_time,
)


class Catalogue:
    """Guards cards, events, profile and the place in the feed; all calls raise StoreUnavailable."""

    def __init__(self, db: Database, *, door: str) -> None:
        """Keep the news in `db`; earlier uses of this kiosk are told as uses at `door`."""
        self._db = db
        self._door = door

    async def facts(
        self,
        lookup_key: str,
        event_id: str | None,
        *,
        day: tuple[dt.datetime, dt.datetime],
        online: bool,
        clock_trusted: bool,
        course_uses: int | None,
        day_here: SameBoot | None = None,
    ) -> Facts:
        """The facts for one card at one event.

        `day` is the local day, from its start to the start of the next. Uses of the boot of `day_here`, which is the
        same start by its clock, are told by that clock where the other was not trusted. An event that the register
        has removed counts as general admission.
        """
        question = Question(lookup_key, event_id, day, online, clock_trusted, course_uses, day_here)
        return await self._db.read(partial(find_facts, question=question, door=self._door))

    async def facts_without_card(
        self, event_id: str | None, *, day: tuple[dt.datetime, dt.datetime], online: bool, clock_trusted: bool
    ) -> Facts:
        """The facts of an event, with no card on the desk."""
        question = Question(None, event_id, day, online, clock_trusted, course_uses=None)
        return await self._db.read(partial(find_facts, question=question, door=self._door))

    async def events(self, start: dt.datetime, end: dt.datetime) -> tuple[Event, ...]:
        """The venue's events that touch the time from `start` to before `end`, by their start."""
        return await self._db.read(partial(find_events, start=start, end=end))

    async def profile(self) -> Profile | None:
        """The venue's profile; None: the register has not told yet."""
        return await self._db.read(find_profile)

    async def feed_state(self) -> FeedState:
        """How far the news was read; without a cursor a snapshot is needed."""
        return await self._db.read(find_feed)

    async def draft(self) -> Draft | None:
        """A card list that was begun and not finished, to go on with."""
        return await self._db.read(find_draft)

    async def keep_profile(self, profile: Profile, server_time: dt.datetime) -> None:
        """Put down the venue's profile; with new lookup parameters every card list is given up."""
        await self._db.write(partial(_keep_profile, profile=profile, server_time=server_time))

    async def start_list(self, head_cursor: str) -> Draft:
        """Begin to take the card list anew, beside the one in use; the feed stood at `head_cursor` before."""
        await self.sweep()
        return await self._db.write(partial(start_draft, cursor=head_cursor), adds=True)

    async def extend_list(self, news: Sequence[News]) -> None:
        """Put cards on the list being taken, and what came with them (profile, events, uses) in its place.

        Raises StoreError when no list is being taken, and StoreUnavailable when the lookup parameters changed
        after the first cards: then the list is given up, to be taken anew.
        """
        if not await self._db.write(partial(_extend, news=news), adds=True):
            raise StoreUnavailable("The lookup keys changed while the card list was taken: it must be taken anew.")

    async def finish_list(self, cursor: str, server_time: dt.datetime | None) -> None:
        """Use the list that was being taken, at once and whole; the feed goes on at `cursor`.

        It is as fresh as `server_time`, or no fresher than the one before (None). The old list is deleted afterwards,
        little by little. Raises StoreError when no list is being taken.
        """
        await self._db.write(partial(_finish, cursor=cursor, server_time=server_time))
        await self.sweep()

    async def apply(self, news: Sequence[News], cursor: str, server_time: dt.datetime | None) -> None:
        """Put down `news` in its order, and that it was read up to `cursor`, in one commit.

        The list is then as fresh as `server_time`; None: there is more to come, and it is as old as it was.
        After a profile with new lookup parameters there is no list and no cursor: look at `feed_state`.
        """
        await self._db.write(partial(_apply, news=news, cursor=cursor, server_time=server_time), adds=True)

    async def confirmed(self, server_time: dt.datetime) -> None:
        """The register said at `server_time` that there is no news: the list is as fresh as that, to some minutes."""
        await self._db.write(partial(note_list, server_time=server_time))

    async def heard(self, server_time: dt.datetime) -> None:
        """The register said what time it is; kept to some minutes."""
        await self._db.write(partial(note_time, server_time=server_time))

    async def believe(self, server_time: dt.datetime, *, instead_of: dt.datetime) -> None:
        """The newest time told was wrong (ADR 25); nothing happens where another one has come meanwhile."""
        await self._db.write(partial(believe_time, server_time=server_time, instead_of=instead_of))

    async def forget_other_doors(self, register_time: dt.datetime) -> None:
        """Delete uses of other doors a day after they, and the event that they were for, were over; some at a time."""
        await self._db.write(partial(forget_other_doors, register_time=register_time))

    async def sweep(self) -> None:
        """Delete what is left of lists that nobody uses, a little in each commit."""
        while await self._db.write(sweep):
            pass


def _keep_profile(db: sqlite_utils.Database, *, profile: Profile, server_time: dt.datetime) -> None:
    put_time(db, server_time)
    if put_profile(db, profile):
        give_up_lists(db)


def _extend(db: sqlite_utils.Database, *, news: Sequence[News]) -> bool:
    draft = find_draft(db)
    if draft is None:
        raise StoreError("No card list is being taken.")
    profiles = [piece for piece in news if isinstance(piece, Profile)]
    if sum(put_profile(db, profile) for profile in profiles):
        give_up_lists(db)
        if draft.last_key is not None:
            return False
        start_draft(db, draft.cursor)
    rest = [piece for piece in news if not isinstance(piece, Profile)]
    put_news(db, rest, list_id_of(db, "draft"))
    return True


def _finish(db: sqlite_utils.Database, *, cursor: str, server_time: dt.datetime | None) -> None:
    draft_id = list_id_of(db, "draft")
    if draft_id is None:
        raise StoreError("No card list is being taken.")
    exchange(db, draft_id)
    put_feed(db, cursor, server_time)


def _apply(db: sqlite_utils.Database, *, news: Sequence[News], cursor: str, server_time: dt.datetime | None) -> None:
    if server_time is not None:
        put_time(db, server_time)  # first: the news happened by it
    put_news(db, news, list_id_of(db, "current"))
    put_feed(db, cursor, server_time)
