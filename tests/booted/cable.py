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
    """Guards whether the two hear each other; the machine's own end stays up, as that of a switch does."""

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
        made = Cable()
        made.plug_in()
        with socketserver.UDPServer((HOST, NTP_PORT), TimeServer) as server:
            serving = threading.Thread(target=server.serve_forever, daemon=True)
            serving.start()
            try:
                yield made
            finally:
                server.shutdown()
                serving.join()
    finally:
        _ip("link", "delete", CARD)


class TimeServer(socketserver.BaseRequestHandler):
    """Answers who asks for the time (SNTP, RFC 4330)."""

    def handle(self) -> None:
        """Tell the time of this machine."""
        asked, socket = self.request
        socket.sendto(answer(asked, time.time()), self.client_address)


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
