"""What is in flight, seen from other programs: true only while the sender lives."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.store.sending import InFlight, SendingNote, in_flight
from tests.edge.store.samples import NOON

SENDER = """
import datetime as dt, sys
from pathlib import Path
from kiosk.store.sending import SendingNote
note = SendingNote(Path(sys.argv[1]))
note.tell([3, 4], dt.datetime(2026, 3, 14, 10, tzinfo=dt.UTC))
print("sent", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "kiosk.sending"


def test_what_a_living_sender_sends_is_in_flight_until_its_answer_comes(path: Path) -> None:
    assert in_flight(path) is None
    with SendingNote(path) as note:
        note.tell([7, 8, 12], NOON)
        assert in_flight(path) == InFlight(frozenset({7, 8, 12}), NOON)
        note.tell([], NOON)
        assert in_flight(path) is None


def test_nothing_is_in_flight_after_the_sender_was_killed(path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", SENDER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as sender:
        assert sender.stdout is not None
        assert sender.stdout.readline() == "sent\n"
        assert in_flight(path) == InFlight(frozenset({3, 4}), NOON)
        sender.kill()
        sender.wait()
        assert path.stat().st_size > 0
        assert in_flight(path) is None


def test_looking_takes_nothing_from_the_sender(path: Path) -> None:
    with SendingNote(path) as note:
        assert in_flight(path) is None
        note.tell([1], NOON)
        assert in_flight(path) == in_flight(path) == InFlight(frozenset({1}), NOON)


def test_a_note_that_cannot_be_written_stops_nobody(tmp_path: Path) -> None:
    with SendingNote(tmp_path / "not there" / "kiosk.sending") as note:
        note.tell([1], NOON)
    assert in_flight(tmp_path / "not there" / "kiosk.sending") is None


def test_half_a_note_says_nothing(path: Path) -> None:
    with SendingNote(path) as note:
        note.tell([1, 2], NOON)
        with path.open("r+b") as file:
            file.truncate(5)
        assert in_flight(path) is None
