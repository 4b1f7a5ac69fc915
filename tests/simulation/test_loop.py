"""The worlds' loop does the same calls in the same order, wherever in memory things lie."""

import asyncio
import random

import pytest

from tests.simulation.loop import VirtualLoop

TASKS = 12


class OnFire(Exception):
    """Ends a group."""


def order_of_ends() -> list[int]:
    """In which order the tasks of a group hear that it ends."""
    ended: list[int] = []

    async def wait_for_the_end(number: int) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(number)

    async def catch_fire() -> None:
        await asyncio.sleep(0)
        raise OnFire

    async def live() -> None:
        async with asyncio.TaskGroup() as group:
            for number in range(TASKS):
                group.create_task(wait_for_the_end(number))
            group.create_task(catch_fire())

    loop = VirtualLoop()
    with pytest.raises(BaseExceptionGroup):
        loop.run_until_complete(live())
    loop.close()
    return ended


def test_the_tasks_of_a_group_end_in_one_order_wherever_they_lie_in_memory() -> None:
    in_between: list[bytearray] = []
    orders = set[tuple[int, ...]]()
    for _ in range(20):
        in_between += [bytearray(random.randrange(2000)) for _ in range(50)]
        orders.add(tuple(order_of_ends()))
    assert len(orders) == 1
