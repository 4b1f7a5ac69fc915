"""A register as a black box: `register serve` in a process of its own, seeded, on a free port.

In a test:

    with serving_register(tmp_path) as register:
        token = register.token("esimerkkitalo", kiosk_name="Main door")
        ...                                  # register.url, register.database
        assert [use["id"] for use in register.uses()] == [...]

`KIOSK_BIN_DIR` names a folder with an installed `register`; without it the one of this interpreter is run.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

START_LIMIT_S = 30.0
STOP_LIMIT_S = 20.0
READY = "register: listening on "
ROOT = Path(__file__).parents[2]


def register_program() -> list[str]:
    """How to call the command `register`."""
    folder = os.environ.get("KIOSK_BIN_DIR")
    return [str(Path(folder) / "register")] if folder else [sys.executable, "-m", "register"]


def register_environment() -> dict[str, str]:
    """The environment to call it in: the source tree is found from any folder, an installed one needs no help."""
    return dict(os.environ) if "KIOSK_BIN_DIR" in os.environ else {**os.environ, "PYTHONPATH": str(ROOT)}


def call_register(*words: str) -> subprocess.CompletedProcess[str]:
    """Run `register` to its end, however it ends."""
    return subprocess.run(
        [*register_program(), *words],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env=register_environment(),
    )


def run_register(*words: str) -> str:
    """Run `register` to its end; what it printed. Fails with what it said on standard error."""
    done = call_register(*words)
    assert done.returncode == 0, f"register {' '.join(words)}: {done.stderr}"
    return done.stdout


class ServingRegister:
    """One `register serve` process after the other on the same database and port."""

    def __init__(self, database: Path, extra: Sequence[str] = ()) -> None:
        """Nothing runs until `start`."""
        self.database = database
        self.log = database.with_suffix(".log")
        self.port = 0
        self.url = ""
        self._extra = tuple(extra)
        self._process: subprocess.Popen[str] | None = None

    @property
    def pid(self) -> int:
        """The running process."""
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Serve, on the same port as before if there was one; returns when it listens."""
        words = ["serve", "--database", str(self.database), "--port", str(self.port), *self._extra]
        with self.log.open("a", encoding="utf-8") as log:
            self._process = subprocess.Popen(
                [*register_program(), *words], stdout=subprocess.PIPE, stderr=log, text=True, env=register_environment()
            )
        self.url = self._ready_line(self._process).removeprefix(READY).strip()
        self.port = int(self.url.rpartition(":")[2])

    def kill(self) -> None:
        """Pull its plug (SIGKILL)."""
        self._end(by_force=True)

    def freeze(self) -> None:
        """Let it hang: its port still takes what comes, and nobody answers (SIGSTOP)."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def stop(self) -> int:
        """End it politely (SIGTERM); its exit code."""
        return self._end(by_force=False)

    def seed(self, *words: str) -> dict[str, Any]:
        """`register seed`; what it wrote."""
        seeded: dict[str, Any] = json.loads(run_register("seed", "--database", str(self.database), "--json", *words))
        return seeded

    def token(self, venue: str = "esimerkkitalo", *, kiosk_name: str | None = None) -> str:
        """A one-time enrolment token."""
        named = ["--kiosk-name", kiosk_name] if kiosk_name else []
        return run_register("token", "--database", str(self.database), "--venue", venue, *named).strip()

    def revoke(self, kiosk: str) -> None:
        """`register revoke`."""
        run_register("revoke", kiosk, "--database", str(self.database))

    def annul(self, use: str, *, why: str, venue: str = "esimerkkitalo") -> str:
        """`register annul`; what it printed."""
        return run_register("annul", use, "--venue", venue, "--why", why, "--database", str(self.database))

    def uses(self) -> list[dict[str, Any]]:
        """Every use that the register holds."""
        return self._export()["uses"]

    def annulments(self) -> list[dict[str, Any]]:
        """Every annulment that the register holds."""
        return self._export()["annulments"]

    def _export(self) -> dict[str, list[dict[str, Any]]]:
        exported: dict[str, list[dict[str, Any]]] = json.loads(
            run_register("export-uses", "--database", str(self.database), "--json")
        )
        return exported

    def _ready_line(self, process: subprocess.Popen[str]) -> str:
        assert process.stdout is not None
        readable, _, _ = select.select([process.stdout], [], [], START_LIMIT_S)
        line = process.stdout.readline() if readable else ""
        if not line.startswith(READY):
            self.kill()
            raise AssertionError(f"the register did not start: {self.log.read_text(encoding='utf-8')}")
        return line

    def _end(self, *, by_force: bool) -> int:
        process, self._process = self._process, None
        if process is None:
            return 0
        if by_force:
            process.kill()
        else:
            process.terminate()
        try:
            return process.wait(STOP_LIMIT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise AssertionError("the register did not end when told to") from None
        finally:
            if process.stdout is not None:
                process.stdout.close()


@contextlib.contextmanager
def serving_register(
    folder: Path, *, seed: Sequence[str] = ("--demo",), extra: Sequence[str] = ()
) -> Iterator[ServingRegister]:
    """A seeded register that serves; ended at the end whatever happened."""
    register = ServingRegister(folder / "register.db", extra)
    if seed:
        register.seed(*seed)
    register.start()
    try:
        yield register
    finally:
        register.kill()
