"""Whether the nightly copies reach the stick that is to have them."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from kiosk.clock import Clock, Moment
from kiosk.health import Health
from kiosk.store.copies import copies_in

PART = "stick"
LOOKS_EVERY_S = 300.0
OLD = dt.timedelta(days=3)
"""A copy is made each night: one that is missing may be a kiosk that was off, three are a stick that nobody sees to."""
AHEAD = dt.timedelta(days=1)
"""As far as a clock that is put right may have been wrong before."""


@dataclass(frozen=True, slots=True)
class Stick:
    """What was seen of it."""

    made_at: dt.datetime | None
    """When the newest copy on it was made."""
    wrong: str = ""
    """What keeps it from being the place of the copies; empty: nothing."""


def newest_on(folder: Path, now: Moment, *, is_in: Callable[[Path], bool] = os.path.ismount) -> Stick:
    """What is on the stick whose place is `folder`; blocks."""
    if not is_in(folder):
        return Stick(None, f"no stick is in: nothing is mounted on {folder}")
    try:
        os.scandir(folder).close()  # which `glob` says nothing of
        newest = next(iter(copies_in(folder)), None)
        if newest is None:
            return Stick(None, "no copy is on the stick yet")
        made_at = dt.datetime.fromtimestamp(newest.stat().st_mtime, dt.UTC)
    except OSError as error:
        return Stick(None, f"{folder} cannot be read: {error.strerror}")
    return Stick(made_at, _wrong_with(now.utc - made_at) if now.trusted else "")


def _wrong_with(age: dt.timedelta) -> str:
    if age > OLD:
        return f"the newest copy on the stick is {age.days} days old"
    if age < -AHEAD:
        return "the newest copy on the stick has a day that is still to come"
    return ""


class StickWatch:
    """Guards nothing: looks at the stick now and again, and tells health."""

    def __init__(
        self, folder: Path, *, clock: Clock, health: Health, is_in: Callable[[Path], bool] = os.path.ismount
    ) -> None:
        """The place of the stick is `folder`."""
        self._folder = folder
        self._clock = clock
        self._health = health
        self._is_in = is_in

    async def run(self) -> None:
        """Look for ever."""
        while True:
            await self.look()
            await asyncio.sleep(LOOKS_EVERY_S)

    async def look(self) -> None:
        """Tell health how the stick is now."""
        stick = await asyncio.to_thread(newest_on, self._folder, self._clock.now(), is_in=self._is_in)
        if stick.wrong:
            self._health.failing(PART, stick.wrong)
        else:
            self._health.ok(PART)
