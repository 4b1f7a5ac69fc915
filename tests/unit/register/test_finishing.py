"""Begun work is brought to its end, whoever stops waiting for it."""

from __future__ import annotations

import asyncio

import pytest

from register.server.finishing import Finishing


async def test_work_goes_on_when_its_caller_hangs_up() -> None:
    finishing, begun, go_on, done = Finishing(), asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def work() -> None:
        begun.set()
        await go_on.wait()
        done.set()

    async with asyncio.timeout(10):
        waiting = asyncio.create_task(finishing.to_the_end(work()))
        await begun.wait()
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        go_on.set()
        await finishing.all_done()
    assert waiting.cancelled()
    assert done.is_set()


async def test_result_and_error_reach_who_waits() -> None:
    finishing = Finishing()

    async def seven() -> int:
        return 7

    async def fails() -> int:
        raise LookupError("no such thing")

    assert await finishing.to_the_end(seven()) == 7
    with pytest.raises(LookupError, match="no such thing"):
        await finishing.to_the_end(fails())
    await finishing.all_done()
