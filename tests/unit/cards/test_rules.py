"""The table of rules, row by row."""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple

import pytest

from kiosk.cards.model import (
    Answer,
    CardStatus,
    CoursePolicy,
    Decision,
    EarlierUse,
    Facts,
    Finding,
    Offer,
    Policy,
    Reason,
)
from kiosk.cards.rules import RULES, decide
from tests.unit.cards.examples import (
    CARD,
    COMMUNITY_CARD,
    COMMUNITY_OFFER,
    COURSE,
    COURSE_OFFER,
    DAY,
    EARLIER,
    HELSINKI,
    HOUR,
    NO_OFFER,
    NOW,
    PERSONAL_OFFER,
    TODAY,
    UNKNOWN_OFFER,
    facts,
)

ACCEPT, ASK, REFUSE = Answer.ACCEPT, Answer.ASK, Answer.REFUSE
COURSE_ONCE = Policy(course=CoursePolicy(1, "academic-year", ASK))
SECOND = dt.timedelta(seconds=1)


class Row(NamedTuple):
    """A situation and the whole decision it gets; a refused card is offered nothing."""

    name: str
    facts: Facts
    findings: tuple[Finding, ...]
    offer: Offer = PERSONAL_OFFER

    @property
    def decision(self) -> Decision:
        """The decision, worst answer first."""
        answer = self.findings[0].answer if self.findings else ACCEPT
        return Decision(answer, self.findings, NO_OFFER if answer is REFUSE else self.offer)


def found(answer: Answer, reason: Reason, **more: Any) -> tuple[Finding, ...]:
    """One finding, as a decision holds it."""
    return (Finding(answer, reason, **more),)


def by_policy(**policy: Any) -> Policy:
    """The default policy with changes."""
    return Policy(**policy)


