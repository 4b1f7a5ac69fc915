"""What stands against a recorded use, rule by rule, with the case beside it that is still good."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from contract.messages import Policy
from contract.reasons import REASONS_OF_ITEMS
from register.model import KnownCard
from register.rules.flags import FLAGS, Case, Takings, Venue, reasons_against

NOON = dt.datetime(2026, 3, 10, 12, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 3, 10)
DAY = dt.timedelta(days=1)
NO_LIMIT = Takings(before=0, now=0, limit=None)
CARD = KnownCard(
    kind="personal",
    status="active",
    status_since=NOON - 30 * DAY,
    area_id="here",
    area_closed=False,
    first_valid_day=TODAY - 30 * DAY,
    last_valid_day=TODAY + 30 * DAY,
)
CASE = Case(
    decided_at=NOON,
    decided_day=TODAY,
    received_at=NOON,
    received_day=TODAY,
    is_course=False,
    seal_readable=True,
    card=CARD,
    venue=Venue("here", area_closed=False),
    policy=Policy(),
    event_named=True,
    event_known=True,
    event_sold_out=False,
    counts=True,
    used_before=False,
    quota=NO_LIMIT,
    courses=NO_LIMIT,
)


def with_card(**changes: Any) -> Case:
    return replace(CASE, card=replace(CARD, **changes))


def test_nothing_stands_against_an_ordinary_use() -> None:
    assert reasons_against(CASE) == ()


ROWS = [
    ("a card that the register does not know", replace(CASE, card=None), ("card-unknown",)),
    ("a seal that does not open says only that", replace(CASE, card=None, seal_readable=False), ("seal-unreadable",)),
    ("the last valid day is inclusive", with_card(last_valid_day=TODAY), ()),
    ("a day later it has expired", with_card(last_valid_day=TODAY - DAY), ("card-expired",)),
    (
        "it ran out between decision and arrival",
        replace(with_card(status="expired", last_valid_day=TODAY), received_day=TODAY + DAY),
        (),
    ),
    ("it was ended by hand", with_card(status="expired"), ("card-expired",)),
    ("ended, and nobody knows when", with_card(status="expired", last_valid_day=None), ("card-expired",)),
    ("the first valid day is inclusive", with_card(first_valid_day=TODAY), ()),
    ("a day earlier it is not yet valid", with_card(first_valid_day=TODAY + DAY), ("card-not-yet-valid",)),
    ("blocked before it was used", with_card(status="blocked", status_since=NOON), ("card-blocked",)),
    ("blocked after it was used", with_card(status="blocked", status_since=NOON + dt.timedelta(milliseconds=1)), ()),
    ("not issued", with_card(status="in-stock", first_valid_day=None, last_valid_day=None), ("card-in-stock",)),
    ("another open area", with_card(area_id="there"), ()),
    ("a closed area's card elsewhere", with_card(area_id="there", area_closed=True), ("wrong-area",)),
    ("a closed area's card at home", with_card(area_closed=True), ()),
    (
        "another area's card in a closed area",
        replace(with_card(area_id="there"), venue=Venue("here", area_closed=True)),
        ("wrong-area",),
    ),
    ("a community card at an entrance", with_card(kind="community"), ()),
    ("a community card at a course", replace(with_card(kind="community"), is_course=True), ("not-for-courses",)),
    ("the last course place", replace(CASE, is_course=True, courses=Takings(1, 1, 2)), ()),
    ("one course too many", replace(CASE, is_course=True, courses=Takings(2, 1, 2)), ("course-limit",)),
    ("shown before at this event", replace(CASE, used_before=True), ("already-used",)),
    ("sold out", replace(CASE, event_sold_out=True), ("sold-out",)),
    (
        "sold out, and the venue takes cards anyway",
        replace(CASE, event_sold_out=True, policy=Policy(when_sold_out="accept")),
        (),
    ),
    (
        "sold out, and the venue asks",
        replace(CASE, event_sold_out=True, policy=Policy(when_sold_out="ask")),
        ("sold-out",),
    ),
    ("the last place of the quota", replace(CASE, quota=Takings(11, 1, 12)), ()),
    ("a family over the quota", replace(CASE, quota=Takings(11, 2, 12)), ("quota-exceeded",)),
    ("an assistant alone takes no place", replace(CASE, quota=Takings(12, 0, 12)), ()),
    (
        "over a quota that the venue does not mind",
        replace(CASE, quota=Takings(12, 1, 12), policy=Policy(when_quota_full="accept")),
        (),
    ),
    ("an event of nobody's", replace(CASE, event_known=False), ("event-unknown",)),
    ("general admission", replace(CASE, event_named=False, event_known=False), ()),
    ("five minutes ahead", replace(CASE, decided_at=NOON + dt.timedelta(minutes=5)), ()),
    (
        "a moment more",
        replace(CASE, decided_at=NOON + dt.timedelta(minutes=5, milliseconds=1)),
        ("time-in-future",),
    ),
    (
        "annulled before it came: it took no place",
        replace(
            CASE,
            counts=False,
            used_before=True,
            event_sold_out=True,
            quota=Takings(12, 1, 12),
            is_course=True,
            courses=Takings(2, 1, 2),
        ),
        (),
    ),
    (
        "annulled before it came: the card is what it is",
        replace(with_card(status="blocked"), counts=False),
        ("card-blocked",),
    ),
    (
        "several reasons, in the order in which staff read them",
        replace(with_card(status="blocked", last_valid_day=TODAY - DAY), used_before=True),
        ("card-blocked", "card-expired", "already-used"),
    ),
]


@pytest.mark.parametrize(("case", "reasons"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_a_use_is_flagged_for_what_stands_against_it(case: Case, reasons: tuple[str, ...]) -> None:
    assert reasons_against(case) == reasons


def test_every_rule_gives_a_reason_of_the_contract_and_has_a_row_here() -> None:
    rules = [reason for reason, _ in FLAGS]
    assert set(rules) <= set(REASONS_OF_ITEMS)
    assert set(rules) == {reason for *_, reasons in ROWS for reason in reasons}
    assert set(REASONS_OF_ITEMS) - set(rules) == {"malformed", "id-reused", "use-of-other-kiosk", "card-ambiguous"}
