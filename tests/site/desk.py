"""What is done at a kiosk's desk, and asked of it, as its own user."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator

from tests.site.container import Container

SCANS = "/var/lib/kiosk/scans"
CONFIRM = "KIOSKRECORD"
HAND_S = "1.2"
"""How quick a hand shows the same code again."""
PAGE = "http://127.0.0.1:8080/"


class KioskDesk:
    """Guards which cards were used, so that each is shown once."""

    def __init__(self, container: Container) -> None:
        """Sit down at the kiosk in `container`."""
        self._container = container
        self._cards: Iterator[str] = (f"DEMO-{number:05}-LISA" for number in itertools.count(1001))

    def lay_the_scanner(self) -> None:
        """Make the pipe that stands for a scanner, if it is not there."""
        self._container.run("runuser", "-u", "kiosk", "--", "sh", "-c", f"[ -p {SCANS} ] || mkfifo -m 600 {SCANS}")

    def kiosk(self, *words: str, check: bool = True) -> str:
        """What the kiosk's command prints."""
        return self._container.run("runuser", "-u", "kiosk", "--", "kiosk", *words, check=check).stdout

    def scan(self, code: str) -> None:
        """Let the scanner read `code`."""
        self._container.run("sh", "-c", f"echo {code} >{SCANS}")

    def uses(self) -> list[str]:
        """The id of every use that the kiosk ever recorded."""
        return [row["id"] for row in json.loads(self.kiosk("queue", "list", "--all", "--json"))]

    def until_it_serves(self) -> None:
        """Wait for the page."""
        self._container.until("the desk", "curl", "-sf", "-o", "/dev/null", PAGE)

    def use_a_card(self) -> str:
        """A card whose use was recorded, whether or not the register can be reached."""
        before = len(self.uses())
        self.until_it_serves()
        self.scan(card := next(self._cards))
        for _ in range(40):
            self.scan(CONFIRM)
            # Within a second the same code is the one that still lies there; the first may have come before the card.
            self._container.run("sleep", HAND_S)
            if len(self.uses()) > before:
                return card
        raise AssertionError("no use was recorded")

    def until_delivered(self) -> None:
        """Wait until nothing waits for the register."""
        self._container.until(
            "the delivery", "sh", "-c", "runuser -u kiosk -- kiosk queue --json | grep -q '\"waiting\": 0'"
        )
