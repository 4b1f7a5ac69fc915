"""The rules that a recorded use is held against, as one table: what speaks against it becomes a flag, never a loss."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from contract.messages import Policy
from register.model import KnownCard

FUTURE_ALLOWED = dt.timedelta(minutes=5)
"""A kiosk's clock may be this far ahead of the register's."""


@dataclass(frozen=True, slots=True)
class Venue:
    """The venue where the card was used."""

    area_id: str
    area_closed: bool


@dataclass(frozen=True, slots=True)
class Takings:
    """What had been taken without this use, what this use takes, and the limit; None: there is no limit."""

    before: int
    now: int
    limit: int | None

    @property
    def too_many(self) -> bool:
        """Whether this use goes over the limit."""
        return self.limit is not None and self.now > 0 and self.before + self.now > self.limit


@dataclass(frozen=True, slots=True)
class Case:
    """One use and all that the rules may know of it."""

    decided_at: dt.datetime
    decided_day: dt.date
    """The local day of `decided_at`."""
    received_at: dt.datetime
    received_day: dt.date
    is_course: bool
    seal_readable: bool
    card: KnownCard | None
    venue: Venue
    policy: Policy
    event_named: bool
    event_known: bool
    """Whether it is an event of this venue."""
    event_sold_out: bool
    counts: bool
    """False for a use that was annulled before it arrived: it takes no place."""
    used_before: bool
    """Whether the card has another use, not annulled, at the same event; for general admission, on the same day."""
    quota: Takings
    courses: Takings


def _card_unknown(case: Case) -> bool:
    return case.seal_readable and case.card is None


def _expired(case: Case) -> bool:
    if case.card is None:
        return False
    last = case.card.last_valid_day
    if last is not None and last < case.decided_day:
        return True
    # A card that ran out between decision and arrival was valid when it was decided; one that the register calls
    # expired before its last day was ended by hand.
    return case.card.status == "expired" and (last is None or last >= case.received_day)


def _not_yet_valid(case: Case) -> bool:
    first = case.card.first_valid_day if case.card is not None else None
    return first is not None and first > case.decided_day


def _blocked(case: Case) -> bool:
    # A use happened when it was decided: a card that was lost an hour later was still good.
    return case.card is not None and case.card.status == "blocked" and case.card.status_since <= case.decided_at


def _in_stock(case: Case) -> bool:
    return case.card is not None and case.card.status == "in-stock"


def _wrong_area(case: Case) -> bool:
    if case.card is None or case.card.area_id == case.venue.area_id:
        return False
    return case.card.area_closed or case.venue.area_closed


def _not_for_courses(case: Case) -> bool:
    return case.card is not None and case.card.kind == "community" and case.is_course


def _sold_out(case: Case) -> bool:
    return case.counts and case.event_sold_out and case.policy.when_sold_out != "accept"


def _quota_exceeded(case: Case) -> bool:
    return case.counts and case.quota.too_many and case.policy.when_quota_full != "accept"


FLAGS: tuple[tuple[str, Callable[[Case], bool]], ...] = (
    ("seal-unreadable", lambda case: not case.seal_readable),
    ("card-unknown", _card_unknown),
    ("card-blocked", _blocked),
    ("card-in-stock", _in_stock),
    ("card-expired", _expired),
    ("card-not-yet-valid", _not_yet_valid),
    ("wrong-area", _wrong_area),
    ("not-for-courses", _not_for_courses),
    ("course-limit", lambda case: case.counts and case.courses.too_many),
    ("already-used", lambda case: case.counts and case.used_before),
    ("sold-out", _sold_out),
    ("quota-exceeded", _quota_exceeded),
    ("event-unknown", lambda case: case.event_named and not case.event_known),
    ("time-in-future", lambda case: case.decided_at > case.received_at + FUTURE_ALLOWED),
)
"""Reason and rule, in the order in which staff read them."""


def reasons_against(case: Case) -> tuple[str, ...]:
    """Every reason that stands against the use; none means that it is simply stored."""
    return tuple(reason for reason, stands in FLAGS if stands(case))
