"""A camera that reads cards: looks in a thread of its own, judges and hands over in the loop."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor

from kiosk.cards.model import Scan
from kiosk.cards.number import DEFAULT_FORMS, NumberForms
from kiosk.errors import DeviceError
from kiosk.health import Health
from kiosk.scanners.camera.decoder import Decoder
from kiosk.scanners.camera.frames import FrameSource
from kiosk.scanners.camera.judge import Judge, KnownCards
from kiosk.scanners.camera.readings import Look
from kiosk.scanners.camera.trust import CheckCharacter
from kiosk.scanners.camera.watch import Eye, watch
from kiosk.scanners.receiver import Receiver

log = logging.getLogger(__name__)

LOOK_AGAIN_S = 2.0
"""A camera that is busy or unplugged is tried again so often."""
MOST_LOOKS = 64
"""Looks that wait for a look-up in the card list."""
MOST_UNANSWERED = 8
"""Cards that were shown while the desk was busy with the first of them."""


class CameraScanner:
    """Opens one camera and reads with it for ever, through every unplugging."""

    def __init__(
        self,
        name: str,
        source: FrameSource,
        decoder: Callable[[], Decoder],
        receiver: Receiver,
        health: Health,
        *,
        known: KnownCards,
        forms: NumberForms = DEFAULT_FORMS,
        printed: CheckCharacter = CheckCharacter.AUTO,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        """Hand each card that is shown to `receiver`, once for each time it is shown.

        `decoder` may raise DeviceError, for libraries that are not installed. `known` is the card list, which a Code39
        needs as its witness; `printed` says whether the cards' Code39 ends in a check character.
        """
        self._name = name
        self._source = source
        self._decoder = decoder
        self._receiver = receiver
        self._health = health
        self._judge = Judge(known, forms, printed)
        self._pause = pause
        self._now_s = now_s
        self._looks: asyncio.Queue[tuple[Look, float]] = asyncio.Queue(MOST_LOOKS)
        self._texts: asyncio.Queue[tuple[str, float]] = asyncio.Queue(MOST_UNANSWERED)

    async def run(self) -> None:
        """Read for ever; a camera that is not there is looked for again, and said in health."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._judge_looks())
            # Apart from the judging: the desk may take its time, and whether a card was taken away must be noticed.
            tasks.create_task(self._hand_over())
            while True:
                try:
                    await self._serve(Eye(self._decoder()))
                except DeviceError as error:
                    self._health.failing(self._name, str(error))
                await self._pause(LOOK_AGAIN_S)

    async def _serve(self, eye: Eye) -> None:
        loop = asyncio.get_running_loop()
        stopped = threading.Event()
        thread = ThreadPoolExecutor(1, thread_name_prefix=self._name)
        working = loop.run_in_executor(
            thread,
            lambda: watch(
                self._source,
                eye,
                opened=lambda: _tell(loop, stopped, lambda: self._health.ok(self._name)),
                seen=lambda look: _tell(loop, stopped, lambda: self._take(look)),
                stopped=stopped,
            ),
        )
        try:
            await asyncio.shield(working)
        finally:
            stopped.set()
            # Cancelled, too, it waits: the next one to open the camera must find it closed.
            await asyncio.wait({working})
            thread.shutdown(wait=False)

    def _take(self, look: Look) -> None:
        try:
            self._looks.put_nowait((look, self._now_s()))
        except asyncio.QueueFull:
            log.debug("%s: the card list is slow; a look was passed over", self._name)

    async def _judge_looks(self) -> None:
        while True:
            look, seen_at_s = await self._looks.get()
            for text in await self._judge.newly_shown(look):
                try:
                    self._texts.put_nowait((text, seen_at_s))
                except asyncio.QueueFull:
                    log.warning("%s: %d cards wait for the desk; one more was passed over", self._name, MOST_UNANSWERED)

    async def _hand_over(self) -> None:
        while True:
            text, seen_at_s = await self._texts.get()
            waited_ms = round((self._now_s() - seen_at_s) * 1000)
            await self._receiver.scan(Scan(text, self._name, waited_ms))


def _tell(loop: asyncio.AbstractEventLoop, stopped: threading.Event, news: Callable[[], None]) -> None:
    # A loop that waits for the thread's end is still open; one that a crash has closed hears nothing more.
    if not stopped.is_set():
        loop.call_soon_threadsafe(news)
