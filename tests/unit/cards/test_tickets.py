"""What the chosen tickets add to a decision."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from kiosk.cards.model import Answer, CardStatus, Facts, Finding, Policy, Reason, Tickets
from kiosk.cards.rules import TICKET_RULES, check_tickets, decide
from tests.unit.cards.examples import COMMUNITY_CARD, COURSE, EARLIER, HELSINKI, NOW, facts

ACCEPT, ASK, REFUSE = Answer.ACCEPT, Answer.ASK, Answer.REFUSE


class Row(NamedTuple):
    """A card, the tickets chosen on it, and all that they add."""

    name: str
    facts: Facts
    tickets: Tickets
    added: tuple[Finding, ...] = ()


NOT_OFFERED = (Finding(REFUSE, Reason.TICKETS_NOT_OFFERED),)
OVER_QUOTA = Finding(ASK, Reason.QUOTA_FULL, count=6)
UNVERIFIED = facts(card=None, online=False)

ROWS = (
    Row("the holder", facts(), Tickets()),
    Row("the holder and the registered children", facts(), Tickets(children=2)),
    Row(
        "the registered children alone, the holder being in",
        facts(earlier_uses=(EARLIER,)),
        Tickets(own=0, children=2),
    ),
    Row("an assistant", facts(), Tickets(assistants=1)),
    Row(
        "more children than registered",
        facts(),
        Tickets(children=3),
        (Finding(ASK, Reason.MORE_CHILDREN_THAN_REGISTERED, count=2),),
    ),
    Row(
        "a child where none is registered",
        facts(card__children=0),
        Tickets(children=1),
        (Finding(ASK, Reason.MORE_CHILDREN_THAN_REGISTERED, count=0),),
    ),
    Row(
        "a child on a card that could not be verified",
        UNVERIFIED,
        Tickets(children=1),
        (Finding(ASK, Reason.MORE_CHILDREN_THAN_REGISTERED),),
    ),
    Row("clients on a personal card", facts(), Tickets(clients=1), NOT_OFFERED),
    Row("clients on a card that could not be verified", UNVERIFIED, Tickets(clients=1), NOT_OFFERED),
    Row("children at a course", facts(event=COURSE), Tickets(children=1), NOT_OFFERED),
    Row("an assistant at a course", facts(event=COURSE), Tickets(assistants=1)),
    Row("two holders", facts(), Tickets(own=2), NOT_OFFERED),
    Row("fewer than none", facts(), Tickets(children=-1), NOT_OFFERED),
    Row("more than a thousand assistants", facts(), Tickets(assistants=1001), NOT_OFFERED),
    Row("nobody", facts(), Tickets(own=0), (Finding(REFUSE, Reason.NO_TICKETS),)),
    Row("a community card with a client", facts(card=COMMUNITY_CARD), Tickets(clients=1)),
    Row(
        "a community card without a client",
        facts(card=COMMUNITY_CARD),
        Tickets(),
        (Finding(REFUSE, Reason.NO_CLIENT),),
    ),
    Row(
        "a community card with children instead of clients",
        facts(card=COMMUNITY_CARD),
        Tickets(children=1),
        (*NOT_OFFERED, Finding(REFUSE, Reason.NO_CLIENT)),
    ),
    Row("a group that just fits the quota", facts(card=COMMUNITY_CARD, quota_used=2), Tickets(clients=3)),
    Row(
        "a group that overruns the quota",
        facts(card=COMMUNITY_CARD, quota_used=2),
        Tickets(clients=4),
        (OVER_QUOTA,),
    ),
    Row("assistants do not count", facts(quota_used=5), Tickets(assistants=3)),
    Row(
        "assistants count where the policy says so",
        facts(quota_used=5, policy=Policy(quota_counts_assistants=True)),
        Tickets(assistants=1),
        (OVER_QUOTA,),
    ),
    Row(
        "a group over quota, where the venue refuses",
        facts(quota_used=5, policy=Policy(when_quota_full=REFUSE)),
        Tickets(children=1),
        (Finding(REFUSE, Reason.QUOTA_FULL, count=6),),
    ),
    Row(
        "a group over quota, where the venue accepts",
        facts(quota_used=5, policy=Policy(when_quota_full=ACCEPT)),
        Tickets(children=1),
        (Finding(ACCEPT, Reason.QUOTA_FULL, count=6),),
    ),
    Row("a full quota is not told twice", facts(quota_used=6), Tickets(children=1)),
    Row(
        "two warnings in the order of the table",
        facts(quota_used=4),
        Tickets(children=3),
        (OVER_QUOTA, Finding(ASK, Reason.MORE_CHILDREN_THAN_REGISTERED, count=2)),
    ),
    Row(
        "a refused card has no tickets to check",
        facts(card__status=CardStatus.BLOCKED),
        Tickets(own=0, clients=7),
    ),
)


@pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])
def test_chosen_tickets_add_these_findings_and_no_others(row: Row) -> None:
    assert check_tickets(decide(row.facts, NOW, HELSINKI), row.facts, row.tickets) == row.added


def test_every_rule_of_the_tickets_and_each_of_its_answers_has_a_row() -> None:
    shown = {(finding.reason, finding.answer) for row in ROWS for finding in row.added}
    assert shown == {(rule.reason, answer) for rule in TICKET_RULES for answer in rule.answers}
