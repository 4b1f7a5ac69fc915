"""How long the machine was on since a copy was made, told by the clock that never steps, over all its boots."""

from __future__ import annotations

import contextlib
import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import msgspec

from kiosk.clock import Moment
from kiosk.store.files import replace_file

MILLISECOND = dt.timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class _Note:
    copy: str
    on_ms: int
    boot_id: str
    monotonic_ms: int


def time_on_file_of(database: Path) -> Path:
    """Where the time is noted for the copies of `database`."""
    return database.with_name("kiosk.on")


def time_on(file: Path, copy: str, now: Moment) -> dt.timedelta:
    """How long the machine was on since this was first asked for `copy`, as far as it was noted; notes it in `file`.

    What was not noted before the power went is not counted. Never raises: a file that cannot be read says nothing,
    and a disk that takes no note takes no copy either, which the desk says.
    """
    before = _read(file)
    if before is None or before.copy != copy:
        on_ms = 0
    elif before.boot_id == now.boot_id:
        on_ms = before.on_ms + max(now.monotonic_ms - before.monotonic_ms, 0)
    else:
        on_ms = before.on_ms + now.monotonic_ms
    with contextlib.suppress(OSError):
        replace_file(file, msgspec.json.encode(_Note(copy, on_ms, now.boot_id, now.monotonic_ms)))
    return on_ms * MILLISECOND


def _read(file: Path) -> _Note | None:
    try:
        return msgspec.json.decode(file.read_bytes(), type=_Note)
    except (OSError, msgspec.DecodeError):
        return None
