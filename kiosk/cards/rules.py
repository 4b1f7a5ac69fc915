"""The rules of the card as one readable table, and the decision it makes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from kiosk.cards import findings as card
from kiosk.cards import tickets as group
from kiosk.cards.case import Case, case_of
from kiosk.cards.model import Answer, Decision, Facts, Finding, Reason, Tickets
from kiosk.cards.rule import Offline, Rule

REFUSE = (Answer.REFUSE,)
ASK = (Answer.ASK,)
BY_POLICY = (Answer.ACCEPT, Answer.ASK, Answer.REFUSE)
BY_CLOCK = (Answer.ASK, Answer.REFUSE)
OTHER_DOORS = "what happens at this door is known at once; what happens at other doors up to the last news"
TRUST_IN_CLOCK = "asks as long as an untrusted clock alone says so"

RULES: tuple[Rule[Case], ...] = (
    Rule(
        Reason.CARD_UNKNOWN,
        REFUSE,
        card.unknown,
        "DOMAIN.md, Cards: “A card that is not registered cannot be used.”",
        Offline.NOT_ENFORCED,
        "the card may have been issued since the last list; `card-not-verified` speaks instead",
    ),
    Rule(
        Reason.CARD_BLOCKED,
        REFUSE,
        card.blocked,
        "DOMAIN.md, Cards: statuses “blocked (lost, replaced)”",
        Offline.BY_LIST,
    ),
    Rule(
        Reason.CARD_IN_STOCK,
        REFUSE,
        card.in_stock,
        "DOMAIN.md, Cards: statuses “in stock (printed, not issued)”",
        Offline.BY_LIST,
        "a card issued since the last list is still refused",
    ),
    Rule(
        Reason.CARD_EXPIRED,
        BY_CLOCK,
        card.expired,
        "DOMAIN.md, Cards: “the register's last valid day, inclusive, in the venue's time zone”; "
        "“The register beats the card.”",
        Offline.BY_LIST,
        "a card renewed since the last list is still refused",
        by=TRUST_IN_CLOCK,
    ),
    Rule(
        Reason.CARD_NOT_YET_VALID,
        BY_CLOCK,
        card.not_yet_valid,
        "DOMAIN.md, Cards: “A card may have a first valid day in the future.”",
        Offline.BY_LIST,
        by=TRUST_IN_CLOCK,
    ),
    Rule(
        Reason.WRONG_AREA,
        REFUSE,
        card.wrong_area,
        "DOMAIN.md, Cards: “the register may mark an area as closed; the kiosk must honour it in both directions”",
        Offline.BY_LIST,
    ),
    Rule(
        Reason.NOT_FOR_COURSES,
        REFUSE,
        card.not_for_courses,
        "DOMAIN.md, Cards, community card: “Not for courses.”",
        Offline.BY_LIST,
    ),
    Rule(
        Reason.COURSE_LIMIT,
        REFUSE,
        card.course_limit,
        "DOMAIN.md, Uses: “A limit per card, kind and period comes from the register”",
        Offline.NOT_ENFORCED,
        "it needs what other venues recorded; `course-not-checked` speaks instead",
    ),
    Rule(
        Reason.SOLD_OUT,
        BY_POLICY,
        card.sold_out,
        "DOMAIN.md, Uses: “A sold-out event gives no free ticket, unless the venue says so.”",
        Offline.BY_LIST,
        by="policy `when_sold_out`",
    ),
    Rule(
        Reason.QUOTA_FULL,
        BY_POLICY,
        card.quota_full,
        "DOMAIN.md, Uses: “3 % upper limit of an event's places”",
        Offline.PARTLY,
        OTHER_DOORS,
        by="policy `when_quota_full`",
    ),
    Rule(
        Reason.CARD_NOT_VERIFIED,
        BY_POLICY,
        card.not_verified,
        "SCREEN.md, The desk: “not verified (offline and unknown)”",
        Offline.ENFORCED,
        by="policy `when_unknown_offline`; asks where a listed card lacks its last valid day",
    ),
    Rule(
        Reason.COURSE_NOT_CHECKED,
        BY_POLICY,
        card.course_not_checked,
        "DOMAIN.md, Uses: “the rules say what happens when the register cannot be reached”",
        Offline.ENFORCED,
        by="policy `course.when_unreachable`",
    ),
    Rule(
        Reason.ALREADY_USED,
        ASK,
        card.already_used,
        "DOMAIN.md, Uses: “The same card at the same event twice is a question for staff”",
        Offline.PARTLY,
        OTHER_DOORS,
    ),
    Rule(
        Reason.CLOCK_NOT_TRUSTED,
        ASK,
        card.clock_not_trusted,
        "SCREEN.md, The desk: “presented, ask: … clock not trusted”",
        Offline.ENFORCED,
    ),
    Rule(
        Reason.REGISTER_NEEDED,
        ASK,
        card.register_needed,
        "ARCHITECTURE.md, Offline: “at 100 % it says ‘the register is needed’ (never ‘card invalid’)”; "
        "staff can still let the visitor in, as with the paper form",
        Offline.ENFORCED,
    ),
    Rule(
        Reason.NO_COMMITMENT,
        ASK,
        card.no_commitment,
        "DOMAIN.md, Words, national guideline: “the rules all partners commit to”",
        Offline.BY_LIST,
    ),
)
"""The rules of the card itself; where several give the same answer, the first is what staff read first."""

TICKET_RULES: tuple[Rule[group.Choice], ...] = (
    Rule(
        Reason.TICKETS_NOT_OFFERED,
        REFUSE,
        group.not_offered,
        "DOMAIN.md, Cards: what personal and community cards give, and “not for courses”",
        Offline.ENFORCED,
    ),
    Rule(
        Reason.NO_TICKETS,
        REFUSE,
        group.no_tickets,
        "DOMAIN.md, Uses: a use records a ticket",
        Offline.ENFORCED,
    ),
    Rule(
        Reason.NO_CLIENT,
        REFUSE,
        group.no_client,
        "DOMAIN.md, Cards, community card: “with at least one client”",
        Offline.ENFORCED,
    ),
    Rule(
        Reason.QUOTA_FULL,
        BY_POLICY,
        group.group_over_quota,
        "DOMAIN.md, Uses: “3 % upper limit of an event's places”, for the whole group",
        Offline.PARTLY,
        OTHER_DOORS,
        by="policy `when_quota_full`",
    ),
    Rule(
        Reason.MORE_CHILDREN_THAN_REGISTERED,
        ASK,
        group.more_children,
        "DOMAIN.md, Cards: “More children than the register says is a warning for staff, not a refusal.”",
        Offline.BY_LIST,
    ),
)
"""The rules of the tickets that staff choose on a card which is not refused."""

ALL_RULES: tuple[Rule[Any], ...] = (*RULES, *TICKET_RULES)
"""Both, for whoever tells of the rules and does not apply them."""

_SEVERITY = {Answer.ACCEPT: 0, Answer.ASK: 1, Answer.REFUSE: 2}


def decide(facts: Facts, now: dt.datetime, zone: dt.tzinfo) -> Decision:
    """What the desk answers to a card, at `now` (aware) and with the venue's days counted in `zone`.

    The answer is that of the worst finding. A finding may also be an ACCEPT: the venue's policy allows
    it, and the use keeps the reason as a remark. A refused card is offered nothing.
    """
    case = case_of(facts, now, zone)
    spoken = _worst_first(rule.speaks(case) for rule in RULES)
    answer = spoken[0].answer if spoken else Answer.ACCEPT
    return Decision(answer, spoken, group.NOTHING if answer is Answer.REFUSE else group.offer_of(facts))


def check_tickets(decision: Decision, facts: Facts, tickets: Tickets) -> tuple[Finding, ...]:
    """What `tickets` add to `decision`, worst first; a REFUSE means that these tickets cannot be had.

    A refused card has no tickets to check.
    """
    if decision.answer is Answer.REFUSE:
        return ()
    choice = group.choice_of(decision, facts, tickets)
    return _worst_first(rule.speaks(choice) for rule in TICKET_RULES)


def _worst_first(spoken: Iterable[Finding | None]) -> tuple[Finding, ...]:
    findings = (finding for finding in spoken if finding is not None)
    return tuple(sorted(findings, key=lambda finding: -_SEVERITY[finding.answer]))
