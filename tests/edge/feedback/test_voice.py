"""The voice runs a real program: what it is told, that the newest word replaces the one before, and what fails."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from kiosk.cards.desk_state import Desk
from kiosk.feedback.voice import PART, Saying, Voice
from kiosk.health import Health
from tests.support import desks
from tests.support.clock import FixedClock

SPEAKER = """#!{python}
import json, os, signal, sys
with open({heard!r}, "a") as heard:
    heard.write(json.dumps([os.getpid(), *sys.argv[1:]]) + "\\n")
{then}
"""


class Ears:
    """A program in the place of espeak-ng, and what it was told."""

    def __init__(self, folder: Path, then: str = "", name: str = "espeak-ng") -> None:
        self.program = folder / name
        self._heard = folder / "heard"
        os.mkfifo(self._heard)
        self._end = os.open(self._heard, os.O_RDWR | os.O_NONBLOCK)
        self.program.write_text(SPEAKER.format(python=sys.executable, heard=str(self._heard), then=then))
        self.program.chmod(0o755)
        self.health = Health(FixedClock())
        self._changed = asyncio.Event()
        self.health.watch(self._changed.set)
        self.told: asyncio.Queue[list[str | int]] = asyncio.Queue()
        asyncio.get_running_loop().add_reader(self._end, self._read)

    def _read(self) -> None:
        for line in os.read(self._end, 65536).splitlines():
            self.told.put_nowait(json.loads(line))

    async def hear(self) -> list[str | int]:
        return await asyncio.wait_for(self.told.get(), 20)

    async def until_health(self, *, ok: bool) -> str | None:
        async with asyncio.timeout(20):
            while PART not in self.health.parts() or self.health.parts()[PART].ok is not ok:
                self._changed.clear()
                await self._changed.wait()
        return self.health.parts()[PART].why

    async def until_why(self, why: str) -> None:
        async with asyncio.timeout(20):
            while self.health.parts()[PART].why != why:
                self._changed.clear()
                await self._changed.wait()

    def close(self) -> None:
        asyncio.get_running_loop().remove_reader(self._end)
        os.close(self._end)


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


def is_running(pid: int | str) -> bool:
    return Path(f"/proc/{pid}").exists()


def be_late_until_the_end_of(pid: int) -> None:
    """Keep the loop busy meanwhile, as decoding does: it hears of the end and of the next word in one turn."""
    with contextlib.suppress(ChildProcessError):  # the thread that waits for it was faster
        os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)


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
        await voice.announce(desks.presented("p1"))
        assert (await ears.hear())[1:] == ["--wait", "--language", "fi", "--", "-card p1"]


async def test_a_program_that_is_missing_is_said_before_the_first_card_and_stops_nothing(tmp_path: Path) -> None:
    ears = Ears(tmp_path)
    ears.program.unlink()
    async with speaking(ears) as voice:
        assert await ears.until_health(ok=False) == f"The program {ears.program} is not installed."
        await voice.announce(desks.presented("p1"))
        await ears.until_why(f"The program {ears.program} cannot be run: No such file or directory.")
        ears.program.write_text("#!/bin/sh\n")
        ears.program.chmod(0o755)
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