ROWS = (
    # --- nothing against it
    Row("a personal card", facts(), ()),
    Row("a community card", facts(card=COMMUNITY_CARD), (), COMMUNITY_OFFER),
    Row("general admission", facts(event=None), ()),
    Row("a card valid from issue", facts(card__first_valid_day=None), ()),
    Row("a course where nothing limits courses", facts(event=COURSE), (), COURSE_OFFER),
    Row("an event whose places nobody counts", facts(event__places=None, quota_used=9999), ()),
    Row("a listed card while offline", facts(online=False), ()),
    # --- unknown or not verified
    Row("unknown, asked just now", facts(card=None), found(REFUSE, Reason.CARD_UNKNOWN)),
    Row(
        "not on the list, offline",
        facts(card=None, online=False),
        found(ASK, Reason.CARD_NOT_VERIFIED),
        UNKNOWN_OFFER,
    ),
    Row(
        "not on a list of an hour ago, online",
        facts(card=None, list_synced_at=NOW - HOUR),
        found(REFUSE, Reason.CARD_UNKNOWN),
    ),
    Row(
        "not on a list of over an hour ago, online",
        facts(card=None, list_synced_at=NOW - HOUR - SECOND),
        found(ASK, Reason.CARD_NOT_VERIFIED),
        UNKNOWN_OFFER,
    ),
    Row(
        "no list yet, online",
        facts(card=None, list_synced_at=None),
        found(ASK, Reason.CARD_NOT_VERIFIED) + found(ASK, Reason.REGISTER_NEEDED),
        UNKNOWN_OFFER,
    ),
    Row(
        "not on the list, offline, where the venue accepts that",
        facts(card=None, online=False, policy=by_policy(when_unknown_offline=ACCEPT)),
        found(ACCEPT, Reason.CARD_NOT_VERIFIED),
        UNKNOWN_OFFER,
    ),
    Row(
        "not on the list, offline, where the venue refuses that",
        facts(card=None, online=False, policy=by_policy(when_unknown_offline=REFUSE)),
        found(REFUSE, Reason.CARD_NOT_VERIFIED),
    ),
    Row(
        "unknown, though the venue accepts the unverified",
        facts(card=None, policy=by_policy(when_unknown_offline=ACCEPT)),
        found(REFUSE, Reason.CARD_UNKNOWN),
    ),
    Row(
        "not verified at a course: the holder alone",
        facts(card=None, online=False, event=COURSE),
        found(ASK, Reason.CARD_NOT_VERIFIED),
        COURSE_OFFER,
    ),
    Row(
        "active without a last valid day",
        facts(card__last_valid_day=None),
        found(ASK, Reason.CARD_NOT_VERIFIED),
    ),
    # --- status
    Row("blocked", facts(card__status=CardStatus.BLOCKED), found(REFUSE, Reason.CARD_BLOCKED)),
    Row("in stock", facts(card__status=CardStatus.IN_STOCK), found(REFUSE, Reason.CARD_IN_STOCK)),
    Row(
        "in stock, never issued",
        facts(card__status=CardStatus.IN_STOCK, card__last_valid_day=None),
        found(REFUSE, Reason.CARD_IN_STOCK),
    ),
    Row(
        "blocked and expired",
        facts(card__status=CardStatus.BLOCKED, card__last_valid_day=TODAY - DAY),
        found(REFUSE, Reason.CARD_BLOCKED) + found(REFUSE, Reason.CARD_EXPIRED, day=TODAY - DAY),
    ),
    Row(
        "expired by the register, whatever the last valid day",
        facts(card__status=CardStatus.EXPIRED),
        found(REFUSE, Reason.CARD_EXPIRED),
    ),
    Row(
        "expired by the register and by the day",
        facts(card__status=CardStatus.EXPIRED, card__last_valid_day=TODAY - DAY),
        found(REFUSE, Reason.CARD_EXPIRED, day=TODAY - DAY),
    ),
    # --- days
    Row("the last valid day", facts(card__last_valid_day=TODAY), ()),
    Row(
        "the day after the last valid day",
        facts(card__last_valid_day=TODAY - DAY),
        found(REFUSE, Reason.CARD_EXPIRED, day=TODAY - DAY),
    ),
    Row("the first valid day", facts(card__first_valid_day=TODAY), ()),
    Row(
        "the day before the first valid day",
        facts(card__first_valid_day=TODAY + DAY),
        found(REFUSE, Reason.CARD_NOT_YET_VALID, day=TODAY + DAY),
    ),
    Row(
        "expired by the register's time, though the kiosk's clock is behind",
        facts(
            clock_trusted=False,
            card__last_valid_day=TODAY + DAY,
            newest_register_time=NOW + 2 * DAY,
            unsent=0,
        ),
        found(REFUSE, Reason.CARD_EXPIRED, day=TODAY + DAY) + found(ASK, Reason.CLOCK_NOT_TRUSTED),
    ),
    Row(
        "expired by an untrusted clock alone",
        facts(clock_trusted=False, card__last_valid_day=TODAY - DAY, newest_register_time=NOW - DAY),
        found(ASK, Reason.CARD_EXPIRED, day=TODAY - DAY) + found(ASK, Reason.CLOCK_NOT_TRUSTED),
    ),
    Row(
        "not yet valid by an untrusted clock",
        facts(clock_trusted=False, card__first_valid_day=TODAY + DAY),
        found(ASK, Reason.CARD_NOT_YET_VALID, day=TODAY + DAY) + found(ASK, Reason.CLOCK_NOT_TRUSTED),
    ),
    # --- areas
    Row("another area's card", facts(card__area_id="pohjoinen"), ()),
    Row(
        "a closed area's card elsewhere",
        facts(card__area_id="saaristo", closed_areas=frozenset({"saaristo"})),
        found(REFUSE, Reason.WRONG_AREA),
    ),
    Row(
        "a closed area's card at home",
        facts(card__area_id="etela", venue__area_closed=True, closed_areas=frozenset({"etela"})),
        (),
    ),
    Row(
        "another area's card in a closed area",
        facts(card__area_id="pohjoinen", venue__area_closed=True),
        found(REFUSE, Reason.WRONG_AREA),
    ),
    Row(
        "another area's card in an area that is only listed as closed",
        facts(card__area_id="pohjoinen", closed_areas=frozenset({"etela"})),
        found(REFUSE, Reason.WRONG_AREA),
    ),
    # --- courses
    Row(
        "a community card at a course",
        facts(card=COMMUNITY_CARD, event=COURSE),
        found(REFUSE, Reason.NOT_FOR_COURSES),
    ),
    Row(
        "a course place left",
        facts(event=COURSE, policy=COURSE_ONCE, course_uses=0),
        (),
        COURSE_OFFER,
    ),
    Row(
        "no course place left",
        facts(event=COURSE, policy=COURSE_ONCE, course_uses=1),
        found(REFUSE, Reason.COURSE_LIMIT, count=1),
    ),
    Row(
        "a limited course and no word from the register",
        facts(event=COURSE, policy=COURSE_ONCE, course_uses=None, online=False),
        found(ASK, Reason.COURSE_NOT_CHECKED, count=1),
        COURSE_OFFER,
    ),
    Row(
        "a limited course and no word, where the venue accepts that",
        facts(event=COURSE, policy=by_policy(course=CoursePolicy(2, "calendar-year", ACCEPT))),
        found(ACCEPT, Reason.COURSE_NOT_CHECKED, count=2),
        COURSE_OFFER,
    ),
    Row(
        "a limited course and no word, where the venue refuses that",
        facts(event=COURSE, policy=by_policy(course=CoursePolicy(2, "calendar-year", REFUSE))),
        found(REFUSE, Reason.COURSE_NOT_CHECKED, count=2),
    ),
    Row("courses used up, at a concert", facts(policy=COURSE_ONCE, course_uses=9), ()),
    # --- the event
    Row("sold out", facts(event__sold_out=True), found(REFUSE, Reason.SOLD_OUT)),
    Row(
        "sold out, where the venue asks",
        facts(event__sold_out=True, policy=by_policy(when_sold_out=ASK)),
        found(ASK, Reason.SOLD_OUT),
    ),
    Row(
        "sold out, where the venue accepts: kept as a remark",
        facts(event__sold_out=True, policy=by_policy(when_sold_out=ACCEPT)),
        found(ACCEPT, Reason.SOLD_OUT),
    ),
    Row("the last place of the quota", facts(quota_used=5), ()),
    Row("quota full", facts(quota_used=6), found(ASK, Reason.QUOTA_FULL, count=6)),
    Row(
        "quota full, where the venue refuses",
        facts(quota_used=6, policy=by_policy(when_quota_full=REFUSE)),
        found(REFUSE, Reason.QUOTA_FULL, count=6),
    ),
    Row(
        "quota full, where the venue accepts",
        facts(quota_used=7, policy=by_policy(when_quota_full=ACCEPT)),
        found(ACCEPT, Reason.QUOTA_FULL, count=6),
    ),
    Row("an event with no places at all", facts(event__places=0), found(ASK, Reason.QUOTA_FULL, count=0)),
    # --- the card here
    Row(
        "already used at this event",
        facts(earlier_uses=(EARLIER,)),
        found(ASK, Reason.ALREADY_USED, at=NOW - HOUR, door="Itäovi"),
    ),
    Row(
        "already used twice: the newest is told",
        facts(earlier_uses=(EarlierUse(NOW - SECOND, "Pääovi"), EARLIER)),
        found(ASK, Reason.ALREADY_USED, at=NOW - SECOND, door="Pääovi"),
    ),
    Row(
        "already used today on general admission",
        facts(event=None, earlier_uses=(EARLIER,)),
        found(ASK, Reason.ALREADY_USED, at=NOW - HOUR, door="Itäovi"),
    ),
    # --- the kiosk and the venue
    Row("clock not trusted", facts(clock_trusted=False), found(ASK, Reason.CLOCK_NOT_TRUSTED)),
    Row("as many unsent as may be", facts(unsent=500), found(ASK, Reason.REGISTER_NEEDED)),
    Row("one fewer unsent", facts(unsent=499), ()),
    Row(
        "offline for too long",
        facts(online=False, list_synced_at=NOW - 72 * HOUR),
        found(ASK, Reason.REGISTER_NEEDED),
    ),
    Row("no profile yet", facts(venue=None), found(ASK, Reason.REGISTER_NEEDED)),
    Row(
        "a venue that has not committed itself",
        facts(venue__commitment_accepted=False),
        found(ASK, Reason.NO_COMMITMENT),
    ),
    # --- several at once
    Row(
        "worst first, then in the order of the table",
        facts(
            clock_trusted=False,
            earlier_uses=(EARLIER,),
            event__sold_out=True,
            quota_used=6,
            policy=by_policy(when_quota_full=ACCEPT),
        ),
        found(REFUSE, Reason.SOLD_OUT)
        + found(ASK, Reason.ALREADY_USED, at=NOW - HOUR, door="Itäovi")
        + found(ASK, Reason.CLOCK_NOT_TRUSTED)
        + found(ACCEPT, Reason.QUOTA_FULL, count=6),
    ),
)


@pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])
def test_each_row_of_the_table_gets_its_whole_decision(row: Row) -> None:
    assert decide(row.facts, NOW, HELSINKI) == row.decision


def test_every_rule_and_each_of_its_answers_has_a_row() -> None:
    shown = {(finding.reason, finding.answer) for row in ROWS for finding in row.findings}
    assert shown == {(rule.reason, answer) for rule in RULES for answer in rule.answers}


# --- midnight in Helsinki, told in UTC

MIDNIGHTS = {
    "in winter": (dt.date(2026, 2, 28), "2026-02-28T22:00:00Z"),
    "in summer": (dt.date(2026, 7, 15), "2026-07-15T21:00:00Z"),
    "before summer time begins": (dt.date(2026, 3, 28), "2026-03-28T22:00:00Z"),
    "after summer time began": (dt.date(2026, 3, 29), "2026-03-29T21:00:00Z"),
    "before summer time ends": (dt.date(2026, 10, 24), "2026-10-24T21:00:00Z"),
    "after summer time ended": (dt.date(2026, 10, 25), "2026-10-25T22:00:00Z"),
    "at the turn of the year": (dt.date(2025, 12, 31), "2025-12-31T22:00:00Z"),
    "on a leap day": (dt.date(2028, 2, 29), "2028-02-29T22:00:00Z"),
}
midnights = pytest.mark.parametrize(("day", "midnight"), MIDNIGHTS.values(), ids=MIDNIGHTS.keys())
MILLISECOND = dt.timedelta(milliseconds=1)


