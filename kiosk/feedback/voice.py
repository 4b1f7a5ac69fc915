"""Says aloud what the visitor's sign says, by a program of the system; the newest word replaces the one before."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
from collections.abc import Callable
from pathlib import Path

from kiosk.cards.desk_state import Desk
from kiosk.health import Health

PART = "voice"
LONGEST_S = 15.0
"""No sentence of ours takes so long: a program that does is stuck."""

Saying = tuple[str, str]
"""What it is about, and the words: the same words about another card are said anew."""


class Voice:
    """Guards the one process that speaks; an announcer for the flow and a service that runs for ever."""

    def __init__(
        self,
        program: str,
        language: str,
        saying: Callable[[Desk], Saying | None],
        health: Health,
        *,
        longest_s: float = LONGEST_S,
    ) -> None:
        """Let `program` (espeak-ng, spd-say, or one that takes the arguments of either) say what `saying` finds."""
        self._program = program
        self._language = language
        self._saying = saying
        self._health = health
        self._longest_s = longest_s
        self._last: Saying | None = None
        self._words = ""
        self._changed = asyncio.Event()

    async def announce(self, desk: Desk) -> None:
        """Say what `desk` means; returns at once, and a repeated meaning is not said twice."""
        saying = self._saying(desk)
        if saying is not None and saying != self._last:
            self._words = saying[1]
            self._changed.set()
        self._last = saying

    async def run(self) -> None:
        """Speak for ever."""
        if shutil.which(self._program) is None:
            self._health.failing(PART, f"The program {self._program} is not installed.")
        while True:
            await self._changed.wait()
            self._changed.clear()
            await self._speak(self._words)

    def arguments(self, words: str) -> list[str]:
        """How the program is told to say `words`."""
        if Path(self._program).name.startswith("spd-say"):
            return ["--wait", "--language", self._language, "--", words]
        return ["-v", self._language, "--", words]

    async def _speak(self, words: str) -> None:
        """Until the words are out, or others are to be said."""
        try:
            process = await asyncio.create_subprocess_exec(
                self._program,
                *self.arguments(words),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
            )
        except OSError as error:
            self._health.failing(PART, f"The program {self._program} cannot be run: {error.strerror}.")
            return
        ended, others = asyncio.create_task(process.wait()), asyncio.create_task(self._changed.wait())
        try:
            await asyncio.wait({ended, others}, timeout=self._longest_s, return_when=asyncio.FIRST_COMPLETED)
            by_itself, replaced = ended.done(), others.done()
        finally:
            others.cancel()
            if not ended.done():
                with contextlib.suppress(ProcessLookupError):  # it has just ended, and its end is not told yet
                    process.kill()
            await asyncio.wait({ended})
        if by_itself:
            self._tell(ended.result())
        elif not replaced:
            self._health.failing(PART, f"The program {self._program} did not end: it was stopped.")

    def _tell(self, code: int) -> None:
        if code:
            self._health.failing(PART, f"The program {self._program} ended with {code}.")
        else:
            self._health.ok(PART)
