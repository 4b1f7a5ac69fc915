"""Every error the kiosk raises on purpose, as one tree.

KioskError
├── ConfigError            the configuration cannot be used; holds every problem at once
├── EnrolmentError         the register did not take this kiosk in
├── StoreError             the database
│   ├── StoreUnavailable   cannot be opened, read or written now (disk full, locked, corrupt, read-only)
│   ├── StoreTooNew        written by a newer version of the kiosk
│   └── NotUndoable        the use is unknown, already annulled, or past its time for undo
├── RegisterError          the register
│   ├── Unreachable        no answer, or none that can be understood: try again later
│   │   └── ListInVain     … the card list broke off before its first card, so that nothing is won
│   ├── Later              an answer that says so (401/403, 408, 429, 5xx …), with `retry_after_s` where it was given
│   │   └── NotAccepted    … because it does not know this kiosk's key
│   ├── Rejected           the request as a whole was refused (400/404/413/422): the batch is halved
│   ├── KeyRevoked         this kiosk's key is dead for good
│   └── CursorGone         the feed no longer reaches back so far: take a new snapshot
└── DeviceError            a scanner, camera, lamp or button that cannot be used
    ├── DeviceMissing      … because it is not plugged in
    ├── DeviceClosed       … because this user may not open it; names the group that may
    ├── DeviceBarred       … because the service's sandbox keeps it out; names the file that lets it in
    └── DeviceBusy         … because another program has it
"""

from __future__ import annotations

import errno
from collections.abc import Sequence
from enum import StrEnum


class StoreFault(StrEnum):
    """What is wrong with the store, as the screen has words for it."""

    FULL = "disk-full"
    READ_ONLY = "disk-read-only"
    DAMAGED = "database-damaged"
    TOO_NEW = "database-too-new"
    LOCKED = "database-locked"
    FAILING = "store-failing"
    """Anything else: the disk is not there, reports an error, or refuses."""


class KioskError(Exception):
    """Root of all errors raised on purpose; its text is fit for staff or technician to read."""


class ConfigError(KioskError):
    """The configuration cannot be used; `problems` lists everything wrong with it."""

    def __init__(self, problems: Sequence[str]) -> None:
        """Hold `problems`, one sentence each."""
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class EnrolmentError(KioskError):
    """The register did not take this kiosk in."""


class StoreError(KioskError):
    """The database failed or refused; `fault` tells in one word how."""

    def __init__(self, message: str, fault: StoreFault = StoreFault.FAILING) -> None:
        """Hold the sentence for technicians, and the fault that staff are told of."""
        super().__init__(message)
        self.fault = fault


class StoreUnavailable(StoreError):
    """The database cannot be opened, read or written now; nothing was recorded."""


class StoreTooNew(StoreError):
    """The database was written by a newer version of the kiosk."""

    def __init__(self, message: str) -> None:
        """Hold the sentence for technicians."""
        super().__init__(message, StoreFault.TOO_NEW)


class NotUndoable(StoreError):
    """The use is unknown, already annulled, or past its time for undo."""


class RegisterError(KioskError):
    """The register did not do what was asked."""


class Unreachable(RegisterError):
    """No answer, or none that can be understood: whether it was done is not known."""


class ListInVain(Unreachable):
    """The card list broke off before its first card: the next try begins where this one did."""


class Later(RegisterError):
    """The register answered that now is not the time."""

    def __init__(self, message: str, *, retry_after_s: float | None = None) -> None:
        """Hold the register's wish in seconds where it gave one."""
        super().__init__(message)
        self.retry_after_s = retry_after_s


class NotAccepted(Later):
    """The register does not know this key: it was superseded, or the register was put back from a copy."""


class Rejected(RegisterError):
    """The request as a whole was refused for what it holds."""

    def __init__(self, message: str, words: tuple[str, str, str] | None = None) -> None:
        """Hold the sentence for technicians, and the register's for staff: in Finnish, Swedish and English."""
        super().__init__(message)
        self.words = words


class KeyRevoked(RegisterError):
    """This kiosk's key was revoked: nothing more may be sent with it."""


class CursorGone(RegisterError):
    """The feed no longer reaches back to the cursor: take a new snapshot."""


class DeviceError(KioskError):
    """A scanner, camera, lamp or button that cannot be used: not there, gone, or not what it should be."""


class DeviceMissing(DeviceError):
    """It is not plugged in."""


class DeviceClosed(DeviceError):
    """This user may not open it; the members of `group` may."""

    def __init__(self, device: str, group: str) -> None:
        """Name the device and the group."""
        super().__init__(f"{device} may not be opened: the user must be in the group “{group}”")
        self.group = group


class DeviceBarred(DeviceError):
    """The service's sandbox keeps it out, whatever groups the user is in."""

    def __init__(self, device: str, unit_file: str) -> None:
        """Name the device and the file of systemd/optional that lets it in."""
        super().__init__(
            f"{device} may not be opened: the service's sandbox bars it; lay systemd/optional/{unit_file} into "
            "/etc/systemd/system/kiosk.service.d"
        )


def refused(device: str, error: OSError, *, group: str, unit_file: str) -> DeviceError:
    """Why opening `device` was refused: by its mode (EACCES), or by the unit's DevicePolicy= (EPERM)."""
    return DeviceBarred(device, unit_file) if error.errno == errno.EPERM else DeviceClosed(device, group)


class DeviceBusy(DeviceError):
    """It is there, and another program has it."""
