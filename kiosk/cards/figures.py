"""What the venue counts: uses and refusals by day, month, category and reason."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from kiosk.cards.model import Category, Reason, UseKind


@dataclass(frozen=True, slots=True)
class UseCount:
    """Uses of one hour and one kind, not annulled, added up."""

    hour: dt.datetime
    category: Category | None
    """None: general admission, a course off paper, or an event that the kiosk no longer knows."""
    kind: UseKind
    uses: int
    adults: int
    """Holders' own tickets."""
    children: int
    """Own children, and the clients under 16 of a community card."""
    assistants: int
    event_label: str | None = None
    """What staff called the event, where they had added it by hand."""


@dataclass(frozen=True, slots=True)
class RefusalCount:
    """Visitors of one hour who got no ticket."""

    hour: dt.datetime
    reason: Reason
    visitors: int


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums of what was counted."""

    uses: int = 0
    adults: int = 0
    children: int = 0
    assistants: int = 0

    def plus(self, count: UseCount) -> Totals:
        """These and `count`."""
        return Totals(
            self.uses + count.uses,
            self.adults + count.adults,
            self.children + count.children,
            self.assistants + count.assistants,
        )


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of some days, by the venue's calendar."""

    total: Totals
    courses: int
    by_day: dict[dt.date, Totals] = field(default_factory=dict)
    """Every day of the time, also those without a use."""
    by_month: dict[dt.date, Totals] = field(default_factory=dict)
    """By the month's first day."""
    by_category: dict[Category | None, Totals] = field(default_factory=dict)
    by_label: dict[str, Totals] = field(default_factory=dict)
    """Events added by hand, by their names; they are in general admission too."""
    by_reason: dict[Reason, int] = field(default_factory=dict)
    """Refusals, most first."""


def figures_of(
    uses: Iterable[UseCount], refusals: Iterable[RefusalCount], first: dt.date, last: dt.date, zone: dt.tzinfo
) -> Figures:
    """The figures of `uses` and `refusals` from `first` to `last`, both included, in the venue's time zone."""
    by_day = {first + dt.timedelta(days=day): Totals() for day in range((last - first).days + 1)}
    by_month = {day.replace(day=1): Totals() for day in by_day}
    by_category: dict[Category | None, Totals] = {}
    by_label: dict[str, Totals] = {}
    total, courses = Totals(), 0
    for count in uses:
        day = count.hour.astimezone(zone).date()
        if day not in by_day:
            continue
        total = total.plus(count)
        courses += count.uses if count.kind is UseKind.COURSE else 0
        by_day[day] = by_day[day].plus(count)
        by_month[day.replace(day=1)] = by_month[day.replace(day=1)].plus(count)
        by_category[count.category] = by_category.get(count.category, Totals()).plus(count)
        if count.event_label is not None:
            by_label[count.event_label] = by_label.get(count.event_label, Totals()).plus(count)
    reasons: Counter[Reason] = Counter()
    for refusal in refusals:
        if refusal.hour.astimezone(zone).date() in by_day:
            reasons[refusal.reason] += refusal.visitors
    order = [*Category, None]
    return Figures(
        total=total,
        courses=courses,
        by_day=by_day,
        by_month=by_month,
        by_category={name: by_category[name] for name in order if name in by_category},
        by_label=dict(sorted(by_label.items())),
        by_reason=dict(reasons.most_common()),
    )
