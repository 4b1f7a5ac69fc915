"""Announces the desk as JSON lines, for machines that watch it: a gate, a test, the demo."""

from __future__ import annotations

import json
import os
import select
import stat
from collections.abc import Mapping
from pathlib import Path

from kiosk.cards.desk_state import Desk
from kiosk.errors import DeviceError

STANDARD_OUTPUT = "-"


class LineAnnouncer:
    """Writes one line for each announcement; never the number of a card, nor any part of it."""

    def __init__(self, target: str) -> None:
        """Write to the file, FIFO or `-` (standard output) named by `target`; opened at the first line."""
        self._target = target
        self._fd: int | None = 1 if target == STANDARD_OUTPUT else None
        self._torn = b""
        """The rest of a line whose beginning is out."""

    async def announce(self, desk: Desk) -> None:
        """Write `desk` as a line; raises DeviceError when nobody can take it now."""
        self._write({"about": "desk", **announcement(desk)})

    def tell(self, surroundings: Mapping[str, object]) -> None:
        """Write what lies around the desk (queue, link, event) as a line; raises DeviceError."""
        self._write({"about": "surroundings", **surroundings})

    def _write(self, content: Mapping[str, object]) -> None:
        line = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        try:
            descriptor = self._descriptor()
            self._torn = _pushed(descriptor, self._torn)
            left = line if self._torn else _pushed(descriptor, line)
        except OSError as error:
            self.close()
            raise DeviceError(f"announcements cannot be written to {self._target}: {error.strerror}") from error
        if left == line:
            raise DeviceError(f"announcements cannot be written to {self._target}: its reader does not keep up")
        self._torn = left

    def close(self) -> None:
        """Close the target; the next line opens it again."""
        if self._fd is not None and self._target != STANDARD_OUTPUT:
            os.close(self._fd)
        self._fd = 1 if self._target == STANDARD_OUTPUT else None
        self._torn = b""

    def _descriptor(self) -> int:
        if self._fd is None:
            path = Path(self._target)
            fifo = path.exists() and stat.S_ISFIFO(path.stat().st_mode)
            # A FIFO that nobody reads must not stop the desk.
            how = os.O_WRONLY | (os.O_NONBLOCK if fifo else os.O_CREAT | os.O_APPEND)
            self._fd = os.open(path, how | os.O_CLOEXEC, 0o640)
        return self._fd


def _pushed(descriptor: int, data: bytes) -> bytes:
    """Write as much of `data` as is taken without a wait; what is left of it."""
    writable = select.poll()
    writable.register(descriptor, select.POLLOUT)
    # A pipe that says it is writable takes this much at once, whether or not it is blocking.
    while data and writable.poll(0):
        data = data[os.write(descriptor, data[: select.PIPE_BUF]) :]
    return data


def announcement(desk: Desk) -> dict[str, object]:
    """What a line says: the phase, and what lies on the desk, without the card."""
    presented, recorded = desk.presented, desk.recorded
    return {
        "phase": desk.phase.value,
        "locked": desk.mode.locked,
        "notice": None if desk.notice is None else desk.notice.value,
        "why": desk.out_of_service_why or None,
        "presentation": None if presented is None else presented.id,
        "answer": None if presented is None else presented.answer.value,
        "reasons": []
        if presented is None
        else [finding.reason.value for finding in (*presented.decision.findings, *presented.warnings)],
        "recorded": None if recorded is None else recorded.id,
        "undoable": [use.id for use in desk.undoable],
        "tray": [waiting.id for waiting in desk.tray],
    }
