"""Counts become figures by the venue's own days."""

import datetime as dt

from kiosk.cards.figures import Figures, RefusalCount, Totals, UseCount, figures_of
from kiosk.cards.model import Category, Reason, UseKind
from tests.unit.cards.examples import HELSINKI

FIRST, LAST = dt.date(2026, 2, 28), dt.date(2026, 3, 1)
LATE = dt.datetime(2026, 2, 28, 22, tzinfo=dt.UTC)
"""Midnight in Helsinki: the first hour of March."""


def test_an_hour_counts_to_its_local_day_month_and_category() -> None:
    uses = [
        UseCount(LATE - dt.timedelta(hours=1), Category.SPORT, UseKind.COURSE, 2, 2, 0, 1),
        UseCount(LATE, None, UseKind.ENTRANCE, 2, 2, 3, 0, "Avoimet ovet"),
        UseCount(LATE, None, UseKind.ENTRANCE, 1, 1, 1, 0),
        UseCount(LATE + dt.timedelta(days=1), Category.SPORT, UseKind.ENTRANCE, 9, 9, 9, 9),
    ]
    refusals = [RefusalCount(LATE, Reason.SOLD_OUT, 1), RefusalCount(LATE, Reason.QUOTA_FULL, 5)]
    first, second = Totals(2, 2, 0, 1), Totals(3, 3, 4, 0)
    assert figures_of(uses, refusals, FIRST, LAST, HELSINKI) == Figures(
        total=Totals(5, 5, 4, 1),
        courses=2,
        by_day={FIRST: first, LAST: second},
        by_month={dt.date(2026, 2, 1): first, dt.date(2026, 3, 1): second},
        by_category={Category.SPORT: first, None: second},
        by_label={"Avoimet ovet": Totals(2, 2, 3, 0)},
        by_reason={Reason.QUOTA_FULL: 5, Reason.SOLD_OUT: 1},
    )


def test_a_day_without_a_use_is_a_day_all_the_same() -> None:
    assert list(figures_of([], [], FIRST, LAST, HELSINKI).by_day) == [FIRST, LAST]
