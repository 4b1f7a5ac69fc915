"""A kiosk on a machine of its own whose plug can be pulled: a kernel in a process, and a disk that is a file."""

from __future__ import annotations

import asyncio
import shlex
import shutil
import signal
import subprocess
from pathlib import Path

from tests.support.kiosk import Kiosk, kiosk_environment, kiosk_program
from tests.support.mapped_disk import HEALTHY, MappedDisk, run_on_disk

RUN_IN_KERNEL = Path(__file__).parents[1] / "machine" / "run-in-kernel"
DISK_BYTES = 48 * 1024 * 1024
AS_ON_A_PI = "noatime,data=ordered,barrier=1,errors=remount-ro"
LIMIT_S = 120
ASIDE = "!"
"""What begins a line that is for the machine, and not for the scanner."""
INSIDE = """
printf '{healthy}' | /sbin/dmsetup create disk --noudevsync || exit
mount -t ext4 -o {options} /dev/dm-0 {state} || exit
# Of itself the kernel writes metadata back after half a minute, and is read-only for good where that fails: a test
# would end one way on a quick machine and the other way on a slow one.
echo 0 >/proc/sys/vm/dirty_writeback_centisecs || exit
become() {{
    printf "$1" | /sbin/dmsetup load disk && /sbin/dmsetup suspend --noflush --nolockfs disk &&
        /sbin/dmsetup resume --noudevsync disk
}}
while read -r line; do
    case $line in '{aside}'*) become "${{line#?}}" || exit ;; *) echo "$line" ;; esac
done </dev/tty0 >{scans} &
exec {kiosk} </dev/null
"""


class PoweredKiosk(Kiosk):
    """Guards a kiosk that is first made ready on this machine, then moves into a kernel of its own, and back.

    In the kernel it has no network; what happens there is on the disk, or is lost.
    """

    disk: Path | None = None
    """The disk of the machine; None while the kiosk runs on this one."""

    def move_in(self, code: Path | None = None) -> None:
        """Let all that the kiosk has written be the machine's disk; `code` holds other packages to run there."""
        self.disk = self.state.with_suffix(".disk")
        self._code = code
        with self.disk.open("wb") as file:
            file.truncate(DISK_BYTES)
        run_on_disk("mkfs.ext4", "-q", "-F", "-E", "root_owner=0:0", "-d", self.state, self.disk)

    def move_out(self) -> None:
        """Let what is on the disk be all that the kiosk ever wrote."""
        assert self.disk is not None
        # The journal that the last pulled plug left is played back, as the kernel does when it mounts; 1: it was.
        run_on_disk("e2fsck", "-fy", self.disk, fine=(0, 1))
        shutil.rmtree(self.state)
        self.state.mkdir(mode=0o700)
        run_on_disk("debugfs", "-R", f"rdump / {self.state}", self.disk)
        shutil.rmtree(self.state / "lost+found", ignore_errors=True)
        self.disk = None

    async def pull_the_plug(self) -> None:
        """End the kernel and all in it at once; returns when all that was said before it has been heard."""
        await self._end(signal.SIGTERM)

    async def kill(self) -> None:
        """SIGKILL, or the pulled plug: not all of a kernel's processes end with the one that began it."""
        await (super().kill() if self.disk is None else self.pull_the_plug())

    async def launch(self) -> None:
        """Switch the machine on; returns at once."""
        if self.disk is None:
            await super().launch()
            return
        inside = INSIDE.format(
            healthy=HEALTHY.table(self.disk),
            options=AS_ON_A_PI,
            aside=ASIDE,
            state=shlex.quote(str(self.state)),
            scans=shlex.quote(str(self.state.parent / "scans")),
            kiosk=shlex.join([*kiosk_program(), "run", "--config", str(self.config)]),
        )
        words = ["--disk", str(self.disk), "--stdin", "--limit", str(LIMIT_S), "--", "sh", "-c", inside]
        code = {} if self._code is None else {"PYTHONPATH": str(self._code)}
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                str(RUN_IN_KERNEL),
                *words,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                env=kiosk_environment(**code),
                cwd=self.state.parent,
            )
        self.heard.desk, self.heard.surroundings = {}, {}
        self._listening = asyncio.create_task(self._listen(self._process))

    def scan(self, text: str | bytes) -> None:
        """The scanner reads `text`."""
        if self.disk is None:
            super().scan(text)
            return
        self._type((text.encode() if isinstance(text, str) else text) + b"\n")

    def disk_becomes(self, kind: MappedDisk) -> None:
        """Let the disk be of another kind before the next card is read."""
        assert self.disk is not None
        self._type(f"{ASIDE}{kind.table(self.disk)}\n".encode())

    def _type(self, line: bytes) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write(line)
