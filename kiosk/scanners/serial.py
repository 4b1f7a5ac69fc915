"""A scanner on a serial line, such as a USB CDC one: raw bytes of a device that no other program shares."""

from __future__ import annotations

import asyncio
import errno
import fcntl
import logging
import os
import termios

from kiosk.errors import DeviceError, DeviceMissing, refused
from kiosk.health import Health
from kiosk.scanners.changes import Listen
from kiosk.scanners.handover import HandOver
from kiosk.scanners.lines import LineSplitter
from kiosk.scanners.looking import Gone, Held, read_for_ever
from kiosk.scanners.receiver import Receiver

log = logging.getLogger(__name__)

SILENCE_S = 0.1
"""This long a pause ends a code that has no end of its own."""
_CHUNK_BYTES = 4096
_ETX, _CR = b"\x03", b"\r"


class SerialScanner:
    """Opens and reads one serial line for ever, through every unplugging."""

    def __init__(self, name: str, path: str, baud: int, receiver: Receiver, health: Health, *, listen: Listen) -> None:
        """Hand each code that comes through `path` to `receiver`; `listen` tells when to look again."""
        self._name = name
        self._path = path
        self._baud = baud
        self._codes = HandOver(name, receiver)
        self._health = health
        self._listen = listen

    async def run(self) -> None:
        """Read for ever; a line that is not there is looked for at each plugging, and said in health."""
        await read_for_ever(
            self._serve,
            name=self._name,
            subsystem="tty",
            codes=self._codes,
            health=self._health,
            listen=self._listen,
        )

    async def _serve(self) -> None:
        line = open_line(self._path, self._baud)
        codes = LineSplitter(decode)
        try:
            await self._read(line, codes)
        except OSError as error:
            raise Gone(error.strerror, f"{codes.waiting} bytes" if codes.waiting else "") from error
        finally:
            os.close(line)

    async def _read(self, line: int, codes: LineSplitter) -> None:
        loop = asyncio.get_running_loop()
        ready = asyncio.Event()
        loop.add_reader(line, ready.set)
        # The scanner may be in the middle of a code. What comes before an end or a silence may be the tail of a number,
        # which could be another visitor's: it is thrown away.
        begun = False
        try:
            while True:
                data = await _within(SILENCE_S if codes.waiting or not begun else None, line, ready)
                lines = codes.end() if data is None else codes.feed(data.replace(_ETX, _CR))
                if begun:
                    self._pass_on(lines)
                elif lines or data is None:
                    begun = True
                    self._health.ok(self._name)
                    self._begin(lines)
        finally:
            loop.remove_reader(line)

    def _begin(self, lines: list[str]) -> None:
        if lines and lines[0]:
            log.warning(
                "%s: a code was not read from its beginning; %d characters thrown away", self._name, len(lines[0])
            )
            self._codes.put("")  # a reading of nothing: staff see that something was shown and not read
        self._pass_on(lines[1:])

    def _pass_on(self, lines: list[str]) -> None:
        for code in lines:
            if code:  # an end without a code is what follows another end, such as LF after ETX: no reading
                self._codes.put(code)


def open_line(path: str, baud: int) -> int:
    """A descriptor of the serial line `path`, raw, at `baud`, and for this process alone.

    What arrived before is thrown away: it was meant for nobody. Raises DeviceError in words a technician can act on.
    """
    try:
        line = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    except FileNotFoundError:
        raise DeviceMissing(f"no scanner {path} is plugged in") from None
    except PermissionError as error:
        raise refused(path, error, group="dialout", unit_file="serial.conf") from error
    except OSError as error:
        if error.errno == errno.EBUSY:
            raise Held from error
        raise DeviceError(f"{path} cannot be used as a scanner: {error.strerror}") from error
    try:
        # A lock too, since root and whoever has the line open already are not kept out by exclusive use.
        fcntl.flock(line, fcntl.LOCK_EX | fcntl.LOCK_NB)
        fcntl.ioctl(line, termios.TIOCEXCL)
        _make_raw(line, getattr(termios, f"B{baud}"))
        termios.tcflush(line, termios.TCIFLUSH)
    except BlockingIOError as error:
        os.close(line)
        raise Held from error
    except (OSError, termios.error) as error:
        os.close(line)
        why = error.args[1] if len(error.args) > 1 else error
        raise DeviceError(f"{path} is not a serial line: {why}") from error
    except BaseException:
        os.close(line)
        raise
    return line


def decode(line: bytes) -> str:
    """`line` as UTF-8, or else as Latin-1, which is what older scanners send."""
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("latin-1")


def _make_raw(line: int, speed: int) -> None:
    _, _, cflag, _, _, _, characters = termios.tcgetattr(line)
    # Eight bits without parity, no modem lines asked, and not a byte changed, echoed or taken for a signal.
    cflag = cflag & ~(termios.CSIZE | termios.PARENB | termios.CSTOPB) | termios.CS8 | termios.CREAD | termios.CLOCAL
    characters[termios.VMIN], characters[termios.VTIME] = 1, 0
    termios.tcsetattr(line, termios.TCSANOW, [termios.IGNBRK, 0, cflag, 0, speed, speed, characters])


async def _within(limit_s: float | None, line: int, ready: asyncio.Event) -> bytes | None:
    """What has come, nothing in it where `ready` spoke too soon; None when nothing came within `limit_s`."""
    late = False
    try:
        async with asyncio.timeout(limit_s):
            await ready.wait()
    except TimeoutError:
        late = True
    ready.clear()
    try:
        # Late, too: a loop that was busy meanwhile has not looked yet at what came in time.
        data = os.read(line, _CHUNK_BYTES)
    except BlockingIOError:
        return None if late else b""
    if not data:
        raise OSError(errno.ENODEV, "the line was hung up")
    return data
