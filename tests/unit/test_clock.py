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
    Synchronisation,
    SystemClock,
    booted_at_s,
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


YEAR_S = 365 * 24 * 3600


class Machine:
    """A machine in whose sandbox the kernel may not be asked, and the file that its time service touches."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "synchronized"
        self.standing = folder / "standing"
        self.stepped_s = 0.0
        self.start_the_kiosk()

    def start_the_kiosk(self) -> None:
        self.synchronisation = Synchronisation(
            self.file,
            kernel=lambda: False,
            booted_at_s=lambda: booted_at_s() + self.stepped_s,
            standing=self.standing,
        )

    def time_service_sets_clock(self, *, ago_s: float = 0.0) -> None:
        self.file.touch()
        at_ns = time.time_ns() - round(ago_s * 1e9)
        os.utime(self.file, ns=(at_ns, at_ns))


@pytest.mark.parametrize("by_s", [3, -3, 3 * 3600, -3 * 3600, YEAR_S, -YEAR_S])
def test_a_clock_that_somebody_sets_is_not_believed_until_it_is_set_from_the_network_again(
    by_s: float, tmp_path: Path
) -> None:
    machine = Machine(tmp_path)
    assert not machine.synchronisation()
    machine.time_service_sets_clock(ago_s=60)
    assert machine.synchronisation()
    machine.stepped_s = by_s
    assert not machine.synchronisation()
    assert not machine.synchronisation(), "as long as nobody puts it right"
    machine.time_service_sets_clock()
    assert machine.synchronisation()


def test_a_kiosk_that_is_started_anew_knows_that_somebody_set_the_clock(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    machine.time_service_sets_clock(ago_s=60)
    assert machine.synchronisation()
    machine.start_the_kiosk()
    assert machine.synchronisation(), "nobody has set it"
    machine.stepped_s = 3 * 3600
    machine.start_the_kiosk()
    assert not machine.synchronisation()
    machine.time_service_sets_clock()
    assert machine.synchronisation()
    machine.start_the_kiosk()
    assert machine.synchronisation(), "it stands as the network has set it last"


@pytest.mark.parametrize("note", ["", "12", "12 noon", "ö"])
def test_a_note_that_says_nothing_is_written_anew(tmp_path: Path, note: str) -> None:
    machine = Machine(tmp_path)
    machine.standing.write_text(note, encoding="utf-8")
    machine.time_service_sets_clock()
    assert machine.synchronisation()
    machine.stepped_s = 3 * 3600
    machine.start_the_kiosk()
    assert not machine.synchronisation()


def test_what_lies_where_a_note_is_begun_is_neither_followed_nor_in_the_way(tmp_path: Path) -> None:
    """A root that looks at the kiosk notes in a folder of the kiosk's user, and must write nowhere else."""
    machine = Machine(tmp_path)
    of_the_system = tmp_path / "passwd"
    of_the_system.write_text("root", encoding="ascii")
    machine.standing.with_suffix(".new").symlink_to(of_the_system)
    machine.time_service_sets_clock()
    assert machine.synchronisation()
    assert (of_the_system.read_text(encoding="ascii"), machine.standing.is_symlink()) == ("root", False)
    machine.stepped_s = 3 * 3600
    machine.start_the_kiosk()
    assert not machine.synchronisation()


def test_where_nothing_can_be_noted_each_kiosk_goes_by_what_it_sees_itself(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    machine.standing = tmp_path / "no such folder" / "standing"
    machine.start_the_kiosk()
    machine.time_service_sets_clock(ago_s=60)
    assert machine.synchronisation()
    machine.stepped_s = 3 * 3600
    assert not machine.synchronisation()
    machine.start_the_kiosk()
    assert machine.synchronisation()


def test_a_leap_second_and_the_time_service_s_own_step_are_no_reason_for_doubt(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    machine.time_service_sets_clock(ago_s=60)
    assert machine.synchronisation()
    machine.stepped_s = -1.0
    assert machine.synchronisation()
    machine.stepped_s = YEAR_S
    machine.time_service_sets_clock()
    assert machine.synchronisation()


def test_the_kernel_s_own_word_is_enough(tmp_path: Path) -> None:
    assert Synchronisation(tmp_path / "synchronized", kernel=lambda: True)()


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
