"""What a scanner's adapter wants to know of devices that come and go."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol


class Changes(Protocol):
    """The comings and goings of one kind of device, heard from the moment it is opened."""

    async def next(self, within_s: float | None = None) -> None:
        """Return when a device came or went since the last call, or after `within_s` at the latest."""
        ...


class Listen(Protocol):
    """Opens the changes of a kernel subsystem, such as `input` or `tty`."""

    def __call__(self, subsystem: str) -> AbstractContextManager[Changes]:
        """Listen until the context is left."""
        ...
