"""Where in the state folder the kiosk keeps what, and the lock of the one that serves."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kiosk.config import Config
from kiosk.errors import KioskError, StoreUnavailable
from kiosk.store.sending import sending_file_of


@dataclass(frozen=True, slots=True)
class Places:
    """The files of one kiosk."""

    folder: Path

    @property
    def database(self) -> Path:
        """Uses, queue, cards, events."""
        return self.folder / "kiosk.db"

    @property
    def identity(self) -> Path:
        """Who the kiosk is to the register; secret."""
        return self.folder / "identity.json"

    @property
    def lock(self) -> Path:
        """Held by the process that serves the desk."""
        return self.folder / "kiosk.lock"

    @property
    def sending(self) -> Path:
        """What is with the register at this moment; held by the process that sends."""
        return sending_file_of(self.database)

    def all(self) -> tuple[Path, ...]:
        """Every file that a wipe removes."""
        database = self.database
        beside = (database.with_name(database.name + ending) for ending in ("-wal", "-shm"))
        return (self.identity, database, *beside, self.sending, self.lock)


def places_of(config: Config) -> Places:
    """The files of the kiosk that `config` describes."""
    return Places(Path(config.kiosk.state_dir))


def require_database(places: Places) -> None:
    """Raise where the kiosk has never run here, so that looking at it does not make an empty one."""
    if not places.database.exists():
        raise KioskError(f"There is no kiosk database in {places.folder}: the kiosk has not been started here yet.")


@contextlib.contextmanager
def served_alone(places: Places) -> Iterator[None]:
    """Hold the lock of the serving kiosk; raises KioskError when another process holds it."""
    try:
        places.folder.mkdir(parents=True, exist_ok=True, mode=0o750)
        descriptor = os.open(places.lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
    except OSError as error:
        raise StoreUnavailable(f"The state folder {places.folder} cannot be used: {error.strerror}.") from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise KioskError(f"A kiosk is running in {places.folder} already.") from None
    try:
        yield
    finally:
        os.close(descriptor)
