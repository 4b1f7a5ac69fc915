"""A kiosk as a black box: `kiosk run` in a process of its own, spoken to by scanner lines, page and announcements."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

ROOT = Path(__file__).parents[2]
LIMIT_S = 30.0
LOOK_S = 0.01

Line = dict[str, Any]


def kiosk_program() -> list[str]:
    """How to call the command `kiosk`: installed where KIOSK_BIN_DIR says, else of this interpreter."""
    folder = os.environ.get("KIOSK_BIN_DIR")
    return [str(Path(folder) / "kiosk")] if folder else [sys.executable, "-m", "kiosk"]


def kiosk_environment(**more: str) -> dict[str, str]:
    """The environment to call it in."""
    source = {} if "KIOSK_BIN_DIR" in os.environ else {"PYTHONPATH": str(ROOT)}
    return {**os.environ, **source, **more}


def call_kiosk(*words: str, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `kiosk` to its end, however it ends."""
    return subprocess.run(
        [*kiosk_program(), *words],
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env=kiosk_environment(**environment),
    )


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Heard:
    """All that a kiosk announced, over every start."""

    recorded: set[str] = field(default_factory=set)
    verdicts: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    desk: Line = field(default_factory=dict)
    surroundings: Line = field(default_factory=dict)
    presentations: set[str] = field(default_factory=set)

    def add(self, line: Line) -> None:
        """Take in one announcement."""
        if line["about"] == "surroundings":
            self.surroundings = line
            return
        self.desk = line
        if line["recorded"]:
            self.recorded.add(line["recorded"])
        if line["phase"] == "presented" and line["presentation"] not in self.presentations:
            self.presentations.add(line["presentation"])
            self.verdicts.append((line["answer"], tuple(line["reasons"])))


