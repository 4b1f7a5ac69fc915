"""The share of an event's places that goes to cards."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.messages import Policy
from register.rules.quota import places_taken, quota_limit


@pytest.mark.parametrize(
    ("places", "policy", "limit"),
    [
        (None, Policy(), None),
        (400, Policy(), 12),
        (100, Policy(), 3),
        (101, Policy(), 4),
        (101, Policy(quota_rounding="down"), 3),
        (150, Policy(quota_rounding="nearest"), 5),
        (149, Policy(quota_rounding="nearest"), 4),
        (10, Policy(quota_rounding="down"), 1),
        (10, Policy(quota_rounding="down", quota_minimum=0), 0),
        (2, Policy(quota_minimum=5), 2),
        (0, Policy(), 0),
        (1000, Policy(quota_percent=0.1), 1),
        (1000, Policy(quota_percent=100), 1000),
    ],
)
def test_the_limit_is_the_share_as_the_policy_rounds_it(places: int | None, policy: Policy, limit: int | None) -> None:
    assert quota_limit(places, policy) == limit


@given(st.integers(0, 10_000_000), st.floats(0, 100), st.sampled_from(["up", "down", "nearest"]), st.integers(0, 1000))
def test_the_limit_is_never_more_than_the_places(places: int, percent: float, rounding: str, minimum: int) -> None:
    policy = Policy(quota_percent=percent, quota_rounding=rounding, quota_minimum=minimum)  # type: ignore[arg-type]  # drawn
    limit = quota_limit(places, policy)
    assert limit is not None
    assert 0 <= limit <= places


def test_holders_children_and_clients_count_and_assistants_do_not() -> None:
    group = {"own_ticket": 1, "children": 2, "assistants": 4, "clients": 8}
    assert places_taken(Policy(), **group) == 11
    assert places_taken(Policy(quota_counts_assistants=True), **group) == 15
    assert places_taken(Policy(quota_counts_children=False, quota_counts_clients=False), **group) == 1
