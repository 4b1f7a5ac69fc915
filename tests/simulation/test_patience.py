"""No world keeps its number to itself: not one that takes for ever, and not one that ends before its time."""

from __future__ import annotations

import asyncio
import contextlib
import re
from types import SimpleNamespace
from typing import Any

import pytest

from tests.simulation.conftest import pytest_terminal_summary
from tests.simulation.plan import plan_of
from tests.simulation.running import run
from tests.simulation.tally import TALLY, WRONG, Tally
from tests.simulation.told import Told
from tests.simulation.world import World
from tests.simulation.worlds import report

SHORT_S = 0.1


class OnFire(Exception):
    """Ends a world."""


class PulledAway(BaseException):
    """Ends everything, as pytest's own timer does."""


async def stand_still(_: World) -> None:
    """Take one turn after the other at one instant."""
    loop = asyncio.get_running_loop()

    def again() -> None:
        loop.call_soon(again)

    loop.call_later(1.5, again)
    await asyncio.Event().wait()


async def never_come_back(_: World) -> None:
    """Take one turn for ever, and live on after every error."""
    while True:
        with contextlib.suppress(Exception):
            sum(range(1000))


async def catch_fire(_: World) -> None:
    async with asyncio.TaskGroup():
        raise OnFire("the house\nburns")


async def be_pulled_away(_: World) -> None:
    raise PulledAway


def test_a_world_in_which_time_stands_still_is_wrong_and_says_where_it_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(World, "live", stand_still)
    (wrong,) = run(plan_of(3), longest_s=SHORT_S).wrong
    assert re.fullmatch(
        r"it takes longer than 0\.1 s of a core: at 1\.500 s, after (\d+) turns, \d+ of them at this instant, "
        r"(nobody's turn|the turn of 'Task-\d+'); it is in .*_run_once \(tests/simulation/loop\.py:\d+\).*",
        wrong,
    )


def test_a_turn_that_never_ends_is_ended_and_says_whose_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(World, "live", never_come_back)
    (wrong,) = run(plan_of(3), longest_s=SHORT_S).wrong
    assert re.fullmatch(
        r"it takes longer than 0\.1 s of a core: at 0\.000 s, after 1 turns, 1 of them at this instant, "
        r"the turn of 'Task-\d+'; it is in .*never_come_back \(tests/simulation/test_patience\.py:\d+\).*",
        wrong,
    )


def test_a_world_that_ends_by_an_error_is_wrong_and_says_where(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(World, "live", catch_fire)
    line = catch_fire.__code__.co_firstlineno + 2
    assert run(plan_of(3)).wrong == [
        rf"it ended: OnFire('the house\nburns') in catch_fire (tests/simulation/test_patience.py:{line})"
    ]


def test_whoever_ends_all_worlds_is_told_which_was_under_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(World, "live", be_pulled_away)
    with pytest.raises(PulledAway) as caught:
        run(plan_of(3))
    (note,) = caught.value.__notes__
    assert re.fullmatch(r"seed 3 was under way: at 0\.000 s, after \d turns, \d of them at this instant, .*", note)


def test_the_first_line_of_a_report_has_the_number_and_what_is_wrong() -> None:
    told = Told(plan_of(4711), wrong=["the queues do not empty", "and more"])
    assert report(told).splitlines()[:2] == ["seed 4711 is wrong: the queues do not empty", "  and more"]


def test_the_numbers_of_wrong_worlds_stand_below_everything() -> None:
    def report_of(when: str, *told: tuple[str, object]) -> SimpleNamespace:
        return SimpleNamespace(when=when, user_properties=told)

    wrong = (WRONG, "seed 7 is wrong: the queues do not empty")
    reports = {
        "passed": [report_of("call", (TALLY, Tally(25).as_values()))],
        "failed": [report_of("call", (TALLY, Tally(3).as_values()), wrong), report_of("teardown", wrong)],
    }
    lines: list[str] = []
    reporter: Any = SimpleNamespace(getreports=reports.__getitem__, write_line=lines.append)
    hook = pytest_terminal_summary(reporter)
    next(hook)
    lines.append("the short summary")
    next(hook, None)
    assert [lines[0], lines[1][:17], *lines[2:]] == ["the short summary", "worlds: 28 worlds", wrong[1]]
