"""The worlds can fail: each of these mistakes shows in one of a few."""

import re

import pytest

from tests.simulation.mutants import MUTANTS, Mutant, hunt

WORLDS = 30


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_the_worlds_show_the_mistake(mutant: Mutant) -> None:
    found = hunt(mutant, first=mutant.from_seed, worlds=WORLDS)
    assert found is not None, f"{WORLDS} worlds are well"
    worlds, what = found
    print(f"{mutant.name}: seen in {worlds} worlds: {what.strip().splitlines()[0]}")
    assert re.search(mutant.shows, what), what
