"""The mistakes that the worlds must show still have their place in the code: said in a second, not after the worlds."""

from pathlib import Path

import pytest

from tests.simulation.mistake import Mistake
from tests.simulation.mistakes import MISTAKES

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.name)
def test_the_code_that_a_mistake_changes_stands_once_in_its_file(mistake: Mistake) -> None:
    text = (ROOT / mistake.file).read_text(encoding="utf-8")
    assert text.count(mistake.right) == 1
    assert mistake.wrong != mistake.right
