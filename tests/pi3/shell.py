"""Shells on the board, each reached over the emulator's network for one command."""

from __future__ import annotations

import re
import socket
import time


def run_at(port: int, command: str, *, limit_s: float) -> tuple[int, str]:
    """Run lines of shell; their exit status, and what they printed. Raises OSError where nobody answers in time."""
    end, text = time.monotonic() + limit_s, ""
    wanted = re.compile(r"ended with (\d+)\n")
    with socket.create_connection(("127.0.0.1", port), timeout=limit_s) as shell:
        shell.sendall(f"{{ {command}\n}} 2>&1; echo ended with $?\n".encode())
        while not (found := wanted.search(text)):
            shell.settimeout(max(0.1, end - time.monotonic()))
            came = shell.recv(65536)
            if not came:
                raise ConnectionError(text)
            text += came.decode(errors="replace")
    return int(found[1]), text[: found.start()].strip()
