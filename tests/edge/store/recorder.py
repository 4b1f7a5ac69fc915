"""Records uses for ever and says each id once it is recorded; run by path, to be killed."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from kiosk.store.database import Database
from kiosk.store.ledger import Ledger
from tests.edge.store.samples import a_use, an_annulment


async def record_for_ever(path: Path, first: int) -> None:
    """Record uses number `first`, `first + 1`, …, and take back every fifth."""
    ledger = Ledger(Database.open(path, kept_free_bytes=0))
    number = first
    while True:
        use = a_use(number)
        await ledger.record(use)
        say("recorded", use.id)
        if number % 5 == 0:
            annulment = an_annulment(use, 1_000_000 + number)
            await ledger.annul(annulment)
            say("annulled", annulment.id)
        number += 1


def say(what: str, record_id: str) -> None:
    """Put the word in the pipe before anything else happens."""
    sys.stdout.write(f"{what} {record_id}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(record_for_ever(Path(sys.argv[1]), int(sys.argv[2])))
