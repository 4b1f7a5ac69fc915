"""The tries to open a database, one after the other, until one succeeds."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import sqlite_utils
from sqlite_utils.migrations import Migrations

from kiosk.errors import StoreFault, StoreUnavailable
from kiosk.store.connection import connect_reader, connect_writer
from kiosk.store.owner import Hire, Job, Owner, Worker
from kiosk.store.soundness import require_sound

LOOKED_THROUGH_AGAIN_AFTER_S = 300.0
"""A damaged file that nobody touched is read through again so seldom: it wears the disk, and tells nothing new."""

_Signature = tuple[tuple[int, int, int] | None, ...]


@dataclass(frozen=True, slots=True)
class Owners:
    """The two threads of an open database, or what stands for them."""

    writer: Worker
    reader: Worker

    def close(self, last: Job[None] | None) -> None:
        """Finish what was asked for, then `last` in the writer; blocks; may be repeated."""
        self.reader.close()
        self.writer.close(last)


class Opening:
    """Guards what is known of a file that could not be used."""

    def __init__(
        self,
        path: Path,
        migrations: Migrations,
        busy_timeout_s: float,
        before: Callable[[], None] = lambda: None,
        *,
        hire: Hire = Owner,
    ) -> None:
        """Open the file at `path` with workers that `hire` makes.

        `before` is called before each try, and may raise StoreError.
        """
        self._hire = hire
        self._path = path
        self._migrations = migrations
        self._busy_timeout_s = busy_timeout_s
        self._before = before
        self._distrusted = False
        self._damage: tuple[StoreUnavailable, _Signature, float] | None = None

    def distrust(self) -> None:
        """Read through the whole file before it is used again."""
        self._distrusted = True

    def open(self) -> Owners:
        """The threads of the file, which is brought up to date; blocks; raises StoreUnavailable and StoreTooNew."""
        self._before()
        if self._damage is not None and self._is_as_it_was(*self._damage[1:]):
            raise self._damage[0]
        try:
            owners = self._connect()
        except StoreUnavailable as error:
            if error.fault is StoreFault.DAMAGED:
                self._distrusted = True
                self._damage = (error, self._signature(), time.monotonic())
            raise
        self._distrusted, self._damage = False, None
        return owners

    def _connect(self) -> Owners:
        writer = self._hire("store-writer", self._writing)
        try:
            reader = self._hire("store-reader", partial(connect_reader, self._path, self._busy_timeout_s))
        except BaseException:
            writer.close()
            raise
        return Owners(writer, reader)

    def _writing(self) -> sqlite_utils.Database:
        look_through = require_sound if self._distrusted else None
        return connect_writer(self._path, self._migrations, self._busy_timeout_s, look_through)

    def _is_as_it_was(self, signature: _Signature, at_s: float) -> bool:
        return time.monotonic() - at_s < LOOKED_THROUGH_AGAIN_AFTER_S and self._signature() == signature

    def _signature(self) -> _Signature:
        """What changes when somebody puts another file in its place."""
        return tuple(map(_stat_of, (self._path, self._path.with_name(f"{self._path.name}-wal"))))


def _stat_of(path: Path) -> tuple[int, int, int] | None:
    try:
        seen = path.stat()
    except OSError:
        return None
    return (seen.st_ino, seen.st_size, seen.st_mtime_ns)
