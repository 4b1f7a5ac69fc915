"""How far the kiosk may go on without the register: a permission with limits."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from kiosk.cards.model import Facts

WARN_FROM = Fraction(80, 100)
"""Share of a limit at which the screen warns; at the whole limit the register is needed (ARCHITECTURE.md)."""


class TrustLevel(StrEnum):
    """How far the limits are used up; worst last."""

    OK = "ok"
    WARN = "warn"
    REGISTER_NEEDED = "register-needed"


class Limit(StrEnum):
    """What is limited."""

    LIST_AGE = "list-age"
    UNSENT = "unsent"
    UNSENT_AGE = "unsent-age"


@dataclass(frozen=True, slots=True)
class Used:
    """One limit and how much of it is used; 1 is all of it."""

    limit: Limit
    share: Fraction
    level: TrustLevel


@dataclass(frozen=True, slots=True)
class Trust:
    """The worst level, and every limit that is not OK, in the order of `Limit`."""

    level: TrustLevel
    used: tuple[Used, ...]


def offline_trust(facts: Facts, now: dt.datetime) -> Trust:
    """How far the offline limits of the policy are used up at `now`; no card list counts as too old a list.

    Time is never taken to be earlier than the newest time learnt from the register, and what seems to come
    from the future has no age.
    """
    now = latest(now, facts.newest_register_time)
    policy = facts.policy
    used = (
        _used(Limit.LIST_AGE, _share(_age(facts.list_synced_at, now), policy.list_age_limit))
        if facts.list_synced_at is not None
        else Used(Limit.LIST_AGE, Fraction(1), TrustLevel.REGISTER_NEEDED),
        _used(Limit.UNSENT, Fraction(facts.unsent, max(policy.unsent_limit, 1))),
        _used(Limit.UNSENT_AGE, _share(_age(facts.oldest_unsent_at, now), policy.offline_limit)),
    )
    levels = {each.level for each in used}
    worst = next(level for level in reversed(TrustLevel) if level in levels)
    return Trust(worst, tuple(each for each in used if each.level is not TrustLevel.OK))


def latest(now: dt.datetime, newest_register_time: dt.datetime | None) -> dt.datetime:
    """The later of the kiosk's own time and the newest time ever learnt from the register."""
    return now if newest_register_time is None else max(now, newest_register_time)


def _used(limit: Limit, share: Fraction) -> Used:
    if share >= 1:
        return Used(limit, share, TrustLevel.REGISTER_NEEDED)
    return Used(limit, share, TrustLevel.WARN if share >= WARN_FROM else TrustLevel.OK)


def _age(since: dt.datetime | None, now: dt.datetime) -> dt.timedelta:
    return dt.timedelta() if since is None else max(now - since, dt.timedelta())


def _share(part: dt.timedelta, whole: dt.timedelta) -> Fraction:
    microsecond = dt.timedelta(microseconds=1)
    return Fraction(part // microsecond, max(whole // microsecond, 1))
