"""Which items are with the register at this moment, for other programs to see, as long as the sender lives.

A column in the queue would say «in flight» for ever after a crash, and cost each batch a commit. So the sender keeps a
small file beside the database and holds its lock: who finds the file unlocked knows that nothing is in flight.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import fcntl
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import msgspec

from kiosk.store.files import PRIVATE_FILE
from kiosk.store.rows import from_ms, to_ms

MOST_BYTES = 64 * 1024
"""Five hundred sequence numbers, however long, take less."""


@dataclass(frozen=True, slots=True)
class InFlight:
    """What was sent and has no answer yet."""

    sequences: frozenset[int]
    since: dt.datetime


def sending_file_of(database: Path) -> Path:
    """Where the sender of `database` tells what it is sending."""
    return database.with_name("kiosk.sending")


class SendingNote:
    """Guards the file and its lock; never raises: where it cannot be written, other programs see nothing in flight."""

    def __init__(self, path: Path) -> None:
        """Tell in the file `path`."""
        self._path = path
        self._descriptor: int | None = None
        self._locked = False

    def tell(self, sequences: Sequence[int], at: dt.datetime) -> None:
        """Items with these places in the queue are being sent since `at`; an empty list: none."""
        # Not synced: it goes to the page cache, and after a power cut nobody holds the lock.
        with contextlib.suppress(OSError):
            descriptor = self._open()
            os.ftruncate(descriptor, 0)
            if sequences:
                os.pwrite(descriptor, msgspec.json.encode((to_ms(at), sequences)), 0)

    def close(self) -> None:
        """Let go of the lock; may be repeated."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor, self._locked = None, False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _open(self) -> int:
        if self._descriptor is None:
            self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, PRIVATE_FILE)
        if not self._locked:  # a reader may hold it for a moment: the next batch tries again
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._locked = True
        return self._descriptor


def in_flight(path: Path) -> InFlight | None:
    """What the living sender of the file `path` says; None: nothing is in flight."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _read(descriptor)
    except OSError:
        return None
    else:
        return None  # nobody holds it: what the file says, a dead process said
    finally:
        os.close(descriptor)


def _read(descriptor: int) -> InFlight | None:
    try:
        since_ms, sequences = msgspec.json.decode(os.pread(descriptor, MOST_BYTES, 0), type=tuple[int, frozenset[int]])
    except (OSError, msgspec.MsgspecError):  # empty, or just being written
        return None
    return InFlight(sequences, from_ms(since_ms))
