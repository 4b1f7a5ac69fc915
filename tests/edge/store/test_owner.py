"""The thread that owns a connection."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlite_utils

from kiosk.errors import StoreUnavailable
from kiosk.store.owner import Owner


def memory() -> sqlite_utils.Database:
    return sqlite_utils.Database(sqlite3.connect(":memory:"))


@pytest.fixture
def owner() -> Iterator[Owner]:
    owner = Owner("owner", memory)
    yield owner
    owner.close()


def held(started: threading.Event, let_go: threading.Event, done: list[str]) -> Callable[[Any], None]:
    def job(_: sqlite_utils.Database) -> None:
        started.set()
        assert let_go.wait(10)
        done.append("held")

    return job


async def test_jobs_are_done_in_the_order_asked_for(owner: Owner) -> None:
    done: list[int] = []

    def job(number: int) -> Callable[[Any], None]:
        return lambda _: done.append(number)

    await asyncio.gather(*(owner.do(job(number)) for number in range(5)))
    assert done == [0, 1, 2, 3, 4]


async def test_what_a_job_raises_reaches_who_asked_and_the_next_job_is_done(owner: Owner) -> None:
    def fail(_: sqlite_utils.Database) -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match=r"^no$"):
        await owner.do(fail)
    assert await owner.do(lambda _: 1) == 1


async def test_a_cancelled_job_that_has_not_begun_is_never_done(owner: Owner) -> None:
    started, let_go, done = threading.Event(), threading.Event(), list[str]()
    first = asyncio.create_task(owner.do(held(started, let_go, done)))
    second = asyncio.create_task(owner.do(lambda _: done.append("second")))
    assert await asyncio.to_thread(started.wait, 10)
    second.cancel()
    await asyncio.wait({second})
    let_go.set()
    await first
    await owner.do(lambda _: done.append("third"))
    assert done == ["held", "third"]


async def test_a_cancelled_job_that_has_begun_is_finished(owner: Owner) -> None:
    started, let_go, done = threading.Event(), threading.Event(), list[str]()
    first = asyncio.create_task(owner.do(held(started, let_go, done)))
    assert await asyncio.to_thread(started.wait, 10)
    first.cancel()
    await asyncio.wait({first})
    let_go.set()
    await owner.do(lambda _: done.append("next"))
    assert (first.cancelled(), done) == (True, ["held", "next"])


def test_an_answer_for_a_loop_that_is_gone_ends_nothing(owner: Owner) -> None:
    started, let_go, done = threading.Event(), threading.Event(), list[str]()

    async def ask_and_leave() -> None:
        asking = asyncio.create_task(owner.do(held(started, let_go, done)))
        assert await asyncio.to_thread(started.wait, 10)
        asking.cancel()

    asyncio.run(ask_and_leave())
    let_go.set()
    assert asyncio.run(owner.do(lambda _: "alive")) == "alive"


async def test_closing_finishes_what_was_asked_for_then_the_last_job_then_the_connection() -> None:
    started, let_go, done = threading.Event(), threading.Event(), list[str]()
    connection = sqlite_utils.Database(sqlite3.connect(":memory:", check_same_thread=False))
    owner = Owner("owner", lambda: connection)
    asked = [owner.do(held(started, let_go, done)), owner.do(lambda _: done.append("asked"))]
    asking = asyncio.gather(*asked)
    assert await asyncio.to_thread(started.wait, 10)
    let_go.set()
    await asyncio.to_thread(owner.close, lambda _: done.append("last"))
    await asyncio.to_thread(owner.close, lambda _: done.append("never"))
    await asking
    assert done == ["held", "asked", "last"]
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        connection.execute("SELECT 1")


async def test_a_closed_owner_says_so() -> None:
    owner = Owner("owner", memory)
    owner.close()
    with pytest.raises(StoreUnavailable, match=r"^The database is closed\.$"):
        await owner.do(lambda _: 1)


def test_what_connecting_raises_is_raised_and_no_thread_is_left() -> None:
    before = threading.enumerate()

    def refuse() -> sqlite_utils.Database:
        raise StoreUnavailable("not today")

    with pytest.raises(StoreUnavailable, match=r"^not today$"):
        Owner("owner", refuse)
    assert threading.enumerate() == before
