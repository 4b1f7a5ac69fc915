"""What tells that the clock can be believed."""

import ctypes
import datetime as dt
import gc
import os
import struct
import time
from pathlib import Path

import pytest

from kiosk.clock import (
    SYNCHRONISATION_LASTS_S,
    SystemClock,
    kernel_clock_is_synchronised,
    to_milliseconds,
    was_synchronised,
)


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


def test_a_clock_that_is_set_while_it_is_read_is_never_both_wrong_and_trusted() -> None:
    set_at: list[dt.datetime] = []

    def is_set_now() -> bool:
        asked_at = milliseconds_now()
        while (now := milliseconds_now()) == asked_at:
            pass
        set_at.append(now)
        return True

    moment = SystemClock(is_synchronised=is_set_now).now()
    assert (moment.trusted, moment.utc >= set_at[0]) == (True, True)


def milliseconds_now() -> dt.datetime:
    return to_milliseconds(dt.datetime.now(dt.UTC))


STATUS_AT = 40
"""Of struct timex behind modes, offset, freq, maxerror and esterror, where a long has 8 bytes (adjtimex(2))."""
NOT_SYNCHRONISED = 0x0040
LONG_BYTES = 8


@pytest.mark.skipif(ctypes.sizeof(ctypes.c_long) != LONG_BYTES, reason="the struct is another")
def test_the_kernels_word_on_its_clock_is_what_its_status_says() -> None:
    timex = ctypes.create_string_buffer(512)
    if ctypes.CDLL(None).adjtimex(timex) < 0:
        pytest.skip("the kernel may not be asked here")
    (status,) = struct.unpack_from("i", timex, STATUS_AT)
    assert kernel_clock_is_synchronised() is not bool(status & NOT_SYNCHRONISED)


def test_a_clock_that_is_asked_all_day_leaves_nothing_to_be_cleared_away() -> None:
    kernel_clock_is_synchronised()
    gc.collect()
    gc.disable()
    try:
        for _ in range(10):
            kernel_clock_is_synchronised()
        assert gc.collect() == 0
    finally:
        gc.enable()
