"""A Raspberry Pi 3 as a process: the emulated board, a memory card with Debian and a kiosk, a cable to this machine."""

from __future__ import annotations

import contextlib
import os
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.pi3.emulator import Emulator
from tests.pi3.shell import run_at
from tests.support.kiosk import free_port

LEVELS = 0x3F200034
"""GPLEV0 of the BCM2837 (ARM peripherals, 6.1): the levels of GPIO 0 to 31, a bit for each."""
START_LIMIT_S = 900.0


class Board:
    """One board that is on."""

    def __init__(self, process: subprocess.Popen[bytes], folder: Path, port: int) -> None:
        """Speak with the board that `process` is: its emulator in `folder`, its shells at this machine's `port`."""
        self._process = process
        self._folder = folder
        until_true("the emulator", (folder / "qmp").exists, limit_s=30)
        self.emulator = Emulator(folder / "qmp")
        self._port = port

    def close(self) -> None:
        """Let go of it; its power is cut elsewhere."""
        self.emulator.close()

    def run(self, command: str, *, limit_s: float = 120) -> str:
        """What a line of shell prints; fails where the line fails."""
        status, said = run_at(self._port, command, limit_s=limit_s)
        assert status == 0, f"{command}: {status}: {said}"
        return said

    def until(self, what: str, command: str, *, limit_s: float = START_LIMIT_S) -> None:
        """Run `command` again and again, until it succeeds."""
        until_true(what, lambda: run_at(self._port, command, limit_s=120)[0] == 0, limit_s=limit_s, pause_s=1.0)

    def until_up(self) -> None:
        """Wait until its shell answers."""
        until_true("the board's shell", self._answers, limit_s=START_LIMIT_S)

    def lit(self) -> set[int]:
        """The GPIO lines that are high, as the emulated chip has them."""
        levels = self.emulator.word_at(LEVELS)
        return {line for line in range(32) if levels >> line & 1}

    def _answers(self) -> bool:
        assert self._process.poll() is None, f"the emulator ended; {self._folder} says why"
        try:
            return run_at(self._port, "true", limit_s=20)[0] == 0
        except OSError:
            return False


def until_true(what: str, true: Callable[[], bool], *, limit_s: float, pause_s: float = 0.2) -> None:
    """Wait until `true()` is so; fails saying `what` was waited for."""
    end, waiting = time.monotonic() + limit_s, threading.Event()
    while not true():
        assert time.monotonic() < end, f"waited in vain for {what}"
        waiting.wait(pause_s)


@contextlib.contextmanager
def board(made: Path, folder: Path, **told: object) -> Iterator[Board]:
    """A board with a memory card as `make-card` made it in `made`; what is written to it is gone afterwards.

    `told` stands on its kernel's command line, for `guest/board`.
    """
    card, port = folder / "card", free_port()
    subprocess.run(["cp", "--sparse=always", made / "card", card], check=True)
    words = [
        "console=ttyAMA0,115200", "root=LABEL=card", "rootwait", "rw", "audit=0", "mitigations=off",
        "dwc_otg.lpm_enable=0", "systemd.show_status=false", "net.ifnames=0",
        # A processor that waits for one of the host's holds up all the others.
        f"maxcpus={min(4, os.cpu_count() or 1)}",
        *(f"test.{name}={value}" for name, value in {"now": int(time.time()), **told}.items()),
    ]  # fmt: skip
    with (folder / "emulator.log").open("wb") as log:
        process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", "nice", "-n", "15",
             "qemu-system-aarch64", "-M", "raspi3b", "-accel", "tcg,thread=multi,tb-size=512", "-display", "none",
             "-no-reboot", "-kernel", made / "vmlinuz", "-initrd", made / "initrd.img", "-dtb", made / "board.dtb",
             "-append", " ".join(words), "-drive", f"if=sd,format=raw,file={card}",
             "-serial", f"file:{folder / 'kernel.log'}", "-serial", "null",
             "-qmp", f"unix:{folder / 'qmp'},server=on,wait=off",
             "-netdev", f"user,id=cable,hostfwd=tcp:127.0.0.1:{port}-:2323", "-device", "usb-net,netdev=cable",
             "-device", "usb-kbd"],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, env={"PATH": os.defpath},
        )  # fmt: skip
    try:
        on = Board(process, folder, port)
        try:
            yield on
        finally:
            on.close()
    finally:
        process.kill()
        process.wait(30)
        card.unlink()
