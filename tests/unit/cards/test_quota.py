"""The share of an event's places, and who takes of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.cards.model import Policy, QuotaRounding, Tickets
from kiosk.cards.quota import places_taken, quota_limit
from tests.unit.cards import strategies
from tests.unit.cards.examples import CONCERT

UP, DOWN, NEAREST = QuotaRounding.UP, QuotaRounding.DOWN, QuotaRounding.NEAREST


def limit(places: int | None, policy: Policy) -> int | None:
    """The quota of a concert with so many places."""
    return quota_limit(replace(CONCERT, places=places), policy)


@pytest.mark.parametrize(
    ("places", "rounding", "expected"),
    [
        (100, UP, 3),
        (101, UP, 4),
        (99, UP, 3),
        (200, UP, 6),
        (1, UP, 1),
        (101, DOWN, 3),
        (133, DOWN, 3),
        (134, DOWN, 4),
        (116, NEAREST, 3),
        (117, NEAREST, 4),
        (50, NEAREST, 2),
        (150, NEAREST, 5),
        (250, NEAREST, 8),
    ],
)
def test_three_percent_is_rounded_as_the_policy_says(places: int, rounding: QuotaRounding, expected: int) -> None:
    assert limit(places, Policy(quota_rounding=rounding)) == expected


@pytest.mark.parametrize(
    ("percent", "places", "expected"),
    [(0.1, 1000, 1), (0.7, 1000, 7), (2.3, 1000, 23), (1e-05, 1000, 1), (100.0, 7, 7)],
)
def test_a_percentage_is_taken_as_written_and_not_as_a_binary_fraction(
    percent: float, places: int, expected: int
) -> None:
    assert limit(places, Policy(quota_percent=percent, quota_minimum=0)) == expected


def test_the_quota_is_at_least_the_minimum() -> None:
    assert limit(10, Policy(quota_rounding=DOWN)) == 1
    assert limit(10, Policy(quota_rounding=DOWN, quota_minimum=0)) == 0
    assert limit(10, Policy(quota_minimum=4)) == 4


def test_the_quota_is_never_more_than_the_places() -> None:
    assert limit(2, Policy(quota_minimum=4)) == 2
    assert limit(0, Policy()) == 0


def test_there_is_no_quota_where_nobody_counts_places() -> None:
    assert limit(None, Policy()) is None
    assert quota_limit(None, Policy()) is None


def test_holders_children_and_clients_take_places_and_assistants_do_not() -> None:
    group = Tickets(own=1, children=20, assistants=300, clients=4000)
    assert places_taken(group, Policy()) == 4021
    assert places_taken(group, Policy(quota_counts_children=False)) == 4001
    assert places_taken(group, Policy(quota_counts_clients=False)) == 21
    assert places_taken(group, Policy(quota_counts_assistants=True)) == 4321
    assert places_taken(Tickets(own=0), Policy()) == 0


@given(strategies.policies, st.integers(0, 3000), st.integers(0, 50))
def test_more_places_never_mean_a_smaller_quota(policy: Policy, places: int, more: int) -> None:
    fewer_places, more_places = limit(places, policy), limit(places + more, policy)
    assert fewer_places is not None
    assert more_places is not None
    assert fewer_places <= more_places


@given(strategies.policies, strategies.percentages, st.integers(0, 3000))
def test_a_greater_share_never_means_a_smaller_quota(policy: Policy, percent: float, places: int) -> None:
    low, high = sorted((policy.quota_percent, percent))
    smaller, greater = (limit(places, replace(policy, quota_percent=each)) for each in (low, high))
    assert smaller is not None
    assert greater is not None
    assert smaller <= greater


@given(strategies.policies, st.integers(0, 3000))
def test_the_quota_is_between_none_and_all_of_the_places(policy: Policy, places: int) -> None:
    quota = limit(places, policy)
    assert quota is not None
    assert min(policy.quota_minimum, places) <= quota <= places
