"""Announcements as JSON lines, through real files and FIFOs."""

import contextlib
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.cards.desk_state import Desk
from kiosk.errors import DeviceError
from kiosk.feedback.lines import LineAnnouncer
from tests.support import desks
from tests.unit.cards.examples import a_use


async def test_a_line_says_how_the_desk_is_and_nothing_of_the_card(tmp_path: Path) -> None:
    target = tmp_path / "lines"
    announcer = LineAnnouncer(str(target))
    await announcer.announce(desks.presented("p1", quota_used=6))
    await announcer.announce(desks.recorded("p2"))
    announcer.tell({"online": True})
    announcer.close()
    assert [json.loads(line) for line in target.read_text().splitlines()] == [
        {
            "about": "desk",
            "phase": "presented",
            "locked": False,
            "notice": None,
            "why": None,
            "presentation": "p1",
            "answer": "ask",
            "reasons": ["quota-full"],
            "recorded": None,
            "undoable": [],
            "tray": [],
        },
        {
            "about": "desk",
            "phase": "recorded",
            "locked": False,
            "notice": None,
            "why": None,
            "presentation": None,
            "answer": None,
            "reasons": [],
            "recorded": "p2",
            "undoable": ["p2"],
            "tray": [],
        },
        {"about": "surroundings", "online": True},
    ]


async def test_a_fifo_that_nobody_reads_is_an_error_and_not_a_wait_and_works_when_somebody_does(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    announcer = LineAnnouncer(str(fifo))
    with pytest.raises(DeviceError, match="announcements cannot be written"):
        await announcer.announce(desks.ready())
    reader = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    await announcer.announce(desks.ready())
    assert json.loads(os.read(reader, 4096))["phase"] == "ready"
    os.close(reader)
    with pytest.raises(DeviceError):
        await announcer.announce(desks.ready())
    announcer.close()


async def test_a_reader_that_does_not_keep_up_is_an_error_and_no_wait_and_gets_whole_lines_afterwards(
    tmp_path: Path,
) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    reader = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    announcer = LineAnnouncer(str(fifo))
    # Longer than what a pipe takes at once, so that the last of them is torn.
    undoable = replace(desks.ready(), undoable=tuple(a_use(f"use {number:0200}") for number in range(45)))
    with pytest.raises(DeviceError, match="its reader does not keep up"):
        await announce_many(announcer, undoable)
    heard = drained(reader)
    await announcer.announce(desks.out_of_service())
    announcer.close()
    lines = [json.loads(line) for line in (heard + drained(reader)).splitlines()]
    os.close(reader)
    phases = [line["phase"] for line in lines]
    assert phases == ["ready"] * (len(lines) - 1) + ["out-of-service"]


async def announce_many(announcer: LineAnnouncer, desk: Desk) -> None:
    for _ in range(1000):
        await announcer.announce(desk)


def test_standard_output_that_nobody_reads_does_not_stop_the_desk() -> None:
    reader, writer = os.pipe()
    script = """
import asyncio
from kiosk.errors import DeviceError
from kiosk.feedback.lines import LineAnnouncer
from kiosk.cards.desk_state import Desk
announcer = LineAnnouncer("-")
try:
    for _ in range(10_000):
        asyncio.run(announcer.announce(Desk(out_of_service_why="x" * 9000)))
except DeviceError as error:
    raise SystemExit(str(error))
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        stdout=writer,
        stderr=subprocess.PIPE,
        text=True,
        timeout=30,
        check=False,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
    )
    os.close(writer)
    assert done.stderr == "announcements cannot be written to -: its reader does not keep up\n"
    *whole, torn = drained(reader).split(b"\n")
    assert {json.loads(line)["phase"] for line in whole} == {"ready"}
    assert torn
    os.close(reader)


def drained(reader: int) -> bytes:
    """All that lies in the pipe."""
    os.set_blocking(reader, False)
    read = b""
    with contextlib.suppress(BlockingIOError):
        while chunk := os.read(reader, 65_536):
            read += chunk
    return read
