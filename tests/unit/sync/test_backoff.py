"""Pauses after failures."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kiosk.sync.backoff import Backoff, delay_s

DEFAULT = Backoff()
ALWAYS_LONGEST = 1.0 - 2**-53
chance = st.floats(0, 1, exclude_max=True)


def test_the_ceiling_doubles_with_each_failure_up_to_five_minutes() -> None:
    ceilings = [round(delay_s(DEFAULT, failures, lambda: ALWAYS_LONGEST)) for failures in range(1, 12)]
    assert ceilings == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]


def test_the_register_s_wish_is_the_floor_and_jitter_comes_on_top() -> None:
    assert delay_s(DEFAULT, 1, lambda: 0.5, retry_after_s=30) == 30.5


def test_a_wish_for_more_than_an_hour_is_taken_as_an_hour() -> None:
    assert delay_s(DEFAULT, 1, lambda: 0.0, retry_after_s=10**9) == 3600


@given(failures=st.integers(-5, 10**6), luck=chance, wish=st.none() | st.floats(-1e9, 1e9))
def test_a_pause_is_never_shorter_than_the_wish_nor_longer_than_both_limits(
    failures: int, luck: float, wish: float | None
) -> None:
    pause = delay_s(DEFAULT, failures, lambda: luck, retry_after_s=wish)
    floor = min(max(wish or 0, 0), DEFAULT.longest_retry_after_s)
    assert floor <= pause <= floor + DEFAULT.longest_s


@given(failures=st.integers(1, 60), luck=chance, first=st.floats(0.01, 10), longest=st.floats(10, 1000))
def test_with_the_same_luck_more_failures_never_mean_a_shorter_pause(
    failures: int, luck: float, first: float, longest: float
) -> None:
    backoff = Backoff(first_s=first, longest_s=longest)
    assert delay_s(backoff, failures, lambda: luck) <= delay_s(backoff, failures + 1, lambda: luck)
