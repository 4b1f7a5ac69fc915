"""The time of day, the time since boot, and how far the first can be believed."""

from __future__ import annotations

import contextlib
import ctypes
import datetime as dt
import functools
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

BOOT_ID_FILE = Path("/proc/sys/kernel/random/boot_id")
_TIME_ERROR = 5  # adjtimex(2): the clock is not synchronised
SYNCHRONISED_FILE = Path("/run/systemd/timesync/synchronized")
STANDING_FILE = Path("/run/kiosk-clock/standing")
"""In memory, so of this boot; and not in the service's own folder there, which goes with the service."""
SYNCHRONISATION_LASTS_S = 7 * 24 * 3600
SMALLEST_STEP_S = 2.0
"""A leap second is none."""
_Timex = ctypes.c_char * 512
"""Larger than struct timex on every architecture; zeroed, so modes = 0 only reads."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One instant, as told by both clocks of one boot."""

    utc: dt.datetime
    """Wall time, aware, in UTC, cut to milliseconds."""
    monotonic_ms: int
    """Milliseconds since this boot; never steps."""
    boot_id: str
    trusted: bool
    """Whether the wall clock was synchronised at this instant."""


@dataclass(frozen=True, slots=True)
class SameBoot:
    """An instant told by the clock that never steps, in the boot in which it counts."""

    boot_id: str
    monotonic_ms: int


class Clock(Protocol):
    """Where the time comes from."""

    def now(self) -> Moment:
        """The present instant."""
        ...


def kernel_clock_is_synchronised() -> bool:
    """The kernel's word (adjtimex) on its clock; False where it cannot be asked."""
    try:
        state = _adjtimex()(_Timex())
    except (OSError, AttributeError):
        return False
    return 0 <= state < _TIME_ERROR


@functools.cache
def _adjtimex() -> Callable[[ctypes.Array[ctypes.c_char]], int]:
    """Looked up once: the clock is asked several times a second, and each look-up makes a class, and work for later."""
    found: Callable[[ctypes.Array[ctypes.c_char]], int] = ctypes.CDLL(None).adjtimex
    return found


def was_synchronised(file: Path = SYNCHRONISED_FILE) -> bool:
    """Whether systemd-timesyncd set the clock in this boot, and not so long ago that it could be minutes off.

    A sandboxed service may not ask the kernel (ProtectClock=). The file lies in memory, touched at each setting.
    """
    try:
        age_s = time.time() - file.stat().st_mtime
    except OSError:
        return False
    return 0 <= age_s < SYNCHRONISATION_LASTS_S


def booted_at_s() -> float:
    """How the wall clock stands to the one that never steps; both are slewed alike, so only a step changes it."""
    return time.time() - time.clock_gettime(time.CLOCK_BOOTTIME)


class Synchronisation:
    """Whether the wall clock can be believed, by the kernel or by systemd-timesyncd.

    Guards how the clock stood when systemd-timesyncd had set it. Where somebody has set it since, that says no more,
    until it is set from the network again; the kernel, which knows this by itself, may not be asked in the sandbox.
    Whoever sees first that it was set notes how it stood, for all that are started later in this boot.
    """

    def __init__(
        self,
        file: Path = SYNCHRONISED_FILE,
        *,
        kernel: Callable[[], bool] = kernel_clock_is_synchronised,
        booted_at_s: Callable[[], float] = booted_at_s,
        standing: Path = STANDING_FILE,
    ) -> None:
        """Nobody has set it yet."""
        self._file = file
        self._kernel = kernel
        self._booted_at_s = booted_at_s
        self._standing = standing
        self._set_at_ns = 0
        self._stood_at_s = 0.0

    def __call__(self) -> bool:
        """As it is now."""
        return self._kernel() or (was_synchronised(self._file) and not self._was_set_since())

    def _was_set_since(self) -> bool:
        stands_at_s = self._booted_at_s()
        try:
            set_at_ns = self._file.stat().st_mtime_ns
        except OSError:
            return True
        if set_at_ns != self._set_at_ns:
            self._set_at_ns, self._stood_at_s = set_at_ns, self._stood(set_at_ns, stands_at_s)
        return abs(stands_at_s - self._stood_at_s) >= SMALLEST_STEP_S

    def _stood(self, set_at_ns: int, stands_at_s: float) -> float:
        """As was noted of this setting; where nothing was, as it stands now, and that is noted if it can be."""
        with contextlib.suppress(OSError, ValueError):
            noted_ns, stood_at_s = self._standing.read_text(encoding="ascii").split()
            if int(noted_ns) == set_at_ns:
                return float(stood_at_s)
        with contextlib.suppress(OSError):  # no service of this machine, such as a demo
            fresh = self._standing.with_suffix(".new")
            # A file of its own: root may be who looks, and the folder is the kiosk's user's, who can lay a link there.
            fresh.unlink(missing_ok=True)
            with fresh.open("x", encoding="ascii") as file:
                file.write(f"{set_at_ns} {stands_at_s}\n")
            fresh.replace(self._standing)
        return stands_at_s


class SystemClock:
    """The kernel's clocks; trust is the kernel's own word on synchronisation unless `always_trusted`."""

    def __init__(self, *, always_trusted: bool = False, is_synchronised: Callable[[], bool] | None = None) -> None:
        """Read this boot's id once; `always_trusted` is for machines whose time comes from their host."""
        self._always_trusted = always_trusted
        self._is_synchronised = Synchronisation() if is_synchronised is None else is_synchronised
        self._boot_id = BOOT_ID_FILE.read_text(encoding="ascii").strip() if BOOT_ID_FILE.exists() else "unknown"

    def now(self) -> Moment:
        """The present instant."""
        # Trust first: a clock that is set right now is told as right and doubtful, and never as wrong and trusted.
        trusted = self._always_trusted or self._is_synchronised()
        return Moment(
            utc=to_milliseconds(dt.datetime.now(dt.UTC)),
            monotonic_ms=time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000,
            boot_id=self._boot_id,
            trusted=trusted,
        )


def to_milliseconds(instant: dt.datetime) -> dt.datetime:
    """`instant` cut to whole milliseconds, as every record and message holds it."""
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)
