"""When somebody should look after a disk."""

import pytest

from kiosk.commands.storage import LEAST_FREE_BYTES, problems_of
from kiosk.store.wear import Wear

SOUND = Wear(free_bytes=LEAST_FREE_BYTES, errors=0, written_kib=1, life_used_tenths=9)
SILENT = Wear(free_bytes=LEAST_FREE_BYTES, errors=None, written_kib=None, life_used_tenths=None)


@pytest.mark.parametrize("wear", [SOUND, SILENT], ids=["sound", "silent"])
def test_nothing_is_to_be_done_about_a_disk_that_is_sound_or_silent(wear: Wear) -> None:
    assert problems_of(wear) == []


@pytest.mark.parametrize(
    ("wear", "word"),
    [
        (Wear(LEAST_FREE_BYTES - 1, 0, 1, 1), "full"),
        (Wear(LEAST_FREE_BYTES, 1, 1, 1), "errors"),
        (Wear(LEAST_FREE_BYTES, 0, 1, 10), "worn"),
    ],
    ids=["full", "errors", "worn"],
)
def test_a_disk_that_will_fail_is_said_in_time(wear: Wear, word: str) -> None:
    (problem,) = problems_of(wear)
    assert word in problem
