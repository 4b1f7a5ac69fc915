"""A desk that nobody stands at: shows cards to the kiosk, presses its buttons, and writes down what it says."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from kiosk.demo.processes import Place, start_kiosk, stop
from kiosk.errors import KioskError

ANSWER_LIMIT_S = 15.0

Line = dict[str, Any]


@dataclass
class Heard:
    """What the kiosk has announced so far, over all its starts."""

    recorded: set[str] = field(default_factory=set)
    annulled: set[str] = field(default_factory=set)
    desk: Line = field(default_factory=dict)
    surroundings: Line = field(default_factory=dict)

    def add(self, line: Line) -> None:
        """Take one announcement in."""
        if line["about"] == "surroundings":
            self.surroundings = line
            return
        self.desk = line
        if line["recorded"] is not None:
            self.recorded.add(line["recorded"])


class Desk:
    """Guards one kiosk process and what it said."""

    def __init__(self, place: Place, port: int) -> None:
        """Play at the kiosk of `place`, whose page is on `port`."""
        self.heard = Heard()
        self._place = place
        self._address = f"http://127.0.0.1:{port}"
        self._process: asyncio.subprocess.Process | None = None
        self._listening: asyncio.Task[None] | None = None
        self._news = asyncio.Condition()
        os.mkfifo(place.scans)
        # Held open for both ways, so that it neither blocks nor ends while the kiosk is down.
        self._scanner = os.open(place.scans, os.O_RDWR | os.O_CLOEXEC)

    async def start(self) -> None:
        """Start the kiosk and wait until it serves."""
        self._process = await start_kiosk(self._place, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE)
        self.heard.desk = {}
        self._listening = asyncio.create_task(self._listen(self._process))
        await self.until(lambda heard: heard.desk.get("phase") == "ready")

    async def kill(self) -> None:
        """SIGKILL: what a pulled plug is to a process."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            await self._process.wait()
        if self._listening is not None:
            await self._listening

    async def close(self) -> None:
        """Stop the kiosk."""
        if self._process is not None:
            await stop(self._process)
        if self._listening is not None:
            await self._listening
        os.close(self._scanner)

    async def show(self, text: str) -> Line:
        """Hold a card to the scanner; what the desk answers."""
        before = self.heard.desk.get("presentation")
        os.write(self._scanner, text.encode() + b"\n")
        await self.until(
            lambda heard: heard.desk["phase"] == "presented" and heard.desk["presentation"] not in (None, before)
        )
        return self.heard.desk

    async def count(self, *, children: int = 0, clients: int = 0, assistants: int = 0) -> Line:
        """Set how many go in on the card; what the desk says then."""
        presentation = self.heard.desk["presentation"]
        await self._press(
            "tickets", presentation=presentation, own=1, children=children, clients=clients, assistants=assistants
        )
        return self.heard.desk

    async def confirm(self) -> str:
        """Let the visitor in; the id of the use, once the desk says that it is recorded."""
        presentation = self.heard.desk["presentation"]
        await self._press("confirm", presentation=presentation)
        await self.until(lambda heard: presentation in heard.recorded)
        return str(presentation)

    async def cancel(self) -> None:
        """Do not."""
        await self._press("cancel", presentation=self.heard.desk["presentation"])
        await self.until(lambda heard: heard.desk["phase"] == "ready")

    async def undo(self, use_id: str) -> None:
        """Take a recorded use back."""
        await self._press("undo", use=use_id)
        await self.until(lambda heard: use_id not in heard.desk["undoable"])
        self.heard.annulled.add(use_id)

    async def choose(self, event: str) -> None:
        """Choose an event by id, or `automatic`, or `general` admission."""
        await self._press("event", event=event)

    async def until(self, met: Callable[[Heard], bool]) -> None:
        """Wait until what was heard meets the condition; raises KioskError when it takes too long."""
        try:
            async with asyncio.timeout(ANSWER_LIMIT_S), self._news:
                await self._news.wait_for(lambda: bool(met(self.heard)) if self.heard.desk else False)
        except TimeoutError:
            raise KioskError(
                f"the desk did not answer; its last word was {self.heard.desk}, its log is {self._place.log('kiosk')}"
            ) from None

    async def _press(self, button: str, **form: object) -> None:
        headers = {"Origin": self._address, "Accept": "application/json"}
        async with (
            aiohttp.ClientSession(headers=headers) as session,
            session.post(f"{self._address}/{button}", data={k: str(v) for k, v in form.items()}) as answer,
        ):
            if not answer.ok:
                raise KioskError(f"the button “{button}” was refused: {await answer.text()}")

    async def _listen(self, process: asyncio.subprocess.Process) -> None:
        if process.stdout is None:  # only when it was not asked for
            raise KioskError("the kiosk's output is not connected")
        while line := await process.stdout.readline():
            with contextlib.suppress(json.JSONDecodeError):  # cut by the kill
                announcement = json.loads(line)
                async with self._news:
                    self.heard.add(announcement)
                    self._news.notify_all()
