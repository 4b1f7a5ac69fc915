"""A desk under a camera, for tests: a source that shows what it is told to, and takers of what is read."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterable

from kiosk.cards.model import CardNumber
from kiosk.errors import DeviceError
from kiosk.scanners.camera.frames import Frame, Luma

WAIT_S = 0.05


class ScriptedSource:
    """Gives the frames that are put into it, each as soon as it is asked for; a DeviceError in it is a pulled plug."""

    def __init__(self) -> None:
        self.frames: queue.Queue[Luma | DeviceError] = queue.Queue()
        self.refusals: list[DeviceError] = []
        self.did: list[str] = []
        self.threads: set[str] = set()
        self._at_ms = 0
        self._looking = False

    def open(self) -> None:
        self.threads.add(threading.current_thread().name)
        if self.refusals:
            self.did.append("refused")
            raise self.refusals.pop(0)
        self.did.append("open")

    def newest(self) -> Frame | None:
        if self._looking:
            self.frames.task_done()  # who asks for the next one has done with the last
            self._looking = False
        try:
            given = self.frames.get(timeout=WAIT_S)
        except queue.Empty:
            return None
        self._looking = True
        if isinstance(given, DeviceError):
            raise given
        self._at_ms += 50
        return Frame(given, self._at_ms)

    def close(self) -> None:
        self.did.append("close")

    def show(self, frames: Iterable[Luma | DeviceError]) -> None:
        for frame in frames:
            self.frames.put(frame)


class CardList:
    """A card list that counts how often it is asked."""

    def __init__(self, *numbers: str) -> None:
        self.numbers = set(numbers)
        self.asked = 0
        self.faults = 0
        """So many of the next questions cannot be answered."""

    async def __call__(self, number: CardNumber) -> bool | None:
        self.asked += 1
        if self.faults:
            self.faults -= 1
            return None
        return number.normal in self.numbers
