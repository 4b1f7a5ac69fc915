"""The whole camera with real threads and real decoders, on frames that a test shows it."""

import asyncio
import threading
from collections.abc import AsyncIterator
from typing import Any

import numpy as np
import pytest

from kiosk.cards.model import Scan
from kiosk.demo.card_pictures import Printed, draw_card
from kiosk.errors import DeviceError
from kiosk.health import Health
from kiosk.scanners.camera.decoder import Decoder
from kiosk.scanners.camera.engines import ZxingEngine
from kiosk.scanners.camera.scanner import CameraScanner
from tests.support.camera_frames import Light, Luma, Pose, background, held, seen
from tests.support.cameras import CardList, ScriptedSource
from tests.support.clock import FixedClock

NAME = "camera 1"
FIRST, SECOND = "DEMO4F7K2Q", "DEMO88CX31"
GONE = DeviceError("the camera was unplugged")


class Desk:
    """A desk, and a camera over it."""

    def __init__(self, known: CardList | None = None, **options: Any) -> None:
        self.source = ScriptedSource()
        self.scans: asyncio.Queue[str] = asyncio.Queue()
        self.waited_ms: list[int] = []
        self.free = asyncio.Event()
        self.free.set()
        self.looked_again = asyncio.Semaphore(0)
        self.health = Health(FixedClock())
        self.said: list[str] = []
        self.health.watch(lambda: self.said.append(self.health.parts()[NAME].why or "well"))
        options.setdefault("decoder", lambda: Decoder([ZxingEngine()]))
        scanner = CameraScanner(
            NAME,
            self.source,
            receiver=self,
            health=self.health,
            known=known or CardList(FIRST, SECOND),
            pause=self.pause,
            **options,
        )
        self.running = asyncio.create_task(scanner.run())

    async def scan(self, scan: Scan) -> None:
        assert scan.source == NAME
        self.scans.put_nowait(scan.text)
        self.waited_ms.append(scan.waited_ms)
        await self.free.wait()

    async def pause(self, _: float) -> None:
        self.looked_again.release()
        await asyncio.sleep(0)

    async def next(self) -> str:
        async with asyncio.timeout(20):
            return await self.scans.get()

    async def until_all_is_looked_at(self) -> None:
        async with asyncio.timeout(20):
            await asyncio.to_thread(self.source.frames.join)

    async def stop(self) -> None:
        self.running.cancel()
        await asyncio.wait({self.running})
        assert self.running.cancelled()


RNG = np.random.default_rng(31)
SCENE = background(RNG)
EMPTY = seen(SCENE, Light(), RNG)


def card(number: str, frames: int, **printed: bool) -> list[Luma]:
    scene = held(draw_card(Printed(number, **printed)), SCENE, Pose(slant_deg=5))
    return [seen(scene, Light(), RNG) for _ in range(frames)]


def empty(frames: int) -> list[Luma]:
    return [seen(SCENE, Light(), RNG) for _ in range(frames)]


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    desk = Desk()
    yield desk
    if not desk.running.done():
        await desk.stop()


async def test_a_card_held_still_is_one_scan_also_when_it_is_no_longer_decoded(desk: Desk) -> None:
    desk.source.show([*empty(3), *card(FIRST, 120), *empty(5), *card(SECOND, 3)])
    assert [await desk.next(), await desk.next()] == [FIRST, SECOND]


async def test_a_card_that_was_moved_away_and_back_is_two_scans(desk: Desk) -> None:
    desk.source.show([*card(FIRST, 5), *empty(20), *card(FIRST, 5)])
    assert [await desk.next(), await desk.next()] == [FIRST, FIRST]


@pytest.mark.parametrize("left", [True, False], ids=["beside one on its right", "beside one on its left"])
async def test_a_card_that_lies_still_is_one_scan_while_another_comes_and_goes_beside_it(
    desk: Desk, left: bool
) -> None:
    """Read as newly there it would confirm itself, or push the other from the desk."""
    poses = [Pose(px_per_mm=6.5, slant_deg=-4, x=0.26), Pose(px_per_mm=6.5, slant_deg=3, x=0.76)]
    still, other = poses if left else reversed(poses)
    alone = held(draw_card(Printed(FIRST)), SCENE, still)
    beside = held(draw_card(Printed(SECOND)), alone, other)
    for scene in (alone, beside, alone, beside):
        desk.source.show(seen(scene, Light(), RNG) for _ in range(25))
    assert [await desk.next() for _ in range(3)] == [FIRST, SECOND, SECOND]
    await desk.until_all_is_looked_at()
    await desk.stop()
    assert desk.scans.empty()


