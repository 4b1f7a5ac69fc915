"""What the host may ask of the emulator: a word of physical memory, a key pressed."""

from __future__ import annotations

import json
import socket
import threading
from pathlib import Path
from typing import Any

KEY_S = 0.03
"""For how long a key is down, and up: the emulated USB host cannot follow a scanner's own speed."""
NAMES = {"-": "minus", "\n": "ret"}


class Emulator:
    """QEMU's own line for questions and orders (QMP)."""

    def __init__(self, path: Path) -> None:
        """Take the line that is offered as a socket at `path`."""
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.connect(str(path))
        self._lines = self._socket.makefile("rw", encoding="utf-8")
        self._lines.readline()
        self._order("qmp_capabilities")

    def close(self) -> None:
        """Let go of it."""
        self._lines.close()
        self._socket.close()

    def word_at(self, address: int) -> int:
        """The 32 bits at a physical address of the board, read past its processor and its kernel."""
        told = str(self._order("human-monitor-command", **{"command-line": f"xp /1wx {address:#x}"}))
        return int(told.partition(":")[2], 16)

    def type(self, text: str) -> None:
        """Press the keys of `text` on the USB keyboard, one after the other, as a scanner does."""
        between = threading.Event()
        for character in text:
            for down in (True, False):
                key = {"type": "qcode", "data": NAMES.get(character, character.lower())}
                self._order("input-send-event", events=[{"type": "key", "data": {"down": down, "key": key}}])
                between.wait(KEY_S)

    def _order(self, order: str, **words: Any) -> Any:
        self._lines.write(json.dumps({"execute": order, "arguments": words}) + "\n")
        self._lines.flush()
        # Between an order and its answer events are told.
        while "return" not in (answer := json.loads(self._lines.readline())):
            assert "error" not in answer, answer
        return answer["return"]
