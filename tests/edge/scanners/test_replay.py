"""Lines from real files, FIFOs and pipes."""

import asyncio
import contextlib
import os
import pty
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from kiosk.cards.model import Scan
from kiosk.health import Health
from kiosk.scanners.lines import MAX_LINE_BYTES
from kiosk.scanners.replay import LineScanner
from tests.support.clock import FixedClock


class Desk:
    """Takes scans."""

    def __init__(self) -> None:
        self.scans: asyncio.Queue[str] = asyncio.Queue()
        self.health = Health(FixedClock())
        self.free = asyncio.Event()
        self.free.set()
        self.looked = asyncio.Event()
        self.again = asyncio.Semaphore(0)

    async def scan(self, scan: Scan) -> None:
        self.scans.put_nowait(scan.text)
        await self.free.wait()

    async def next(self) -> str:
        async with asyncio.timeout(10):
            return await self.scans.get()

    async def pause(self, _: float) -> None:
        self.looked.set()
        await self.again.acquire()


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    desk = Desk()
    yield desk
    for task in asyncio.all_tasks() - {asyncio.current_task()}:
        if task.get_name() == "scanner":
            task.cancel()
            await asyncio.wait({task})


def run(path: Path, desk: Desk) -> asyncio.Task[None]:
    return asyncio.create_task(LineScanner(str(path), desk, desk.health, pause=desk.pause).run(), name="scanner")


async def test_a_file_is_read_once_to_its_end_and_the_scanner_goes_on(tmp_path: Path, desk: Desk) -> None:
    file = tmp_path / "scans"
    file.write_bytes(b"one\r\ntwo\nthree")
    running = run(file, desk)
    assert [await desk.next() for _ in range(3)] == ["one", "two", "three"]
    assert not running.done()


async def test_a_fifo_outlives_its_writers(tmp_path: Path, desk: Desk) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    running = run(fifo, desk)
    for text in ("one", "two"):
        # Opening waits for the reader, as a shell's `echo > fifo` does; closing is a writer that goes away.
        await asyncio.to_thread(fifo.write_text, f"{text}\n")
        assert await desk.next() == text
    assert not running.done()


async def test_what_a_writer_leaves_unfinished_is_its_own_line(tmp_path: Path, desk: Desk) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    run(fifo, desk)
    for text in ("no end", "nor here"):
        await asyncio.to_thread(fifo.write_text, text)
        assert await desk.next() == text


async def test_a_writer_that_comes_and_goes_before_the_fifo_is_opened_anew_is_read(tmp_path: Path, desk: Desk) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    run(fifo, desk)
    desk.free.clear()
    await asyncio.to_thread(fifo.write_text, "one")
    # Without its end, it was handed over because its writer had gone; the desk is busy with it.
    assert await desk.next() == "one"
    await asyncio.to_thread(fifo.write_text, "two")
    desk.free.set()
    assert await desk.next() == "two"


async def test_writers_that_come_and_go_while_a_card_is_answered_lose_nothing(tmp_path: Path, desk: Desk) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    run(fifo, desk)
    desk.free.clear()
    texts = [f"code {number}" for number in range(20)]
    for position, text in enumerate(texts):
        await asyncio.to_thread(fifo.write_text, f"{text}\n")
        if position == 0:
            assert await desk.next() == text
    desk.free.set()
    assert [await desk.next() for _ in texts[1:]] == texts[1:]


async def test_what_lies_unread_while_a_card_is_answered_does_not_keep_the_loop_busy(
    tmp_path: Path, desk: Desk
) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    run(fifo, desk)
    desk.free.clear()
    writer = await asyncio.to_thread(os.open, fifo, os.O_WRONLY)
    os.write(writer, b"one\n")
    assert await desk.next() == "one"
    os.write(writer, b"two\n")
    loop = asyncio.get_running_loop()
    assert loop._selector.select(0) == []  # type: ignore[attr-defined]  # what would wake it again and again
    desk.free.set()
    assert await desk.next() == "two"
    os.close(writer)


