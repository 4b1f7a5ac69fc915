"""Who walks the venue's pages: each state of the walk, with each thing that can happen to it."""

import asyncio
import datetime as dt
from collections.abc import Callable
from contextlib import aclosing

import pytest

from kiosk.cards.page_steps import PageStep
from kiosk.screen.access import Access
from kiosk.screen.walk import FETCHED_WITHIN, ON_ITS_WAY, Walk
from tests.support.clock import FixedClock

IDLE = dt.timedelta(minutes=10)
QUIET_S = 0.01


class Stage:
    """A walk, its clock, and what the kiosk's own screen is told."""

    def __init__(self) -> None:
        self.clock = FixedClock()
        self.access = Access(lambda: b"", self.clock, IDLE)
        self.ticket = ""
        self.walk = Walk(self.access, self.clock, self._invited)
        self.token = ""
        self.so_far: list[PageStep] = []
        self.reading: asyncio.Task[list[PageStep]] | None = None

    def _invited(self, ticket: str) -> None:
        self.ticket = ticket

    def redeem(self) -> None:
        session = self.walk.redeem(self.ticket)
        assert session is not None
        self.token = session.token

    async def listen(self) -> None:
        """Be a page, as long as it hears anything."""

        async def read() -> list[PageStep]:
            async with aclosing(self.walk.steps(QUIET_S)) as steps:
                async for step in steps:
                    self.so_far += [] if step is None else [step]
            return self.so_far

        self.reading = asyncio.create_task(read())
        while self.walk._page is None:  # noqa: ASYNC110  # it listens as soon as it has its turn
            await asyncio.sleep(0)

    async def until_heard(self, count: int) -> None:
        """Return when the page has heard so many steps."""
        async with asyncio.timeout(5):
            while len(self.so_far) < count:  # noqa: ASYNC110  # the page has its turn
                await asyncio.sleep(0)

    async def heard(self) -> list[PageStep]:
        """All that the page heard, once the walk has ended."""
        assert self.reading is not None
        async with asyncio.timeout(5):
            return await self.reading


async def idle(_: Stage) -> None:
    """Nobody walks."""


async def invited(stage: Stage) -> None:
    stage.walk.begin()


async def between_pages(stage: Stage) -> None:
    await invited(stage)
    stage.redeem()


async def listening(stage: Stage) -> None:
    await between_pages(stage)
    await stage.listen()


async def ended(stage: Stage) -> None:
    await between_pages(stage)
    stage.walk.end()


async def ended_long_ago(stage: Stage) -> None:
    await ended(stage)
    stage.clock.pass_by(ON_ITS_WAY.total_seconds())


STATES = [idle, invited, between_pages, listening, ended, ended_long_ago]
ON = {invited, between_pages, listening}
"""Steps are the pages' there."""


def outcome(stage: Stage) -> tuple[bool, bool, bool]:
    """Whether somebody walks, whether a ticket is out, whether the session that walked is still one."""
    return stage.walk.is_on, bool(stage.ticket), stage.access.knows(stage.token)


@pytest.mark.parametrize("state", STATES)
async def test_a_step_is_the_pages_while_they_are_walked_and_for_a_moment_more(state: Callable[..., object]) -> None:
    stage = Stage()
    await state(stage)  # type: ignore[misc]
    stage.clock.pass_by(0.1)
    at_ms = stage.clock.monotonic_ms
    taken = [stage.walk.takes(step, at_ms) for step in (PageStep.FORWARD, None)]
    assert taken == [state in ON or state is ended] * 2
    assert stage.walk.is_on is (state in ON)
    if state is listening:
        await stage.until_heard(1)
        stage.walk.end()
        assert await stage.heard() == [PageStep.FORWARD]


@pytest.mark.parametrize("state", STATES)
async def test_the_pin_begins_a_walk_anew_whatever_was_before(state: Callable[..., object]) -> None:
    stage = Stage()
    await state(stage)  # type: ignore[misc]
    before = stage.ticket
    stage.walk.begin()
    assert (outcome(stage), stage.ticket != before) == ((True, True, False), True)
    if state is listening:
        assert await stage.heard() == []
        assert outcome(stage) == (True, True, False), "the page of the walk before ends no other"


