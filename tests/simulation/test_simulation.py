"""Nothing lost, nothing doubled, in every world: the fixed ones, and some that nobody has seen yet."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.simulation.plan import plan_of
from tests.simulation.running import run
from tests.simulation.worlds import report, run_seeds, smallest

ROOT = Path(__file__).parents[2]
FIXED = 45
FRESH = int(os.environ.get("KIOSK_FRESH_WORLDS", "15"))
"""Worlds of other numbers at each run; the longer one looks, the more one finds."""
AT_ONCE = 15
LONGEST_S = 45.0
"""A slow machine looks at fewer."""


def all_is_well(seeds: range) -> None:
    tally, bad = run_seeds(seeds, until_s=LONGEST_S)
    print(tally)
    if bad is not None:
        pytest.fail(report(smallest(bad)), pytrace=False)


@pytest.mark.parametrize("first", range(0, FIXED, AT_ONCE))
def test_all_is_well_in_the_worlds_that_everybody_sees(first: int) -> None:
    all_is_well(range(first, first + AT_ONCE))


@pytest.mark.parametrize("part", range(-(-FRESH // AT_ONCE)))
def test_all_is_well_in_worlds_that_nobody_has_seen(part: int) -> None:
    first = int.from_bytes(os.urandom(4), "big")
    all_is_well(range(first, first + min(AT_ONCE, FRESH - part * AT_ONCE)))


def test_one_number_is_one_world() -> None:
    plan = plan_of(10)
    assert run(plan).log == run(plan).log


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


def test_two_numbers_are_two_worlds() -> None:
    assert run(plan_of(10)).digest != run(plan_of(11)).digest
