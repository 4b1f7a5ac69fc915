"""What each rule of the card says of a case: a finding, or nothing."""

from __future__ import annotations

from kiosk.cards.case import Case
from kiosk.cards.model import Answer, CardKind, CardStatus, Finding, Reason
from kiosk.cards.quota import quota_limit
from kiosk.cards.trust import TrustLevel


def unknown(case: Case) -> Finding | None:
    """Not on the list of a register that was asked just now."""
    if case.facts.card is not None or not case.list_is_fresh:
        return None
    return Finding(Answer.REFUSE, Reason.CARD_UNKNOWN)


def not_verified(case: Case) -> Finding | None:
    """Not on a list that may be behind; or on it without the last valid day that an issued card has."""
    card = case.facts.card
    if card is None:
        answer = case.facts.policy.when_unknown_offline
        return None if case.list_is_fresh else Finding(answer, Reason.CARD_NOT_VERIFIED)
    if card.status is CardStatus.ACTIVE and card.last_valid_day is None:
        return Finding(Answer.ASK, Reason.CARD_NOT_VERIFIED)
    return None


def blocked(case: Case) -> Finding | None:
    """Lost or replaced."""
    return _when_status(case, CardStatus.BLOCKED, Reason.CARD_BLOCKED)


def in_stock(case: Case) -> Finding | None:
    """Printed and not yet issued to anyone."""
    return _when_status(case, CardStatus.IN_STOCK, Reason.CARD_IN_STOCK)


def expired(case: Case) -> Finding | None:
    """After its last valid day, or expired by the register's word whatever its days say."""
    card = case.facts.card
    if card is None:
        return None
    last = card.last_valid_day
    past = last is not None and last < case.today
    if card.status is CardStatus.EXPIRED:
        return Finding(Answer.REFUSE, Reason.CARD_EXPIRED, day=last if past else None)
    if last is None or not past:
        return None
    certain = case.facts.clock_trusted or (case.day_by_register is not None and last < case.day_by_register)
    return Finding(Answer.REFUSE if certain else Answer.ASK, Reason.CARD_EXPIRED, day=last)


def not_yet_valid(case: Case) -> Finding | None:
    """Before its first valid day."""
    card = case.facts.card
    if card is None or card.first_valid_day is None or card.first_valid_day <= case.today:
        return None
    answer = Answer.REFUSE if case.facts.clock_trusted else Answer.ASK
    return Finding(answer, Reason.CARD_NOT_YET_VALID, day=card.first_valid_day)


def wrong_area(case: Case) -> Finding | None:
    """A closed area's card elsewhere, or another area's card in a closed area."""
    card, venue = case.facts.card, case.facts.venue
    if card is None or venue is None or card.area_id == venue.area_id:
        return None
    closed = {*case.facts.closed_areas, *([venue.area_id] if venue.area_closed else [])}
    return Finding(Answer.REFUSE, Reason.WRONG_AREA) if closed & {card.area_id, venue.area_id} else None


def not_for_courses(case: Case) -> Finding | None:
    """A community card at a course."""
    card = case.facts.card
    if card is None or card.kind is not CardKind.COMMUNITY or not case.is_course:
        return None
    return Finding(Answer.REFUSE, Reason.NOT_FOR_COURSES)


def course_limit(case: Case) -> Finding | None:
    """All course places of the period are used."""
    limit, used = case.facts.policy.course, case.facts.course_uses
    if not case.is_course or limit is None or used is None or used < limit.limit:
        return None
    return Finding(Answer.REFUSE, Reason.COURSE_LIMIT, count=limit.limit)


def course_not_checked(case: Case) -> Finding | None:
    """There is a limit, and the register did not say how much of it is used."""
    limit = case.facts.policy.course
    if not case.is_course or limit is None or case.facts.course_uses is not None:
        return None
    return Finding(limit.when_unreachable, Reason.COURSE_NOT_CHECKED, count=limit.limit)


def sold_out(case: Case) -> Finding | None:
    """The event has no free place."""
    event = case.facts.event
    if event is None or not event.sold_out:
        return None
    return Finding(case.facts.policy.when_sold_out, Reason.SOLD_OUT)


def quota_full(case: Case) -> Finding | None:
    """Cards have taken all of their share."""
    limit = quota_limit(case.facts.event, case.facts.policy)
    if limit is None or case.facts.quota_used < limit:
        return None
    return Finding(case.facts.policy.when_quota_full, Reason.QUOTA_FULL, count=limit)


def already_used(case: Case) -> Finding | None:
    """Shown before at this event, or, for general admission, today; the newest earlier use is told."""
    newest = max(case.facts.earlier_uses, key=lambda use: use.decided_at, default=None)
    if newest is None:
        return None
    return Finding(Answer.ASK, Reason.ALREADY_USED, at=newest.decided_at, door=newest.door)


def clock_not_trusted(case: Case) -> Finding | None:
    """The kiosk does not surely know which day it is."""
    return None if case.facts.clock_trusted else Finding(Answer.ASK, Reason.CLOCK_NOT_TRUSTED)


def register_needed(case: Case) -> Finding | None:
    """The limits of working without the register are reached, or it has not yet told whose kiosk this is."""
    if case.facts.venue is not None and case.trust.level is not TrustLevel.REGISTER_NEEDED:
        return None
    return Finding(Answer.ASK, Reason.REGISTER_NEEDED)


def no_commitment(case: Case) -> Finding | None:
    """The venue has not accepted the national guideline."""
    venue = case.facts.venue
    if venue is None or venue.commitment_accepted:
        return None
    return Finding(Answer.ASK, Reason.NO_COMMITMENT)


def _when_status(case: Case, status: CardStatus, reason: Reason) -> Finding | None:
    card = case.facts.card
    return Finding(Answer.REFUSE, reason) if card is not None and card.status is status else None
