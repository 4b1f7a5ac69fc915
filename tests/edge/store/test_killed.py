"""A process killed while it records: what it said is recorded is there, once, and waits for the register."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

from kiosk.store.database import Database
from kiosk.store.ledger import Ledger
from kiosk.store.outbox import Outbox
from tests.edge.store import recorder
from tests.edge.store.samples import DAY

ROUNDS = 10
MOST_RECORDS = 40
SLACK = 2
"""Records that may be on the disk although nobody heard of it: one being said, one being written."""


def record_until_killed(path: Path, first: int, words: int) -> list[str]:
    """Kill a recorder after `words` of its words; everything that it has said, also what lay in the pipe."""
    process = subprocess.Popen(
        [sys.executable, recorder.__file__, str(path), str(first)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        text=True,
    )
    assert process.stdout is not None
    try:
        said = [process.stdout.readline() for _ in range(words)]
        process.kill()
        said += process.stdout.readlines()
    finally:
        process.kill()
        process.stdout.close()
        process.wait()
    return [word.split()[1] for word in said if word.endswith("\n")]


async def test_what_was_said_to_be_recorded_survives_sigkill(path: Path) -> None:
    chance = random.Random()
    said: list[str] = []
    for round_number in range(ROUNDS):
        words = chance.randint(1, MOST_RECORDS)
        said += record_until_killed(path, 1 + round_number * 10_000, words)
        db = Database.open(path, kept_free_bytes=0)
        try:
            waiting = [parcel.item.id for parcel in await Outbox(db).due(DAY[1], 1_000_000)]
            uses = await Ledger(db).uses_of_day(*DAY)
        finally:
            db.close()
        assert len(waiting) == len(set(waiting))
        assert set(said) <= set(waiting)
        assert len(waiting) <= len(said) + SLACK * (round_number + 1)
        annulled = [each for each in uses if each.annulled_at is not None]
        assert len(uses) + len(annulled) == len(waiting)
