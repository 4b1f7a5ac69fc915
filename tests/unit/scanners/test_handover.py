"""Codes that wait for the desk, and how long they waited."""

import asyncio

from kiosk.cards.model import Scan
from kiosk.scanners.handover import HandOver


class SlowDesk:
    """Answers each scan when it is told to."""

    def __init__(self) -> None:
        self.scans: asyncio.Queue[Scan] = asyncio.Queue()
        self.answer = asyncio.Semaphore(0)

    async def scan(self, scan: Scan) -> None:
        self.scans.put_nowait(scan)
        await self.answer.acquire()


async def test_a_code_that_had_to_wait_says_how_long() -> None:
    desk, now_s = SlowDesk(), [5.0]
    handing = HandOver("gun", desk, now_s=lambda: now_s[0])
    running = asyncio.create_task(handing.run())
    async with asyncio.timeout(10):
        handing.put("FIRST")
        handing.put("SECOND")
        first = await desk.scans.get()
        now_s[0] = 7.5
        desk.answer.release()
        second = await desk.scans.get()
    running.cancel()
    told = [(scan.text, scan.source, scan.waited_ms) for scan in (first, second)]
    assert told == [("FIRST", "gun", 0), ("SECOND", "gun", 2500)]
