"""A whole machine as a process: the kernel, the disk that the playbook filled, systemd as its first process."""

from __future__ import annotations

import contextlib
import os
import pty
import re
import select
import shutil
import signal
import subprocess
import time
import tty
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
BUILDER = HERE.parent / "machine" / "build-kernel"
HOST, GUEST, CARD = "198.51.100.1", "198.51.100.2", "kiosk0"
MEMORY = "768M"
SHELL = """[Unit]
Description=A shell for the test
[Service]
ExecStart=/bin/sh -c "stty -echo -onlcr; exec /bin/sh +i"
Environment=PS1= PS2=
StandardInput=tty
StandardOutput=tty
StandardError=tty
TTYPath=/dev/tty0
Restart=always
[Install]
WantedBy=sysinit.target
"""
DEVICES = """[Unit]
Description=The test's devices
Before=kiosk.service nftables.service
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/opt/test/devices
[Install]
WantedBy=multi-user.target
"""


def kernel() -> Path:
    """The kernel that a whole Debian boots on, built once."""
    built = subprocess.run([BUILDER, "--booted"], stdout=subprocess.PIPE, text=True, check=True, timeout=2400)
    return Path(built.stdout.splitlines()[-1])


def disk_of(root: Path, image: Path) -> None:
    """An ext4 file system in the file `image`, with what the playbook made in `root` and the test's own devices."""
    units = root / "etc" / "systemd" / "system"
    (root / "opt" / "test").mkdir(exist_ok=True)
    for script in (HERE / "guest").iterdir():
        shutil.copy(script, root / "opt" / "test")
    for name, text in {"test-shell": SHELL, "test-devices": DEVICES}.items():
        (units / f"{name}.service").write_text(text, encoding="utf-8")
        for wanted_by in ("sysinit.target.wants", "multi-user.target.wants"):
            if wanted_by.split(".")[0] in text:
                (units / wanted_by).mkdir(exist_ok=True)
                link = units / wanted_by / f"{name}.service"
                link.unlink(missing_ok=True)
                link.symlink_to(f"../{name}.service")
    (root / "etc" / "fstab").write_text("/dev/ubda / ext4 noatime,data=ordered,barrier=1,errors=remount-ro 0 1\n")
    with image.open("wb") as file:
        file.truncate(3 * 1024**3)
    subprocess.run(["mkfs.ext4", "-q", "-F", "-d", root, image], check=True, timeout=300)


class Machine:
    """One machine that can be switched on, asked, and have its plug pulled."""

    def __init__(self, disk: Path, folder: Path, *words: str) -> None:
        """Nothing runs until `start`; what it writes to its disk stays in `folder` from one start to the next."""
        self._disk = disk
        self._words = words
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self._line = -1
        self._kernel = kernel()
        self.started_at = 0.0

    def start(self, *words: str) -> None:
        """Switch it on; returns at once."""
        self._line, far = pty.openpty()
        tty.setraw(self._line)
        tty.setraw(far)
        self.started_at = time.monotonic()
        arguments = [
            f"mem={MEMORY}", f"ubd0={self._folder}/changes,{self._disk}", "root=/dev/ubda", "rw",
            "con=null", "con0=fd:0,fd:1", "con1=null,fd:2", "console=tty1", "random.trust_cpu=on", "loglevel=5",
            f"vec0:transport=tap,ifname={CARD},depth=128,gro=0", f"uml_dir={self._folder}/", "umid=uml",
            "systemd.show_status=false", *self._words, *words,
        ]  # fmt: skip
        # The memory is a file: in memory itself, where it fits there.
        memory = "/dev/shm" if shutil.disk_usage("/dev/shm").free > 1024**3 else str(self._folder)
        with (self._folder / "kernel.log").open("ab") as log:
            self._process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL", self._kernel, *arguments],
                stdin=far, stdout=far, stderr=log, cwd=self._folder, start_new_session=True,
                env={"PATH": os.defpath, "HOME": str(self._folder), "TMPDIR": memory},
            )  # fmt: skip
        os.close(far)

    def pull_the_plug(self) -> None:
        """Nothing that was not on the disk is on it afterwards."""
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._process = None
        os.close(self._line)
        shutil.rmtree(self._folder / "uml", ignore_errors=True)

    def run(self, command: str, *, limit_s: float = 60) -> tuple[int, str]:
        """Run a line of shell inside; its exit status, and what it printed."""
        mark = f"_{time.monotonic_ns()}_"
        os.write(self._line, f"{{ {command}\n}} 2>&1; echo {mark[:5]}''{mark[5:]}$?\n".encode())
        found, text = self._read_until(re.compile(rf"{mark}(\d+)\n"), limit_s)
        return int(found[1]), text[: found.start()].strip()

    def hear(self, command: str, limit_s: float) -> list[str]:
        """The lines that `command` prints within `limit_s`; it goes on, and the plug is to be pulled."""
        os.write(self._line, f"{command}\n".encode())
        end, text = time.monotonic() + limit_s, b""
        while (left := end - time.monotonic()) > 0:
            if select.select([self._line], [], [], left)[0]:
                text += os.read(self._line, 65536)
        return text.decode(errors="replace").replace("\r", "").splitlines()

    def until(self, what: str, command: str, limit_s: float = 120) -> str:
        """Run `command` until it succeeds; fails saying `what` was waited for."""
        done = self.run(
            f"for i in $(seq {int(limit_s * 4)}); do {command} && break; sleep 0.25; done; {command}",
            limit_s=limit_s + 60,
        )
        assert done[0] == 0, f"waited in vain for {what}: {done[1]}"
        return done[1]

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
            if not select.select([self._line], [], [], max(0.0, end - time.monotonic()))[0]:
                raise TimeoutError(text)
            try:
                text += os.read(self._line, 65536).decode(errors="replace").replace("\r", "")
            except OSError as error:
                raise AssertionError("the machine is off; kernel.log says why") from error
        return found, text


@contextlib.contextmanager
def network() -> Iterator[None]:
    """A cable between this machine and the booted one."""
    subprocess.run(["ip", "tuntap", "add", CARD, "mode", "tap"], check=True)
    try:
        subprocess.run(["ip", "address", "add", f"{HOST}/30", "dev", CARD], check=True)
        subprocess.run(["ip", "link", "set", CARD, "up"], check=True)
        yield
    finally:
        subprocess.run(["ip", "link", "delete", CARD], check=False)


@contextlib.contextmanager
def machine(disk: Path, folder: Path, *words: str) -> Iterator[Machine]:
    """A machine whose plug is pulled at the end, whatever happened; `words` stand on its kernel's command line."""
    made = Machine(disk, folder, *words)
    try:
        yield made
    finally:
        made.pull_the_plug()
