"""Nothing lost, nothing doubled, in every world: the fixed ones, and some that nobody has seen yet."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.simulation.patience import LONGEST_WORLD_S
from tests.simulation.plan import Plan, plan_of
from tests.simulation.running import run
from tests.simulation.tally import TALLY, WRONG
from tests.simulation.worlds import LONGEST_SEARCH_S, headline, report, run_seeds, smallest

ROOT = Path(__file__).parents[2]
FIXED = 300
FRESH = int(os.environ.get("KIOSK_FRESH_WORLDS", "200"))
"""Worlds of other numbers at each run; the longer one looks, the more one finds."""
AT_ONCE = 25
LONGEST_S = 200.0
"""Ten times what so many worlds take: a slow machine takes longer, and looks at all of them or fails."""
AND_SMALLER_S = LONGEST_S + LONGEST_SEARCH_S + 2 * LONGEST_WORLD_S + 30.0
"""With the search for a smaller world that is wrong too; each of the two may begin one more in its last moment."""
Tell = Callable[[str, object], None]


def all_is_well(seeds: range, tell: Tell, *, within_s: float = LONGEST_S) -> None:
    tally, bad = run_seeds(seeds, until_s=within_s)
    tell(TALLY, tally.as_values())
    if bad is not None:
        tell(WRONG, headline(bad))
        pytest.fail(report(smallest(bad)), pytrace=False)
    if tally.worlds < len(seeds):
        slowest_s, slowest = tally.worst
        words = (
            f"only {tally.worlds} of {len(seeds)} worlds in {within_s:.0f} s, {tally.core_s:.0f} of them of a core: "
            f"seed {seeds[tally.worlds - 1]} was under way then, and the slowest was seed {slowest} ({slowest_s:.1f} s)"
        )
        tell(WRONG, words)
        pytest.fail(words, pytrace=False)


@pytest.mark.timeout(AND_SMALLER_S)
@pytest.mark.parametrize("first", range(0, FIXED, AT_ONCE))
def test_all_is_well_in_the_worlds_that_everybody_sees(first: int, record_property: Tell) -> None:
    all_is_well(range(first, first + AT_ONCE), record_property)


@pytest.mark.timeout(AND_SMALLER_S)
@pytest.mark.parametrize("part", range(-(-FRESH // AT_ONCE)))
def test_all_is_well_in_worlds_that_nobody_has_seen(part: int, record_property: Tell) -> None:
    first = int.from_bytes(os.urandom(4), "big")
    all_is_well(range(first, first + min(AT_ONCE, FRESH - part * AT_ONCE)), record_property)


@pytest.mark.parametrize(
    "plan",
    [pytest.param(Plan(1024, 1, 3, 90.0, ("kiosk-crashes",)), id="a kiosk dies between an undo and its word of it")],
)
def test_all_is_well_in_the_worlds_that_were_wrong_once(plan: Plan) -> None:
    assert run(plan).wrong == []


def test_a_machine_that_is_too_slow_for_all_the_worlds_fails() -> None:
    with pytest.raises(
        pytest.fail.Exception,
        match=r"only 1 of 2 worlds in 0 s, \d of them of a core: seed 7 was under way then, and the slowest was seed 7",
    ):
        all_is_well(range(7, 9), lambda *_: None, within_s=0.0)


def test_one_number_is_one_world() -> None:
    plan = plan_of(10)
    assert run(plan).log == run(plan).log


def test_one_number_is_one_world_wherever_in_memory_things_lie() -> None:
    plan = plan_of(15)
    assert len({run(plan).digest for _ in range(4)}) == 1


def test_one_number_is_one_world_in_every_process() -> None:
    said = {
        subprocess.run(
            [sys.executable, "-m", "tests.simulation", "--seed", "17"],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        ).stdout
        for hash_seed in ("1", "2")
    }
    assert len(said) == 1


def test_one_number_is_one_world_by_the_command_and_in_a_test() -> None:
    words = [sys.executable, "-m", "tests.simulation", "--seed", "6"]
    said = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60).stdout
    assert f"({run(plan_of(6)).digest})" in said


def test_many_at_once_are_the_same_worlds() -> None:
    (one, _), (two, _) = (run_seeds(range(3), jobs=jobs) for jobs in (1, 2))
    assert (one.worlds, one.count) == (two.worlds, two.count)


def test_two_numbers_are_two_worlds() -> None:
    assert run(plan_of(10)).digest != run(plan_of(11)).digest
