"""Says aloud what the visitor's sign says, by a program of the system; the newest word replaces the one before."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
from asyncio.subprocess import Process
from collections.abc import Callable
from pathlib import Path

from kiosk.cards.desk_state import Desk
from kiosk.health import Health

PART = "voice"
LONGEST_S = 15.0
"""No sentence of ours takes so long: a program that does is stuck."""

LONGEST_HUSH_S = 2.0
"""A dispatcher that does not answer has most likely nothing to say either."""
MOST_COMPLAINT_BYTES, MOST_COMPLAINT_LETTERS = 65_536, 100
COMPLAINT = "error:"
"""How espeak-ng begins the line that says what is wrong: without a sound card it speaks to nobody, and ends with 0."""

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
        elif self._is_dispatcher:
            await self._wake()
        try:
            while True:
                await self._changed.wait()
                self._changed.clear()
                await self._speak(self._words)
        finally:
            if self._is_dispatcher:
                await self._hush()

    def arguments(self, words: str) -> list[str]:
        """How the program is told to say `words`."""
        if self._is_dispatcher:
            return ["--wait", "--language", self._language, "--", words]
        return ["-v", self._language, "--", words]

    @property
    def _is_dispatcher(self) -> bool:
        """Whether the program only passes the words on, to a speaker that outlives it."""
        return Path(self._program).name.startswith("spd-say")

    async def _speak(self, words: str) -> None:
        """Until the words are out, or others are to be said."""
        try:
            process, reading = await self._begun(words)
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
                _kill(process)
            await asyncio.wait({ended})
            complaint = _complaint(reading)
            os.close(reading)
        if by_itself:
            self._tell(ended.result(), complaint)
        elif not replaced:
            self._health.failing(PART, f"The program {self._program} did not end: it was stopped.")
            if self._is_dispatcher:
                await self._hush()

    async def _begun(self, words: str) -> tuple[Process, int]:
        """The program, speaking, and where its complaints can be read."""
        reading, writing = os.pipe()
        try:
            os.set_blocking(reading, False)
            return await self._started(self.arguments(words), complaints=writing), reading
        except BaseException:
            os.close(reading)
            raise
        finally:
            os.close(writing)

    async def _wake(self) -> None:
        """Let the dispatcher start before the first word: while it starts it refuses everybody else."""
        code = await self._silence(self._longest_s)
        if code:
            self._tell(code, "")

    async def _hush(self) -> None:
        """Let the dispatcher be silent: it goes on when the one who gave it the words is gone, however that ended."""
        await self._silence(LONGEST_HUSH_S)

    async def _silence(self, longest_s: float) -> int | None:
        """Take back all that was given to the dispatcher; the exit code, or None where it took too long."""
        try:
            process = await self._started(["--cancel"])
        except OSError:  # what cannot be run any more can stop nothing
            return None
        ended = asyncio.create_task(process.wait())
        try:
            await asyncio.wait({ended}, timeout=longest_s)
            return ended.result() if ended.done() else None
        finally:
            if not ended.done():
                _kill(process)
                await asyncio.wait({ended})

    async def _started(self, arguments: list[str], complaints: int = asyncio.subprocess.DEVNULL) -> Process:
        """The program, running."""
        return await asyncio.create_subprocess_exec(
            self._program,
            *arguments,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=complaints,
        )

    def _tell(self, code: int, complaint: str) -> None:
        if code:
            self._health.failing(PART, f"The program {self._program} ended with {code}.")
        elif complaint:
            self._health.failing(PART, f"The program {self._program} said: {complaint}.")
        else:
            self._health.ok(PART)


def _kill(process: Process) -> None:
    with contextlib.suppress(ProcessLookupError):  # it has just ended, and its end is not told yet
        process.kill()


def _complaint(reading: int) -> str:
    """What a program that has ended said was wrong; empty where it said nothing of that kind."""
    try:
        told = os.read(reading, MOST_COMPLAINT_BYTES).decode(errors="replace")
    except BlockingIOError:  # nothing was said, and somebody else still could
        return ""
    wrong = [line.removeprefix(COMPLAINT).strip() for line in told.splitlines() if line.startswith(COMPLAINT)]
    return wrong[-1][:MOST_COMPLAINT_LETTERS] if wrong else ""
