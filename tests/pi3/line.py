"""A serial line with a shell at its other end."""

from __future__ import annotations

import re
import select
import socket
import time
from pathlib import Path


class Line:
    """Commands go in, what they print and how they ended comes back."""

    def __init__(self, path: Path) -> None:
        """Take the line that is offered as a socket at `path`."""
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.connect(str(path))

    def close(self) -> None:
        """Let go of it."""
        self._socket.close()

    def run(self, command: str, *, limit_s: float = 120) -> tuple[int, str]:
        """Run a line of shell; its exit status, and what it printed. Raises TimeoutError."""
        mark = f"_{time.monotonic_ns()}_"
        # The mark is written in two parts, so that an echo of the command is not taken for its end.
        self._socket.sendall(f"{{ {command}\n}} 2>&1; echo {mark[:5]}''{mark[5:]}$?\n".encode())
        found, text = self._read_until(re.compile(rf"{mark}(\d+)\n"), limit_s)
        return int(found[1]), text[: found.start()].strip()

    def _read_until(self, wanted: re.Pattern[str], limit_s: float) -> tuple[re.Match[str], str]:
        end, text = time.monotonic() + limit_s, ""
        while not (found := wanted.search(text)):
            if not select.select([self._socket], [], [], max(0.0, end - time.monotonic()))[0]:
                raise TimeoutError(text)
            came = self._socket.recv(65536)
            assert came, "the board is off; its logs say why"
            text += came.decode(errors="replace").replace("\r", "")
        return found, text
