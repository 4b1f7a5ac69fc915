"""The voice runs a real program: what it is told, that the newest word replaces the one before, and what fails."""

from __future__ import annotations

import asyncio
import contextlib
import os
import resource
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from kiosk.cards.desk_state import Desk
from kiosk.feedback.voice import Saying, Voice
from tests.support import desks
from tests.support.ears import Ears, is_running


def saying(desk: Desk) -> Saying | None:
    return None if desk.presented is None else (desk.presented.id, f"-card {desk.presented.id}")


@contextlib.asynccontextmanager
async def speaking(ears: Ears, **more: float) -> AsyncIterator[Voice]:
    voice = Voice(str(ears.program), "fi", saying, ears.health, **more)
    serving = asyncio.create_task(voice.run())
    try:
        yield voice
    finally:
        serving.cancel()
        await asyncio.wait({serving})
        ears.close()


def be_late_until_the_end_of(pid: int) -> None:
    """Keep the loop busy meanwhile, as decoding does: it hears of the end and of the next word in one turn."""
    with contextlib.suppress(ChildProcessError):  # the thread that waits for it was faster
        os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)


@contextlib.contextmanager
def no_file_left_to_open() -> Iterator[None]:
    """What is open stays so."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


async def test_each_card_is_said_once_and_the_same_words_of_the_next_card_again(tmp_path: Path) -> None:
    ears = Ears(tmp_path)
    async with speaking(ears) as voice:
        for name in ("p1", "p1", "p2"):
            await voice.announce(desks.presented(name))
            if name == "p1":
                await ears.until_health(ok=True)
        await ears.until_health(ok=True)
        told = [(await ears.hear())[1:] for _ in range(2)]
        assert told == [["-v", "fi", "--", "-card p1"], ["-v", "fi", "--", "-card p2"]]
        await voice.announce(desks.ready())
        await voice.announce(desks.presented("p2"))
        assert (await ears.hear())[-1] == "-card p2"


async def test_the_newest_word_replaces_the_one_that_is_being_said(tmp_path: Path) -> None:
    ears = Ears(tmp_path, then="signal.pause()")
    async with speaking(ears) as voice:
        await voice.announce(desks.presented("p1"))
        first, *_ = await ears.hear()
        assert is_running(first)
        await voice.announce(desks.presented("p2"))
        second, *told = await ears.hear()
        assert (is_running(first), is_running(second), told[-1]) == (False, True, "-card p2")
    assert not is_running(second), "nothing goes on speaking when the kiosk stops"


async def test_a_word_that_comes_while_the_one_before_ends_stops_nothing(tmp_path: Path) -> None:
    ears = Ears(tmp_path)
    async with speaking(ears) as voice:
        for turns in range(24):
            await voice.announce(desks.presented(f"before{turns}"))
            ended, *_ = await ears.hear()
            be_late_until_the_end_of(int(ended))
            for _ in range(turns % 12):
                await asyncio.sleep(0)
            await voice.announce(desks.presented(f"after{turns}"))
            assert (await ears.hear())[-1] == f"-card after{turns}"
            await ears.until_health(ok=True)


async def test_speech_dispatcher_has_arguments_of_its_own(tmp_path: Path) -> None:
    ears = Ears(tmp_path, name="spd-say")
    async with speaking(ears) as voice:
        assert (await ears.hear())[1:] == ["--cancel"], "before the first word, so that it is there for that"
        await voice.announce(desks.presented("p1"))
        assert (await ears.hear())[1:] == ["--wait", "--language", "fi", "--", "-card p1"]


async def test_a_program_that_is_missing_is_said_before_the_first_card_and_stops_nothing(tmp_path: Path) -> None:
    ears = Ears(tmp_path)
    ears.program.unlink()
    async with speaking(ears) as voice:
        assert await ears.until_health(ok=False) == f"The program {ears.program} is not installed."
        await voice.announce(desks.presented("p1"))
        await ears.health.until(ok=False, why=f"The program {ears.program} cannot be run: No such file or directory.")
        ears.program.write_text("#!/bin/sh\n")
        ears.program.chmod(0o755)
        await voice.announce(desks.presented("p2"))
        await ears.until_health(ok=True)


async def test_a_kiosk_that_can_open_no_more_files_is_silent_for_so_long_and_goes_on(tmp_path: Path) -> None:
    ears = Ears(tmp_path)
    async with speaking(ears) as voice:
        with no_file_left_to_open():
            await voice.announce(desks.presented("p1"))
            await ears.health.until(ok=False, why=f"The program {ears.program} cannot be run: Too many open files.")
        await voice.announce(desks.presented("p2"))
        await ears.until_health(ok=True)


@pytest.mark.parametrize(
    ("then", "why"), [("sys.exit(3)", "ended with 3"), ("signal.pause()", "did not end: it was stopped")]
)
async def test_a_program_that_fails_or_hangs_is_said(tmp_path: Path, then: str, why: str) -> None:
    ears = Ears(tmp_path, then=then)
    async with speaking(ears, longest_s=1.0) as voice:
        await voice.announce(desks.presented("p1"))
        assert await ears.until_health(ok=False) == f"The program {ears.program} {why}."
