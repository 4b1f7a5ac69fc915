"""How long the kiosk may go on without the register."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest

from kiosk.cards.model import Facts
from kiosk.cards.trust import Limit, Trust, TrustLevel, Used, offline_trust
from tests.unit.cards.examples import HOUR, NOW, facts

OK, WARN, NEEDED = TrustLevel.OK, TrustLevel.WARN, TrustLevel.REGISTER_NEEDED
MICROSECOND = dt.timedelta(microseconds=1)
NO_WARNING = Trust(OK, ())

FRESH = facts(newest_register_time=None)


def of(limit: Limit, share: Fraction, level: TrustLevel) -> Trust:
    """The trust of which only `limit` is used up to `share`."""
    return Trust(level, (Used(limit, share, level),))


def list_aged(age: dt.timedelta) -> Facts:
    """Facts with a list that the register confirmed `age` ago; the limit is 72 hours."""
    return facts(list_synced_at=NOW - age, newest_register_time=None)


def unsent_for(age: dt.timedelta) -> Facts:
    """Facts with one use that has waited for `age`; the limit is 72 hours."""
    return facts(unsent=1, oldest_unsent_at=NOW - age, newest_register_time=None)


def share(age: dt.timedelta) -> Fraction:
    """`age` as a share of 72 hours."""
    return Fraction(age // MICROSECOND, 72 * HOUR // MICROSECOND)


@pytest.mark.parametrize(
    ("age", "level"),
    [(57.6 * HOUR, WARN), (72 * HOUR - MICROSECOND, WARN), (72 * HOUR, NEEDED), (9999 * HOUR, NEEDED)],
    ids=["80 %", "just under 100 %", "100 %", "far over"],
)
def test_an_old_list_and_old_unsent_uses_warn_from_80_percent_and_end_at_100(
    age: dt.timedelta, level: TrustLevel
) -> None:
    assert offline_trust(list_aged(age), NOW) == of(Limit.LIST_AGE, share(age), level)
    assert offline_trust(unsent_for(age), NOW) == of(Limit.UNSENT_AGE, share(age), level)


def test_just_under_80_percent_of_the_time_nothing_is_said() -> None:
    assert offline_trust(list_aged(57.6 * HOUR - MICROSECOND), NOW) == NO_WARNING
    assert offline_trust(unsent_for(57.6 * HOUR - MICROSECOND), NOW) == NO_WARNING


@pytest.mark.parametrize(("unsent", "level"), [(400, WARN), (499, WARN), (500, NEEDED), (501, NEEDED)])
def test_many_unsent_uses_warn_from_80_percent_and_end_at_100(unsent: int, level: TrustLevel) -> None:
    assert offline_trust(facts(unsent=unsent), NOW) == of(Limit.UNSENT, Fraction(unsent, 500), level)


def test_just_under_80_percent_of_the_unsent_nothing_is_said() -> None:
    assert offline_trust(facts(unsent=399), NOW) == NO_WARNING


def test_without_any_list_the_register_is_needed() -> None:
    assert offline_trust(facts(list_synced_at=None), NOW) == of(Limit.LIST_AGE, Fraction(1), NEEDED)


def test_the_worst_limit_decides_and_all_that_are_used_are_told() -> None:
    worn = facts(list_synced_at=NOW - 60 * HOUR, unsent=600, oldest_unsent_at=NOW - HOUR)
    assert offline_trust(worn, NOW) == Trust(
        NEEDED,
        (Used(Limit.LIST_AGE, share(60 * HOUR), WARN), Used(Limit.UNSENT, Fraction(6, 5), NEEDED)),
    )


def test_time_learnt_from_the_register_counts_where_the_kiosks_clock_is_behind() -> None:
    behind = facts(list_synced_at=NOW, newest_register_time=NOW + 72 * HOUR)
    assert offline_trust(behind, NOW) == of(Limit.LIST_AGE, Fraction(1), NEEDED)


def test_what_seems_to_come_from_the_future_has_no_age() -> None:
    then = NOW + 100 * HOUR
    ahead = facts(list_synced_at=then, unsent=1, oldest_unsent_at=then, newest_register_time=None)
    assert offline_trust(ahead, NOW) == NO_WARNING
    assert offline_trust(FRESH, NOW) == NO_WARNING
