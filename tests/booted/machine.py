"""A whole machine as a process: the kernel, the disk that the playbook filled, systemd as its first process."""

from __future__ import annotations

import contextlib
import os
import re
import select
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from tests.booted.cable import CARD

BUILDER = Path(__file__).parents[1] / "machine" / "build-kernel"
MEMORY = "768M"
JOURNAL = "journalctl --no-pager --boot --lines 30 --output short-monotonic"


def kernel() -> Path:
    """The kernel that a whole Debian boots on, built once; `KIOSK_TEST_KERNEL` names another one."""
    if given := os.environ.get("KIOSK_TEST_KERNEL"):
        return Path(given)
    built = subprocess.run([BUILDER, "--booted"], stdout=subprocess.PIPE, text=True, check=True, timeout=2400)
    return Path(built.stdout.splitlines()[-1])


class Off(Exception):
    """The machine is off, and was to be on."""


class Machine:
    """One machine that can be switched on, asked, and have its plug pulled."""

    def __init__(self, kernel: Path, disk: Path, folder: Path, *words: str) -> None:
        """Nothing runs until `start`; what it writes to its disk stays in `folder` from one start to the next."""
        self._disk = disk
        self._words = words
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self._kernel = kernel
        self.kernel_log = folder / "kernel.log"
        """What the kernel said, over all starts."""
        self.layer = folder / "changes"
        """What was written to its disk, over all starts."""
        self.started_at = 0.0

    def start(self, *words: str) -> None:
        """Switch it on; returns at once."""
        self.started_at = time.monotonic()
        words = *self._words, *words
        # A first RAM disk mounts the root to be read, as on a Pi; without one the kernel is told what systemd would do.
        at_once = [] if any(word.startswith("initrd=") for word in words) else ["rw"]
        arguments = [
            f"mem={MEMORY}", f"ubd0={self.layer},{self._disk}", "root=/dev/ubda", *at_once,
            "con=null", "con0=fd:0,fd:1", "con1=null,fd:2", "console=tty1", "random.trust_cpu=on", "loglevel=5",
            f"vec0:transport=tap,ifname={CARD},depth=128,gro=0", f"uml_dir={self._folder}/", "umid=uml",
            "systemd.show_status=false", *words,
        ]  # fmt: skip
        # The memory is a file: in memory itself, where it fits there.
        memory = "/dev/shm" if shutil.disk_usage("/dev/shm").free > 1024**3 else str(self._folder)
        with self.kernel_log.open("ab") as log:
            self._process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL", self._kernel, *arguments],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, cwd=self._folder, start_new_session=True,
                env={"PATH": os.defpath, "HOME": str(self._folder), "TMPDIR": memory},
            )  # fmt: skip

    def pull_the_plug(self) -> None:
        """Nothing that was not on the disk is on it afterwards."""
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        # Each process inside is one of this machine's too, and holds the cable until it is gone. They are this one's
        # own when their parent is gone: tests/site/apart made it the first of all.
        with contextlib.suppress(ChildProcessError):
            while True:
                os.waitpid(-self._process.pid, 0)
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            pipe.close()
        self._process = None
        shutil.rmtree(self._folder / "uml", ignore_errors=True)

    def until_off(self, limit_s: float) -> None:
        """Wait until it has switched itself off."""
        assert self._process is not None
        self._process.wait(limit_s)
        self.pull_the_plug()

    def run(self, command: str, *, limit_s: float = 60) -> tuple[int, str]:
        """Run a line of shell inside; its exit status, and what it printed. Raises TimeoutError and Off."""
        mark = f"_{time.monotonic_ns()}_"
        self._type(f"{{ {command}\n}} 2>&1; echo {mark[:5]}''{mark[5:]}$?\n")
        found, text = self._read_until(re.compile(rf"{mark}(\d+)\n"), limit_s)
        return int(found[1]), text[: found.start()].strip()

    def told(self, command: str, *, limit_s: float = 60) -> str:
        """What `command` prints; it must succeed."""
        status, text = self.run(command, limit_s=limit_s)
        assert status == 0, f"{command}: {status}\n{text}"
        return text

    def hear(self, command: str, *, lines: int, then_s: float, limit_s: float = 60) -> list[str]:
        """The first `lines` whole lines that `command` prints, and what comes in the next `then_s`.

        It goes on, and the plug is to be pulled. Where it is slow, what came within `limit_s`.
        """
        self._type(f"{command}\n")
        end, text = time.monotonic() + limit_s, ""
        while text.count("\n") < lines and (left := end - time.monotonic()) > 0:
            text += self._heard(left)
        end = time.monotonic() + then_s
        while (left := end - time.monotonic()) > 0:
            text += self._heard(left)
        return text.splitlines()

    def until(self, what: str, command: str, limit_s: float = 120) -> str:
        """What `command` prints when it succeeds at last; fails saying `what` was waited for, with the journal.

        It is not run once more after that: what is true now may be over in a moment.
        """
        asked = f"tries={int(limit_s * 4)}; until said=$({command}) || [ $((tries -= 1)) -eq 0 ]; do sleep 0.25; done"
        status, said = self.run(f'{asked}; echo "$said"; [ $tries -gt 0 ]', limit_s=limit_s + 60)
        assert status == 0, f"waited in vain for {what}: {said}\n{self.run(JOURNAL)[1]}"
        return said

    def until_up(self, limit_s: float = 180) -> None:
        """Wait until its shell answers."""
        end = time.monotonic() + limit_s
        while True:
            try:
                if self.run("true", limit_s=5)[0] == 0:
                    return
            except TimeoutError:
                assert time.monotonic() < end, "the machine did not start; kernel.log says why"

    def _read_until(self, wanted: re.Pattern[str], limit_s: float) -> tuple[re.Match[str], str]:
        end = time.monotonic() + limit_s
        text = ""
        while not (found := wanted.search(text)):
            if not (heard := self._heard(end - time.monotonic())):
                raise TimeoutError(text)
            text += heard
        return found, text

    def _type(self, text: str) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        os.write(self._process.stdin.fileno(), text.encode())

    def _heard(self, limit_s: float) -> str:
        """What comes next; nothing: nothing came within `limit_s`. Raises Off."""
        assert self._process is not None
        assert self._process.stdout is not None
        if not select.select([self._process.stdout], [], [], max(0.0, limit_s))[0]:
            return ""
        if not (heard := os.read(self._process.stdout.fileno(), 65536)):
            raise Off("kernel.log says why")
        return heard.decode(errors="replace").replace("\r", "")


@contextlib.contextmanager
def machine(kernel: Path, disk: Path, folder: Path, *words: str) -> Iterator[Machine]:
    """A machine whose plug is pulled at the end, whatever happened; `words` stand on its kernel's command line."""
    made = Machine(kernel, disk, folder, *words)
    try:
        yield made
    finally:
        made.pull_the_plug()
