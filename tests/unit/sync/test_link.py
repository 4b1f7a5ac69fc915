"""Online or offline."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.sync.link import Link


def fed(results: str) -> Link:
    """A link after `results`: + worked, - failed."""
    link = Link()
    for result in results:
        link.worked() if result == "+" else link.failed()
    return link


@pytest.mark.parametrize(
    ("results", "online"),
    [
        ("", False),
        ("+", False),
        ("++", True),
        ("+-+", False),
        ("+-++", True),
        ("++-", True),
        ("++--", True),
        ("++-+-+", True),
        ("++---", False),
        ("++-+-+-", False),
        ("++-++-++-++-", True),
        ("++---+", False),
        ("++---++", True),
        ("++---++-", True),
        ("-----++", True),
        ("-----++-", True),
    ],
)
def test_one_result_changes_nothing_and_several_do(results: str, online: bool) -> None:
    assert fed(results).online is online


def test_observers_hear_of_changes_and_of_nothing_else() -> None:
    link = Link()
    heard: list[bool] = []
    link.observe(heard.append)
    for result in "+++++--+---+-++":
        link.worked() if result == "+" else link.failed()
    assert heard == [True, False, True]


@given(st.text("+-", max_size=60))
def test_a_change_takes_at_least_two_results(results: str) -> None:
    states = [fed(results[:length]).online for length in range(len(results) + 1)]
    for before, between, after in zip(states, states[1:], states[2:], strict=False):
        assert not (before != between and between != after)
