"""A program in the place of one that speaks, and what it was told."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path

from kiosk.feedback.voice import PART
from kiosk.health import Health
from tests.support.clock import FixedClock

SPEAKER = """#!{python}
import json, os, signal, sys
with open({heard!r}, "a") as heard:
    heard.write(json.dumps([os.getpid(), *sys.argv[1:]]) + "\\n")
{then}
"""


class WatchedHealth(Health):
    """The condition of the voice, waited for."""

    def __init__(self) -> None:
        super().__init__(FixedClock())
        self._changed = asyncio.Event()
        self.watch(self._changed.set)

    async def until(self, *, ok: bool, why: str | None = None) -> str | None:
        """Return when the voice works, or does not (because of `why`, where that is given); and why."""
        async with asyncio.timeout(20):
            while (now := self.parts().get(PART)) is None or now.ok is not ok or why not in (None, now.why):
                self._changed.clear()
                await self._changed.wait()
        return now.why


class Ears:
    """A program in the place of espeak-ng, and what it was told."""

    def __init__(self, folder: Path, then: str = "", name: str = "espeak-ng") -> None:
        self.program = folder / name
        self._heard = folder / "heard"
        os.mkfifo(self._heard)
        self._end = os.open(self._heard, os.O_RDWR | os.O_NONBLOCK)
        self.program.write_text(SPEAKER.format(python=sys.executable, heard=str(self._heard), then=then))
        self.program.chmod(0o755)
        self.health = WatchedHealth()
        self.told: asyncio.Queue[list[str | int]] = asyncio.Queue()
        asyncio.get_running_loop().add_reader(self._end, self._read)

    def _read(self) -> None:
        for line in os.read(self._end, 65536).splitlines():
            self.told.put_nowait(json.loads(line))

    async def hear(self) -> list[str | int]:
        return await asyncio.wait_for(self.told.get(), 20)

    async def until_health(self, *, ok: bool) -> str | None:
        return await self.health.until(ok=ok)

    def close(self) -> None:
        asyncio.get_running_loop().remove_reader(self._end)
        os.close(self._end)


def is_running(pid: int | str) -> bool:
    """Whether that process still does anything: one that ended and that nobody asked about does not."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except FileNotFoundError:
        return False
    return stat.rpartition(")")[2].split()[0] not in {"Z", "X"}


async def until_ended(pid: int | str) -> None:
    """Return when that process does nothing more: whoever is told to end it takes a moment."""
    try:
        process = os.pidfd_open(int(pid))
    except ProcessLookupError:
        return
    ended, loop = asyncio.Event(), asyncio.get_running_loop()
    loop.add_reader(process, ended.set)
    try:
        await asyncio.wait_for(ended.wait(), 20)
    finally:
        loop.remove_reader(process)
        os.close(process)
