"""The worlds can fail: each of these mistakes shows in one of a few."""

import re

import pytest

from tests.simulation.mistake import Mistake
from tests.simulation.mistakes import MISTAKES
from tests.simulation.mutants import hunt

WORLDS = 30


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.name)
def test_the_worlds_show_the_mistake(mistake: Mistake) -> None:
    found = hunt(mistake, first=mistake.from_seed, worlds=WORLDS)
    assert found is not None, f"{WORLDS} worlds are well"
    worlds, what = found
    print(f"{mistake.name}: seen in {worlds} worlds: {what.strip().splitlines()[0]}")
    assert re.search(mistake.shows, what), what
