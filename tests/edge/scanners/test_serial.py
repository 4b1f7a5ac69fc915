"""The serial scanner on a real pseudo-terminal, whose other end is the scanner."""

import asyncio
import contextlib
import fcntl
import os
import pty
import struct
import termios
import time
import tty
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from kiosk.cards.model import Scan
from kiosk.errors import DeviceError
from kiosk.findings import failed, passed, warned
from kiosk.health import Health
from kiosk.scanners.changes import Changes
from kiosk.scanners.examined import examine_serial
from kiosk.scanners.looking import SOON_S
from kiosk.scanners.serial import SerialScanner, open_line
from tests.support.clock import FixedClock
from tests.support.stalled_loop import Stalled

NAME = "scanner 1"
TIOCGEXCL = 0x80045440
"""Asks whether a line is open for one alone; Python's termios has no name for it."""


class Gun:
    """A scanner on a line; its path stays the same through every plugging, as one of /dev/serial/by-id does."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "usb-test-gun"
        self.plug_in()

    def plug_in(self) -> None:
        self._gun, line = pty.openpty()
        self.node = os.ttyname(line)
        self._line = line  # held open, so that the line is not hung up before the kiosk opens it
        self.path.symlink_to(self.node)

    def send(self, data: bytes) -> None:
        os.write(self._gun, data)

    def until_opened(self) -> None:
        limit = time.monotonic() + 10
        while struct.unpack("i", fcntl.ioctl(self._line, TIOCGEXCL, b"\0" * 4)) != (1,):
            assert time.monotonic() < limit, "not in time"
            os.sched_yield()

    def unplug(self) -> None:
        self.path.unlink(missing_ok=True)
        for end in (self._gun, self._line):
            with contextlib.suppress(OSError):
                os.close(end)


class Bench:
    """A desk, a place to plug scanners in, and a scanner that reads them."""

    def __init__(self, path: Path) -> None:
        self.scans: asyncio.Queue[str] = asyncio.Queue()
        self.health = Health(FixedClock())
        self.told = asyncio.Event()
        self.health.watch(self.told.set)
        self.plugged = asyncio.Event()
        self.waits: list[float | None] = []
        scanner = SerialScanner(NAME, str(path), 9600, self, self.health, listen=self.listen)
        self.running = asyncio.create_task(scanner.run())

    async def scan(self, scan: Scan) -> None:
        assert scan.source == NAME
        self.scans.put_nowait(scan.text)

    @contextlib.contextmanager
    def listen(self, subsystem: str) -> Iterator[Changes]:
        assert subsystem == "tty"
        yield self

    async def next(self, within_s: float | None = None) -> None:
        self.waits.append(within_s)
        await self.plugged.wait()
        self.plugged.clear()

    async def read(self) -> str:
        async with asyncio.timeout(10):
            return await self.scans.get()

    async def until(self, *, ok: bool) -> str:
        async with asyncio.timeout(10):
            while NAME not in self.health.parts() or self.health.parts()[NAME].ok is not ok:
                await self.told.wait()
                self.told.clear()
        return self.health.parts()[NAME].why

    async def opened(self, gun: Gun) -> None:
        """Until the line is read; what it says before that is thrown away by the kernel."""
        await asyncio.to_thread(gun.until_opened)

    async def stop(self) -> None:
        self.running.cancel()
        await asyncio.wait({self.running})


@pytest.fixture
def gun(tmp_path: Path) -> Iterator[Gun]:
    gun = Gun(tmp_path)
    yield gun
    gun.unplug()


@pytest.fixture
async def bench(gun: Gun) -> AsyncIterator[Bench]:
    bench = Bench(gun.path)
    await bench.until(ok=True)
    yield bench
    await bench.stop()


@pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\n", b"\t", b"\x03", b"\x03\r\n", b"\t\r\n"])
async def test_every_end_that_scanners_send_ends_a_code_once(gun: Gun, bench: Bench, end: bytes) -> None:
    gun.send(b"DEMO0011" + end + b"DEMO0022" + end + b"DEMO0033" + end)
    assert [await bench.read() for _ in range(3)] == ["DEMO0011", "DEMO0022", "DEMO0033"]
    assert bench.scans.empty()


async def test_silence_ends_a_code_that_has_no_end(gun: Gun, bench: Bench) -> None:
    gun.send(b"DEMO")
    gun.send(b"0011")
    assert await bench.read() == "DEMO0011"
    gun.send(b"DEMO0022\r")
    assert await bench.read() == "DEMO0022"


async def test_not_a_byte_is_changed_echoed_or_taken_for_a_signal(gun: Gun, bench: Bench) -> None:
    gun.send(b"\x04\x11\x13\x1a\x7f\xc3\xa4\r")
    assert await bench.read() == "\x04\x11\x13\x1a\x7fä"
    os.set_blocking(gun._gun, False)
    with pytest.raises(BlockingIOError):
        os.read(gun._gun, 1)


async def test_text_that_is_not_utf8_is_latin1(gun: Gun, bench: Bench) -> None:
    gun.send("Määrä".encode() + b"\r" + "Määrä".encode("latin-1") + b"\r")
    assert [await bench.read(), await bench.read()] == ["Määrä", "Määrä"]


async def test_framed_codes_in_one_breath_are_two(gun: Gun, bench: Bench) -> None:
    gun.send(b"\x02]Q1DEMO0011\x03\x02]A0DEMO0022\x03")
    assert [await bench.read(), await bench.read()] == ["]Q1DEMO0011", "]A0DEMO0022"]


async def test_the_line_is_the_kiosks_alone(gun: Gun, bench: Bench) -> None:
    assert struct.unpack("i", fcntl.ioctl(gun._line, TIOCGEXCL, b"\0" * 4)) == (1,)
    with pytest.raises(DeviceError, match="another program holds the scanner"):
        os.close(open_line(gun.node, 9600))


async def test_a_line_that_another_program_holds_is_said_and_tried_again(gun: Gun) -> None:
    other = open_line(gun.node, 9600)
    fcntl.ioctl(other, termios.TIOCNXCL)
    bench = Bench(gun.path)
    assert await bench.until(ok=False) == "another program holds the scanner"
    assert bench.waits == [SOON_S]
    os.close(other)
    bench.plugged.set()
    await bench.until(ok=True)
    await bench.stop()


async def test_unplugged_in_the_middle_of_a_code_it_throws_the_half_away_and_reads_on_when_back(
    gun: Gun, bench: Bench
) -> None:
    gun.send(b"DEMO0011\x03DEMO00")
    assert await bench.read() == "DEMO0011"  # ended by its ETX, not by silence; the half has come with it
    gun.unplug()
    why = await bench.until(ok=False)
    assert why == "the scanner is gone (the line was hung up); 6 bytes of an unfinished code were thrown away"
    gun.plug_in()
    bench.plugged.set()
    await bench.until(ok=True)
    gun.send(b"DEMO0022\r")
    assert await bench.read() == "DEMO0022"


async def test_a_line_that_is_not_there_is_said_and_looked_for_when_something_is_plugged_in(gun: Gun) -> None:
    gun.unplug()
    bench = Bench(gun.path)
    assert await bench.until(ok=False) == f"no scanner {gun.path} is plugged in"
    assert bench.waits == [None]
    gun.plug_in()
    bench.plugged.set()
    await bench.until(ok=True)
    await bench.stop()


async def test_the_doctor_opens_a_line_and_lets_it_go(gun: Gun) -> None:
    fine = passed("s", f"{gun.node}: opened at 115200 baud and let go")
    assert examine_serial("s", gun.node, 115_200, runs=False) == fine
    assert termios.tcgetattr(gun._line)[4:6] == [termios.B115200, termios.B115200]
    do = "If it does not read in a few seconds, look at `journalctl -u kiosk`."
    lacking = warned("s", f"{gun.node}: free, though the kiosk runs", do)
    assert examine_serial("s", gun.node, 115_200, runs=True) == lacking


async def test_the_doctor_takes_nothing_of_a_line_that_the_kiosk_reads(gun: Gun, bench: Bench) -> None:
    gun.send(b"DEMO")
    assert examine_serial("s", gun.node, 9600, runs=True) == passed("s", f"{gun.node}: held by the running kiosk")
    gun.send(b"0011\r")
    assert await bench.read() == "DEMO0011"
    do = f"The kiosk is not running, so end the program that has it: `sudo fuser -v {gun.node}` names it."
    assert examine_serial("s", gun.node, 9600, runs=False) == failed("s", f"{gun.node}: held by another program", do)


async def test_the_doctor_tells_a_file_from_a_line(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    assert examine_serial("s", str(file), 9600, runs=False) == failed(
        "s",
        f"{file} is not a serial line: Inappropriate ioctl for device",
        "Name another device. /dev/serial/by-id has the lines that are there.",
    )


async def test_a_file_is_not_taken_for_a_line(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(DeviceError, match="is not a serial line: Inappropriate ioctl for device"):
        open_line(str(file), 9600)


async def test_what_came_before_the_kiosk_listened_is_thrown_away(gun: Gun) -> None:
    tty.setraw(gun._line)
    gun.send(b"OLD\r")
    bench = Bench(gun.path)
    await bench.until(ok=True)
    gun.send(b"DEMO0011\r")
    assert await bench.read() == "DEMO0011"
    await bench.stop()


async def test_the_tail_of_a_code_that_was_being_sent_is_thrown_away_said_and_a_reading_of_nothing(
    gun: Gun, caplog: pytest.LogCaptureFixture
) -> None:
    bench = Bench(gun.path)
    await bench.opened(gun)
    gun.send(b"0011\r\nDEMO0022\r\n")
    assert [await bench.read(), await bench.read()] == ["", "DEMO0022"]
    assert f"{NAME}: a code was not read from its beginning; 4 characters thrown away" in caplog.text
    assert "0011" not in caplog.text
    await bench.stop()


async def test_a_tail_that_has_no_end_ends_with_silence(gun: Gun) -> None:
    bench = Bench(gun.path)
    await bench.opened(gun)
    gun.send(b"0011")
    assert await bench.read() == ""
    gun.send(b"DEMO0022\r")
    assert await bench.read() == "DEMO0022"
    await bench.stop()


async def test_the_end_alone_of_a_code_is_no_reading(gun: Gun) -> None:
    bench = Bench(gun.path)
    await bench.opened(gun)
    gun.send(b"\nDEMO0022\r")
    assert await bench.read() == "DEMO0022"
    await bench.stop()


async def test_a_line_that_is_plugged_in_again_in_the_middle_of_a_code_hands_over_no_tail(
    gun: Gun, bench: Bench
) -> None:
    gun.unplug()
    await bench.until(ok=False)
    gun.plug_in()
    bench.plugged.set()
    await bench.opened(gun)
    gun.send(b"0011\rDEMO0022\r")
    assert [await bench.read(), await bench.read()] == ["", "DEMO0022"]


def test_a_code_is_not_torn_in_two_by_a_loop_that_was_busy(gun: Gun) -> None:
    async def read_with_a_leap(loop: Stalled) -> str:
        bench = Bench(gun.path)
        await bench.until(ok=True)
        gun.send(b"DEMO0022\rDEMO")
        assert await bench.read() == "DEMO0022"  # the half has come with it
        loop.late_s += 1
        gun.send(b"0011\r")
        code = await bench.read()
        await bench.stop()
        return code

    loop = Stalled()
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        assert runner.run(read_with_a_leap(loop)) == "DEMO0011"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can try it as somebody else")
def test_a_user_who_may_not_open_it_is_told_the_group(gun: Gun) -> None:
    Path(gun.node).chmod(0o600)
    os.seteuid(65_534)
    try:
        with pytest.raises(DeviceError, match="the user must be in the group “dialout”"):
            open_line(gun.node, 9600)
    finally:
        os.seteuid(0)
