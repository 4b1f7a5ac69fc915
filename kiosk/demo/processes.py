"""The two programs of the demonstration as child processes: register and kiosk."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kiosk.errors import KioskError

START_LIMIT_S = 20.0
STOP_LIMIT_S = 10.0


@dataclass(frozen=True, slots=True)
class Place:
    """The folder of one demonstration."""

    folder: Path

    @property
    def register_database(self) -> Path:
        """The register's database."""
        return self.folder / "register" / "register.db"

    @property
    def kiosk_config(self) -> Path:
        """The kiosk's configuration."""
        return self.folder / "kiosk.toml"

    @property
    def kiosk_state(self) -> Path:
        """The kiosk's state folder."""
        return self.folder / "kiosk"

    @property
    def token_file(self) -> Path:
        """The one-time enrolment token."""
        return self.folder / "enrolment-token"

    @property
    def scans(self) -> Path:
        """The FIFO that the demonstration's scanner reads."""
        return self.folder / "scans"

    def log(self, program: str) -> Path:
        """Where `program` writes its log."""
        return self.folder / f"{program}.log"


async def command(program: str, *words: str) -> Any:
    """Run a command of `kiosk` or `register` to its end; what it printed, read as JSON."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", program, *words), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    printed, said = await process.communicate()
    if process.returncode != 0:
        raise KioskError(f"`{program} {words[0]}` failed: {said.decode(errors='replace').strip()}")
    return json.loads(printed)


@contextlib.asynccontextmanager
async def register_serving(place: Place) -> AsyncIterator[int]:
    """The register, serving on a free port, which is yielded; stopped at the end."""
    with place.log("register").open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "register", "serve", "--port", "0"),
            *("--database", str(place.register_database)),
            stdout=asyncio.subprocess.PIPE,
            stderr=log,
        )
        try:
            yield await _port_of(process, place)
        finally:
            await stop(process)


async def _port_of(process: asyncio.subprocess.Process, place: Place) -> int:
    if process.stdout is None:  # only when it was not asked for
        raise KioskError("the register's output is not connected")
    try:
        async with asyncio.timeout(START_LIMIT_S):
            line = (await process.stdout.readline()).decode().strip()
    except TimeoutError:
        line = ""
    port = line.rpartition(":")[2].rstrip("/")
    if not port.isdigit():
        raise KioskError(f"the register did not start; its log is {place.log('register')}")
    return int(port)


async def start_kiosk(place: Place, *, stdin: int | None, stdout: int | None) -> asyncio.subprocess.Process:
    """`kiosk run` with the demonstration's configuration."""
    with place.log("kiosk").open("ab") as log:
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "kiosk", "run", "--config", str(place.kiosk_config)),
            stdin=stdin,
            stdout=stdout,
            stderr=log,
        )


async def stop(process: asyncio.subprocess.Process) -> None:
    """End `process` politely, and by force if it does not listen."""
    if process.returncode is not None:
        return
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(signal.SIGTERM)
    try:
        async with asyncio.timeout(STOP_LIMIT_S):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
