"""The cable between this machine and the booted one: pulled out and put in again, with the right time at its end."""

from __future__ import annotations

import contextlib
import socketserver
import struct
import subprocess
import threading
import time
from collections.abc import Iterator

HOST, GUEST, CARD = "198.51.100.1", "198.51.100.2", "kiosk0"
NTP_PORT = 123
FROM_1900_TO_1970_S = 2_208_988_800


class Cable:
    """Guards whether the two hear each other, and what time is told; the machine's own end stays up, as of a switch."""

    def __init__(self, server: TimeServer) -> None:
        """The two hear each other not yet; `server` is at its end."""
        self._server = server

    def tell_time(self, ahead_s: float) -> None:
        """Tell whoever asks a time that is so far ahead of this machine's."""
        self._server.ahead_s = ahead_s

    def plug_in(self) -> None:
        """Let them hear each other; may be repeated."""
        _ip("address", "replace", f"{HOST}/30", "dev", CARD)

    def pull_out(self) -> None:
        """Let what is sent be lost, and nobody answer; may be repeated."""
        _ip("address", "flush", "dev", CARD)


@contextlib.contextmanager
def cable() -> Iterator[Cable]:
    """A cable that is in, and gone afterwards."""
    subprocess.run(["ip", "link", "delete", CARD], check=False, capture_output=True)  # of a run that was killed
    _ip("link", "set", "lo", "up")  # of a space of networks that is new
    _ip("tuntap", "add", CARD, "mode", "tap")
    try:
        _ip("link", "set", CARD, "up")
        _ip("address", "replace", f"{HOST}/30", "dev", CARD)
        with TimeServer((HOST, NTP_PORT), Answer) as server:
            serving = threading.Thread(target=server.serve_forever, daemon=True)
            serving.start()
            try:
                yield Cable(server)
            finally:
                server.shutdown()
                serving.join()
    finally:
        _ip("link", "delete", CARD)


class TimeServer(socketserver.UDPServer):
    """Knows what time to tell."""

    ahead_s = 0.0
    """How far that is ahead of this machine's."""


class Answer(socketserver.BaseRequestHandler):
    """Answers who asks for the time (SNTP, RFC 4330)."""

    server: TimeServer

    def handle(self) -> None:
        """Tell the time."""
        asked, socket = self.request
        socket.sendto(answer(asked, time.time() + self.server.ahead_s), self.client_address)


def answer(asked: bytes, at_s: float) -> bytes:
    """The packet that tells `at_s` (of 1970) to whoever sent the packet `asked`."""
    now = int((at_s + FROM_1900_TO_1970_S) * 2**32)
    version_4_of_a_server, primary, poll, precision = 0x24, 1, 6, -20
    sent_by_them = asked[40:48]
    return struct.pack(
        "!BBbbII4sQ8sQQ", version_4_of_a_server, primary, poll, precision, 0, 0, b"TEST", now, sent_by_them, now, now
    )


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, timeout=20)
