"""The venue's network: a cable to a container, and what a machine at its other end can reach."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.site.container import Container

KIOSK, TABLET, STRANGER = "192.0.2.2", "192.0.2.10", "192.0.2.66"
"""Addresses on it; the tablet is one that the inventory names."""
KNOCK, PING = Path(__file__).parent / "knock.py", Path(__file__).parent / "ping.py"


@dataclass(frozen=True, slots=True)
class Outside:
    """A machine with two addresses, in a network of its own."""

    network_of: int
    """A process in that network."""

    def reached(self, ports: Sequence[int], source: str) -> list[int]:
        """Those of the kiosk's `ports` that answer when `source` knocks, be it with a refusal; in their order."""
        answered: list[int] = json.loads(self._told(KNOCK, source, KIOSK, *map(str, ports)))
        return answered

    def pinged(self, count: int, source: str) -> int:
        """How many of `count` pings that `source` sends at once the kiosk answers."""
        return int(self._told(PING, source, KIOSK, str(count)))

    def _told(self, program: Path, *words: str) -> bytes:
        there = ["nsenter", "-t", str(self.network_of), "-n", sys.executable, str(program), *words]
        return subprocess.run(there, capture_output=True, check=True, timeout=60).stdout


@contextlib.contextmanager
def outside(container: Container) -> Iterator[Outside]:
    """A cable between `container` and a machine outside; both ends are gone afterwards."""
    with subprocess.Popen(
        ["unshare", "--net", "sh", "-c", "echo; exec sleep infinity"], stdout=subprocess.PIPE
    ) as host:
        assert host.stdout is not None
        host.stdout.readline()
        there = f"nsenter -t {host.pid} -n ip"
        here = f"nsenter -t {container.init} -n ip"
        try:
            for words in (
                f"{here} link add name venue type veth peer name cable netns {host.pid}",
                f"{here} address add {KIOSK}/24 dev venue",
                f"{here} link set venue up",
                f"{there} address add {TABLET}/24 dev cable",
                f"{there} address add {STRANGER}/24 dev cable",
                f"{there} link set cable up",
            ):
                subprocess.run(words.split(), check=True)
            yield Outside(host.pid)
        finally:
            host.kill()
