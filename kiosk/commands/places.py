"""Where in the state folder the kiosk keeps what, and the lock of the one that serves."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kiosk.config import Config
from kiosk.errors import KioskError, StoreFault, StoreUnavailable
from kiosk.store.copies import copies_in
from kiosk.store.faults import fault_of_disk
from kiosk.store.identity import IdentityFile
from kiosk.store.restore import files_put_aside
from kiosk.store.sending import sending_file_of
from kiosk.store.time_on import time_on_file_of


@dataclass(frozen=True, slots=True)
class Places:
    """The files of one kiosk."""

    folder: Path
    copies: Path
    """Folder of the database's copies."""

    @property
    def database(self) -> Path:
        """Uses, queue, cards, events."""
        return self.folder / "kiosk.db"

    @property
    def identity(self) -> Path:
        """Who the kiosk is to the register; secret."""
        return self.folder / "identity.json"

    @property
    def pin(self) -> Path:
        """The hash of the desk's PIN."""
        return self.folder / "pin"

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
        secret = IdentityFile(self.identity).secret_path
        return (
            self.identity,
            secret,
            database,
            *beside,
            *files_put_aside(database),
            *copies_in(self.copies),
            self.sending,
            time_on_file_of(database),
            self.pin,
            self.lock,
        )


def places_of(config: Config) -> Places:
    """The files of the kiosk that `config` describes."""
    folder = Path(config.kiosk.state_dir)
    copies = folder / "copies" if config.backup.folder is None else Path(config.backup.folder)
    return Places(folder, copies)


def require_database(places: Places) -> None:
    """Raise where the kiosk has never run here, so that looking at it does not make an empty one."""
    if not places.database.exists():
        raise KioskError(f"There is no kiosk database in {places.folder}: the kiosk has not been started here yet.")


def is_served(places: Places, locks: Path = Path("/proc/locks")) -> bool | None:
    """Whether a kiosk is serving in `places`; None: this user cannot see it.

    Asks the kernel which locks are held: to try the lock would keep out a kiosk that starts in that moment.
    """
    try:
        inode = places.lock.stat().st_ino
    except FileNotFoundError:
        return False
    except OSError:
        return None
    try:
        held = locks.read_text(encoding="ascii").splitlines()
    except OSError:  # a sandbox without it
        return None
    # Such as “3: FLOCK  ADVISORY  WRITE 812 b3:02:131 0 EOF” (man proc_locks).
    return any(fields[1] == "FLOCK" and fields[5].endswith(f":{inode}") for fields in map(str.split, held))


class ServingLock:
    """Guards the lock of the one process that serves the desk, or changes what it relies on."""

    def __init__(self, places: Places) -> None:
        """Lock `places`; nothing is held until `take`."""
        self._places = places
        self._descriptor: int | None = None

    def take(self) -> None:
        """Hold the lock, from the first call that returns on.

        Raises StoreUnavailable where the folder cannot be written now, and KioskError when another process holds it.
        """
        if self._descriptor is not None:
            return
        try:
            self._places.folder.mkdir(parents=True, exist_ok=True, mode=0o750)
            descriptor = os.open(self._places.lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
        except OSError as error:
            raise StoreUnavailable(
                f"The state folder {self._places.folder} cannot be used: {error.strerror}.", fault_of_disk(error)
            ) from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            raise KioskError(f"A kiosk is running in {self._places.folder} already.") from None
        self._descriptor = descriptor

    def take_for_store(self) -> None:
        """As `take`, for a try to open the database: a lock that another holds is StoreUnavailable as well."""
        try:
            self.take()
        except StoreUnavailable:
            raise
        except KioskError as error:
            raise StoreUnavailable(str(error), StoreFault.LOCKED) from error

    def release(self) -> None:
        """Let go of the lock; harmless where it is not held."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


@contextlib.contextmanager
def served_alone(places: Places) -> Iterator[None]:
    """Hold the lock of the serving kiosk; raises KioskError when another process holds it."""
    lock = ServingLock(places)
    lock.take()
    try:
        yield
    finally:
        lock.release()