async def test_a_code_in_two_pieces_is_one_code_and_an_overlong_one_is_cut(tmp_path: Path, desk: Desk) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    run(fifo, desk)
    writer = await asyncio.to_thread(os.open, fifo, os.O_WRONLY)
    for piece in (b"half ", b"and half\n", b"x" * 50_000 + b"\n"):
        await asyncio.to_thread(os.write, writer, piece)
    os.close(writer)
    assert [await desk.next(), await desk.next()] == ["half and half", "x" * MAX_LINE_BYTES]


async def test_a_file_that_is_not_there_is_said_and_tried_again(tmp_path: Path, desk: Desk) -> None:
    file = tmp_path / "late"
    run(file, desk)
    await desk.looked.wait()
    name = f"scanner {file}"
    assert desk.health.parts()[name].why == f"{file} cannot be read: No such file or directory"
    file.write_text("one\n")
    desk.again.release()
    assert await desk.next() == "one"
    assert desk.health.parts()[name].ok


async def test_a_folder_is_no_scanner_and_said(tmp_path: Path, desk: Desk) -> None:
    run(tmp_path, desk)
    await desk.looked.wait()
    assert desk.health.parts()[f"scanner {tmp_path}"].why == f"{tmp_path} cannot be read: Is a directory"


async def test_no_thread_and_no_open_file_is_left_behind(tmp_path: Path, desk: Desk) -> None:
    file, fifo = tmp_path / "scans", tmp_path / "fifo"
    file.write_text("one\n")
    os.mkfifo(fifo)
    files, threads = open_files(), set(threading.enumerate())
    for path in (file, fifo):
        running = run(path, desk)
        if path == file:
            assert await desk.next() == "one"
        else:
            await asyncio.to_thread(fifo.write_text, "two\n")
            assert await desk.next() == "two"
        running.cancel()
        await asyncio.wait({running})
    await asyncio.get_running_loop().shutdown_default_executor()
    assert (open_files(), set(threading.enumerate())) == (files, threads)


def open_files() -> set[str]:
    """What this process holds open, but for the folder in which that is looked up."""
    return {str(link) for link in Path("/proc/self/fd").iterdir() if link.exists()}


READER = """
import asyncio, os, sys
from kiosk.clock import SystemClock
from kiosk.health import Health
from kiosk.scanners.replay import LineScanner

class Desk:
    async def scan(self, scan):
        print(scan.text, os.get_blocking(0), flush=True)

async def main():
    running = asyncio.create_task(LineScanner("-", Desk(), Health(SystemClock())).run())
    await asyncio.wait({running}, timeout=0.5)
    print("idle" if not running.done() else "ended", flush=True)
    running.cancel()

asyncio.run(main())
"""


@contextlib.contextmanager
def standard_input(kind: str, folder: Path) -> Iterator[int]:
    """A descriptor of this `kind` that says two lines and, but for the terminal, ends."""
    said = b"one\ntwo\n"
    match kind:
        case "a file":
            (folder / "scans").write_bytes(said)
            ours, theirs = None, os.open(folder / "scans", os.O_RDONLY)
        case "a pipe":
            theirs, ours = os.pipe()
            os.write(ours, said)
            os.close(ours)
            ours = None
        case "a terminal":
            ours, theirs = pty.openpty()
            os.write(ours, said)
        case _:
            ours, theirs = None, os.open(os.devnull, os.O_RDONLY)
    try:
        yield theirs
    finally:
        for descriptor in (ours, theirs):
            if descriptor is not None:
                os.close(descriptor)


@pytest.mark.parametrize("kind", ["a file", "a pipe", "a terminal"])
def test_standard_input_of_every_kind_is_read_left_blocking_and_then_idle(kind: str, tmp_path: Path) -> None:
    with standard_input(kind, tmp_path) as descriptor:
        assert reader_says(descriptor) == ["one True", "two True", "idle"]


def test_no_standard_input_is_no_scans_and_no_end(tmp_path: Path) -> None:
    with standard_input("nothing", tmp_path) as descriptor:
        assert reader_says(descriptor) == ["idle"]


def reader_says(stdin: int) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", READER],
        stdin=stdin,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
    )
    assert done.stderr == ""
    return done.stdout.splitlines()
