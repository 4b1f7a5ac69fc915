"""What tells that the clock can be believed."""

import os
import time
from pathlib import Path

import pytest

from kiosk.clock import SYNCHRONISATION_LASTS_S, was_synchronised


@pytest.mark.parametrize(
    ("age_s", "believed"),
    [(5, True), (SYNCHRONISATION_LASTS_S - 60, True), (SYNCHRONISATION_LASTS_S + 60, False), (-3600, False)],
    ids=["just set", "almost a week ago", "too long ago", "the clock went back behind it"],
)
def test_a_clock_set_from_the_network_is_believed_for_a_week(tmp_path: Path, age_s: float, believed: bool) -> None:
    file = tmp_path / "synchronized"
    file.touch()
    at = time.time() - age_s
    os.utime(file, (at, at))
    assert was_synchronised(file) is believed


def test_a_clock_that_was_never_set_in_this_boot_is_not_believed(tmp_path: Path) -> None:
    assert not was_synchronised(tmp_path / "synchronized")
