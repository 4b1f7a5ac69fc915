"""The disk fails under a kiosk: what was announced is kept, and nothing is announced that is not.

In a kernel of its own, where the device mapper stands between the file system and the disk.
"""

from collections.abc import Iterator

import pytest

from tests.power.visitors import numbered_from, on_the_disk, serve, settled_at
from tests.support.kiosk import Heard
from tests.support.mapped_disk import BAD_BLOCKS, DEAD, FORGETS, HEALTHY, SLOW, TAKES_NOTHING, MappedDisk
from tests.support.powered import PoweredKiosk
from tests.support.register import ServingRegister

VISITORS = 5


@pytest.fixture
def cards(request: pytest.FixtureRequest) -> Iterator[str]:
    """Cards that no other test here has shown."""
    tests = [item.name for item in request.session.items]
    return numbered_from(1 + 20 * tests.index(request.node.name))


def closed(heard: Heard) -> bool:
    """The kernel makes the file system read-only when it notices, which may be a moment later."""
    return heard.desk.get("phase") == "out-of-service" and heard.desk["why"] in {"store-failing", "disk-read-only"}


@pytest.fixture
async def served(kiosk: PoweredKiosk, cards: Iterator[str]) -> frozenset[str]:
    """What was announced on a healthy disk."""
    kiosk.move_in()
    await kiosk.start()
    for _ in range(VISITORS):
        await serve(kiosk, next(cards))
    return frozenset(kiosk.heard.recorded)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("disk", [TAKES_NOTHING, DEAD], ids=["takes nothing", "dead"])
async def test_a_disk_that_fails_closes_the_desk_and_costs_no_use(
    disk: MappedDisk, kiosk: PoweredKiosk, register: ServingRegister, served: frozenset[str], cards: Iterator[str]
) -> None:
    kiosk.disk_becomes(disk)
    kiosk.scan(next(cards))
    await kiosk.until(closed)
    assert kiosk.heard.recorded == served
    await kiosk.pull_the_plug()
    held = await settled_at(register, kiosk)
    assert {use: held[use] for use in served} == dict.fromkeys(served, 1)


@pytest.mark.timeout(300)
async def test_bad_blocks_close_the_desk_until_the_disk_takes_them_and_cost_no_use(
    kiosk: PoweredKiosk, register: ServingRegister, served: frozenset[str], cards: Iterator[str]
) -> None:
    kiosk.disk_becomes(BAD_BLOCKS)
    kiosk.scan(next(cards))
    await kiosk.until(closed)
    assert kiosk.heard.recorded == served
    kiosk.disk_becomes(HEALTHY)
    await kiosk.until(lambda heard: heard.desk.get("phase") == "ready")
    for _ in range(VISITORS):
        await serve(kiosk, next(cards))
    announced = frozenset(kiosk.heard.recorded)
    assert len(announced) >= 2 * VISITORS
    await kiosk.pull_the_plug()
    held = await settled_at(register, kiosk)
    assert {use: held[use] for use in announced} == dict.fromkeys(announced, 1)


@pytest.mark.timeout(300)
async def test_a_slow_disk_announces_nothing_before_it_is_kept(
    kiosk: PoweredKiosk, register: ServingRegister, served: frozenset[str], cards: Iterator[str]
) -> None:
    kiosk.disk_becomes(SLOW)
    for _ in range(VISITORS):
        await serve(kiosk, next(cards))
    announced = frozenset(kiosk.heard.recorded)
    await kiosk.pull_the_plug()
    held = await settled_at(register, kiosk)
    assert {use: held[use] for use in announced} == dict.fromkeys(announced, 1)


@pytest.mark.timeout(300)
async def test_a_disk_that_forgets_is_caught_by_these_tests(
    kiosk: PoweredKiosk, served: frozenset[str], cards: Iterator[str]
) -> None:
    kiosk.disk_becomes(FORGETS)
    for _ in range(VISITORS):
        await serve(kiosk, next(cards))
    announced = frozenset(kiosk.heard.recorded)
    await kiosk.pull_the_plug()
    kiosk.move_out()
    assert served <= on_the_disk(kiosk) < announced