async def test_a_card_with_nothing_but_bars_is_read_by_its_two_witnesses(desk: Desk) -> None:
    desk.source.show(card(FIRST, 5, qr=False, check_character=False))
    assert await desk.next() == FIRST


async def test_the_next_card_is_seen_while_the_desk_is_busy_with_the_first(desk: Desk) -> None:
    desk.free.clear()
    desk.source.show([*card(FIRST, 3), *card(SECOND, 3), *empty(20)])
    assert await desk.next() == FIRST
    await desk.until_all_is_looked_at()
    assert desk.scans.empty()
    desk.free.set()
    assert await desk.next() == SECOND


async def test_a_card_that_had_to_wait_for_the_desk_says_how_long() -> None:
    """So that a printed “record” does not record a card that was answered only after it was shown."""
    now_s = [5.0]
    desk = Desk(now_s=lambda: now_s[0])
    desk.free.clear()
    desk.source.show([*card(FIRST, 3), *card(SECOND, 3), *empty(20)])
    await desk.next()
    await desk.until_all_is_looked_at()
    now_s[0] = 7.5
    desk.free.set()
    await desk.next()
    await desk.stop()
    assert desk.waited_ms == [0, 2500]


async def test_a_camera_that_vanishes_is_said_and_read_again_when_it_is_back(desk: Desk) -> None:
    desk.source.show([*card(FIRST, 3), GONE])
    assert await desk.next() == FIRST
    desk.source.show([*empty(20), *card(SECOND, 3)])
    assert await desk.next() == SECOND
    await desk.stop()
    assert desk.said == ["well", str(GONE), "well"]
    assert desk.source.did == ["open", "close", "open", "close"]


async def test_a_camera_that_is_busy_at_first_is_tried_until_it_is_free(desk: Desk) -> None:
    await desk.stop()
    desk = Desk()
    desk.source.refusals = [DeviceError("another program holds it")] * 2
    desk.source.show(card(FIRST, 3))
    assert await desk.next() == FIRST
    await desk.stop()
    assert desk.source.did == ["refused", "close", "refused", "close", "open", "close"]


async def test_a_machine_without_a_decoder_says_so_and_opens_no_camera() -> None:
    def none() -> Decoder:
        raise DeviceError("install zxing-cpp")

    desk = Desk(decoder=none)
    async with asyncio.timeout(20):
        await desk.looked_again.acquire()
    assert desk.health.parts()[NAME].why == "install zxing-cpp"
    await desk.stop()
    assert desk.source.did == []


async def test_looking_is_done_in_one_thread_that_ends_with_the_scanner(desk: Desk) -> None:
    before = {thread.name for thread in threading.enumerate()}
    desk.source.show(card(FIRST, 3))
    await desk.next()
    await desk.stop()
    assert len(desk.source.threads) == 1
    assert threading.current_thread().name not in desk.source.threads
    for thread in threading.enumerate():
        if thread.name not in before:
            await asyncio.to_thread(thread.join, 10)
            assert not thread.is_alive()
    assert desk.source.did[-1] == "close"


async def test_a_fault_that_nobody_expected_ends_the_service(desk: Desk) -> None:
    class Broken:
        def whole(self, luma: Luma) -> tuple[()]:
            raise ZeroDivisionError

        lines = whole

    await desk.stop()
    desk = Desk(decoder=lambda: Decoder([Broken()]))
    desk.source.show(empty(1))
    async with asyncio.timeout(20):
        await asyncio.wait({desk.running})
    with pytest.raises(ExceptionGroup) as caught:
        desk.running.result()
    assert caught.group_contains(ZeroDivisionError)
    assert desk.source.did == ["open", "close"]