@pytest.mark.parametrize("state", STATES)
async def test_the_end_ends_session_and_ticket_and_tells_the_page(state: Callable[..., object]) -> None:
    stage = Stage()
    await state(stage)  # type: ignore[misc]
    stage.walk.end()
    assert outcome(stage) == (False, False, False)
    assert stage.walk.redeem(stage.ticket) is None
    if state is listening:
        assert await stage.heard() == []


@pytest.mark.parametrize("state", STATES)
async def test_a_ticket_is_taken_where_one_is_out_and_no_other_text_is_one(state: Callable[..., object]) -> None:
    stage = Stage()
    await state(stage)  # type: ignore[misc]
    assert [stage.walk.redeem(wrong) for wrong in ("", "x")] == [None, None]
    assert (stage.walk.redeem(stage.ticket) is not None) is (state is invited)
    if state is listening:
        stage.walk.end()
        assert await stage.heard() == []


@pytest.mark.parametrize("state", STATES)
async def test_without_a_page_that_listens_a_walk_is_over_after_seconds(state: Callable[..., object]) -> None:
    stage = Stage()
    await state(stage)  # type: ignore[misc]
    stage.clock.pass_by(FETCHED_WITHIN.total_seconds() - 0.001)
    assert stage.walk.is_on is (state in ON)
    stage.clock.pass_by(0.001)
    assert stage.walk.is_on is (state is listening)
    if state is listening:
        stage.walk.end()
        assert await stage.heard() == []


@pytest.mark.parametrize("looked_for", [False, True], ids=["by a press", "by a card"])
async def test_a_walk_that_no_page_came_to_has_ended_then_and_takes_no_press_of_later(looked_for: bool) -> None:
    stage = Stage()
    await invited(stage)
    stage.clock.pass_by(FETCHED_WITHIN.total_seconds() + ON_ITS_WAY.total_seconds())
    if looked_for:
        stage.walk.end()
    assert not stage.walk.takes(PageStep.FORWARD, stage.clock.monotonic_ms)
    assert outcome(stage) == (False, False, False)


async def test_a_session_that_is_idle_for_too_long_ends_the_walk_and_each_step_lets_it_go_on() -> None:
    stage = Stage()
    await listening(stage)
    for count in (1, 2):
        stage.clock.pass_by(IDLE.total_seconds())
        assert stage.walk.takes(PageStep.BACK, stage.clock.monotonic_ms)
        await stage.until_heard(count)
    stage.clock.pass_by(IDLE.total_seconds() + 1)
    assert (await stage.heard(), outcome(stage)) == ([PageStep.BACK] * 2, (False, False, False))


async def test_what_was_done_before_the_page_was_there_is_for_no_page() -> None:
    stage = Stage()
    await between_pages(stage)
    before_ms = stage.clock.monotonic_ms
    stage.clock.pass_by(1)
    await stage.listen()
    for step, at_ms in ((PageStep.CHOOSE, before_ms), (PageStep.FORWARD, stage.clock.monotonic_ms)):
        assert stage.walk.takes(step, at_ms)
    await stage.until_heard(1)
    stage.walk.end()
    assert await stage.heard() == [PageStep.FORWARD]


async def test_of_two_pages_the_later_one_listens() -> None:
    stage = Stage()
    await listening(stage)
    async with aclosing(stage.walk.steps(QUIET_S)) as later:
        assert await anext(later) is None
        assert await stage.heard() == []
        stage.walk.takes(PageStep.FORWARD, stage.clock.monotonic_ms)
        assert await anext(later) is PageStep.FORWARD


async def test_the_walk_is_known_by_its_session_and_afterwards_too() -> None:
    stage = Stage()
    assert (stage.walk.is_by(""), stage.walk.was_by("")) == (False, False)
    await between_pages(stage)
    assert (stage.walk.is_by(stage.token), stage.walk.is_by("x"), stage.walk.is_by("")) == (True, False, False)
    stage.walk.end()
    assert (stage.walk.is_by(stage.token), stage.walk.was_by(stage.token)) == (False, True)