def at(instant: dt.datetime, **card: Any) -> Decision:
    """The decision on a card at `instant`, everything else being in order then."""
    changes = {f"card__{name}": value for name, value in card.items()}
    now_facts = facts(event=None, list_synced_at=instant, newest_register_time=None, **changes)
    return decide(now_facts, instant, HELSINKI)


@midnights
def test_the_last_valid_day_is_accepted_until_the_last_millisecond_of_the_local_day(
    day: dt.date, midnight: str
) -> None:
    last_moment = dt.datetime.fromisoformat(midnight) - MILLISECOND
    assert at(last_moment, first_valid_day=None, last_valid_day=day) == Decision(ACCEPT, (), PERSONAL_OFFER)


@midnights
def test_the_day_after_the_last_valid_day_is_refused_from_its_first_instant(day: dt.date, midnight: str) -> None:
    decision = at(dt.datetime.fromisoformat(midnight), first_valid_day=None, last_valid_day=day)
    assert decision == Decision(REFUSE, found(REFUSE, Reason.CARD_EXPIRED, day=day), NO_OFFER)


@midnights
def test_the_first_valid_day_begins_at_local_midnight(day: dt.date, midnight: str) -> None:
    first, last = day + DAY, day + 30 * DAY
    before = at(dt.datetime.fromisoformat(midnight) - MILLISECOND, first_valid_day=first, last_valid_day=last)
    assert before == Decision(REFUSE, found(REFUSE, Reason.CARD_NOT_YET_VALID, day=first), NO_OFFER)
    begun = at(dt.datetime.fromisoformat(midnight), first_valid_day=first, last_valid_day=last)
    assert begun == Decision(ACCEPT, (), PERSONAL_OFFER)


def test_the_day_is_the_same_whatever_zone_the_instant_is_told_in() -> None:
    told_in_utc = dt.datetime.fromisoformat("2026-02-28T22:30:00Z")
    told_in_helsinki = told_in_utc.astimezone(HELSINKI)
    expired = {"first_valid_day": None, "last_valid_day": dt.date(2026, 2, 28)}
    assert at(told_in_helsinki, **expired) == at(told_in_utc, **expired)


def test_today_is_never_earlier_than_the_newest_time_learnt_from_the_register() -> None:
    ahead = facts(card__last_valid_day=TODAY, newest_register_time=NOW + DAY, list_synced_at=NOW + DAY)
    assert decide(ahead, NOW, HELSINKI).findings == found(REFUSE, Reason.CARD_EXPIRED, day=TODAY)


def test_a_card_of_tomorrow_is_valid_once_the_register_has_told_that_it_is_tomorrow() -> None:
    ahead = facts(card=CARD, card__first_valid_day=TODAY + DAY, newest_register_time=NOW + DAY, event=None)
    assert decide(ahead, NOW, HELSINKI) == Decision(ACCEPT, (), PERSONAL_OFFER)