class Kiosk:
    """Guards one kiosk's folder, its process, and what it said."""

    def __init__(
        self, folder: Path, register_url: str, token: str, *, settings: str = "", retry_longest_s: float = 0.3
    ) -> None:
        """Write the configuration; nothing runs until `start`."""
        folder.mkdir(parents=True)
        self.state = folder / "state"
        self.config = folder / "kiosk.toml"
        self.log = folder / "kiosk.log"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.heard = Heard()
        self._news = asyncio.Condition()
        self._process: asyncio.subprocess.Process | None = None
        self._listening: asyncio.Task[None] | None = None
        self._session: aiohttp.ClientSession | None = None
        scans = folder / "scans"
        os.mkfifo(scans)
        self._scanner = os.open(scans, os.O_RDWR | os.O_CLOEXEC)
        token_file = folder / "token"
        token_file.write_text(token, encoding="ascii")
        self.config.write_text(
            f"""
[kiosk]
name = "Main door"
state_dir = {json.dumps(str(self.state))}
clock = "trusted"
[register]
url = {json.dumps(register_url)}
token_file = {json.dumps(str(token_file))}
retry_first_s = 0.05
retry_longest_s = {retry_longest_s}
[screen]
port = {self.port}
[desk]
recorded_shown_s = 0.5
[announcements]
lines = "-"
[[scanner]]
kind = "lines"
path = {json.dumps(str(scans))}
{settings}
""",
            encoding="utf-8",
        )

    @property
    def pid(self) -> int:
        """The running process."""
        assert self._process is not None
        return self._process.pid

    async def launch(self) -> None:
        """Start the process and listen to it; returns at once."""
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *kiosk_program(),
                "run",
                "--config",
                str(self.config),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                env=kiosk_environment(),
                cwd=self.state.parent,
            )
        self.heard.desk, self.heard.surroundings = {}, {}
        self._listening = asyncio.create_task(self._listen(self._process))

    async def start(self) -> None:
        """Start, and return when the desk is open: a card that was shown before may lie on it already."""
        await self.launch()
        await self.until(lambda heard: heard.desk.get("phase", "out-of-service") != "out-of-service")

    async def kill(self) -> None:
        """SIGKILL; returns when all that was said before it has been heard."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> int:
        """SIGTERM; the exit code."""
        return await self._end(signal.SIGTERM)

    async def _end(self, how: signal.Signals) -> int:
        assert self._process is not None
        assert self._listening is not None
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(how)
        async with asyncio.timeout(LIMIT_S):
            code = await self._process.wait()
            await self._listening
        self._process = None
        return code

    async def close(self) -> None:
        """Leave nothing running."""
        if self._process is not None:
            await self.kill()
        if self._session is not None:
            await self._session.close()
        os.close(self._scanner)

    def scan(self, text: str | bytes) -> None:
        """The scanner reads `text`."""
        os.write(self._scanner, (text.encode() if isinstance(text, str) else text) + b"\n")

    async def show(self, text: str | bytes) -> Line:
        """Hold a card to the scanner; the desk's answer."""
        before = set(self.heard.presentations)
        self.scan(text)
        await self.until(lambda heard: heard.desk.get("phase") == "presented" and heard.presentations != before)
        return self.heard.desk

    async def press(self, button: str, **form: object) -> None:
        """Press a button of the page; an answer that is not a success fails."""
        if self._session is None:
            self._session = aiohttp.ClientSession(headers={"Accept": "application/json"})
        data = {name: str(value) for name, value in form.items()}
        async with self._session.post(f"{self.url}/{button}", data=data) as answer:
            assert answer.status == 204, (button, answer.status, await answer.text())

    async def confirm(self) -> str:
        """Let the visitor in; the id of the use, when the desk says that it is recorded."""
        presentation = str(self.heard.desk["presentation"])
        await self.press("confirm", presentation=presentation)
        await self.until(lambda heard: presentation in heard.recorded)
        return presentation

    async def until(self, met: Callable[[Heard], object], limit_s: float = LIMIT_S) -> None:
        """Wait until what was heard meets the condition."""
        try:
            async with asyncio.timeout(limit_s), self._news:
                await self._news.wait_for(lambda: bool(met(self.heard)))
        except TimeoutError:
            log = self.log.read_text(errors="replace")[-3000:]
            raise AssertionError(
                f"not in time; last heard: {self.heard.desk} {self.heard.surroundings}\n{log}"
            ) from None

    async def until_logged(self, words: str) -> None:
        """Wait until the log has `words`."""
        await _until(lambda: words in self.log.read_text(errors="replace"), f"not in the log: {words}")

    async def until_made(self, folder: Path, pattern: str) -> None:
        """Wait until `folder` has a file like `pattern`."""
        await _until(lambda: any(folder.glob(pattern)), f"not in {folder}: {pattern}")

    async def until_undone(self, use: str) -> None:
        """Wait until the use cannot be undone any more, because it is."""
        await self.until(lambda heard: use not in heard.desk["undoable"])

    async def until_delivered(self) -> None:
        """Wait until nothing waits for the register any more, as the kiosk says after this call."""
        self.heard.surroundings = {}
        await self.until(lambda heard: heard.surroundings.get("waiting") == 0)

    def files(self) -> dict[str, bytes]:
        """Every file the kiosk has written, with its content."""
        written = [*self.state.iterdir(), self.log]
        return {path.name: path.read_bytes() for path in written if path.is_file()}

    async def _listen(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        while line := await process.stdout.readline():
            if not line.endswith(b"\n"):
                return  # the kill cut it
            async with self._news:
                self.heard.add(json.loads(line))
                self._news.notify_all()


async def _until(met: Callable[[], bool], otherwise: str) -> None:
    def look() -> bool:
        end_s = time.monotonic() + LIMIT_S
        while not met():
            if time.monotonic() > end_s:
                return False
            time.sleep(LOOK_S)
        return True

    assert await asyncio.to_thread(look), otherwise


@contextlib.asynccontextmanager
async def running_kiosk(
    folder: Path, register_url: str, token: str, *, settings: str = "", retry_longest_s: float = 0.3
) -> AsyncIterator[Kiosk]:
    """A kiosk whose desk is ready."""
    kiosk = Kiosk(folder, register_url, token, settings=settings, retry_longest_s=retry_longest_s)
    try:
        await kiosk.start()
        yield kiosk
    finally:
        await kiosk.close()
