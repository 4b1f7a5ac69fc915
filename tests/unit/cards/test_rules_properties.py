"""What holds for every card, every time and every policy."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from kiosk.cards.model import Answer, Card, CardKind, CardStatus, Event, Facts, Reason, Tickets
from kiosk.cards.rules import RULES, TICKET_RULES, check_tickets, decide
from tests.unit.cards import strategies
from tests.unit.cards.examples import CARD, CONCERT, COURSE, FACTS, HELSINKI, NO_OFFER, NOW

SEVERITY = [Answer.ACCEPT, Answer.ASK, Answer.REFUSE]
MILLISECOND = dt.timedelta(milliseconds=1)
NUMBERS_OF_DAYS = st.integers(1, 3650)
REFUSED_STATUSES = st.sampled_from([CardStatus.BLOCKED, CardStatus.IN_STOCK, CardStatus.EXPIRED])


@given(strategies.facts, strategies.cards, strategies.instants, NUMBERS_OF_DAYS)
def test_a_card_past_its_last_valid_day_is_never_accepted_and_refused_by_a_trusted_clock(
    facts: Facts, card: Card, now: dt.datetime, days: int
) -> None:
    past = now.astimezone(HELSINKI).date() - dt.timedelta(days=days)
    decision = decide(replace(facts, card=replace(card, last_valid_day=past)), now, HELSINKI)
    assert Reason.CARD_EXPIRED in {finding.reason for finding in decision.findings}
    assert decision.answer is not Answer.ACCEPT
    if facts.clock_trusted:
        assert decision.answer is Answer.REFUSE


@given(strategies.facts, strategies.cards, strategies.instants, NUMBERS_OF_DAYS)
def test_a_card_is_never_accepted_before_its_first_valid_day(
    facts: Facts, card: Card, now: dt.datetime, days: int
) -> None:
    newest = max(now, facts.newest_register_time or now)
    future = newest.astimezone(HELSINKI).date() + dt.timedelta(days=days)
    decision = decide(replace(facts, card=replace(card, first_valid_day=future)), now, HELSINKI)
    assert Reason.CARD_NOT_YET_VALID in {finding.reason for finding in decision.findings}
    assert decision.answer is not Answer.ACCEPT


@given(strategies.facts, strategies.cards, strategies.instants, REFUSED_STATUSES)
def test_a_card_that_the_register_calls_blocked_in_stock_or_expired_is_always_refused(
    facts: Facts, card: Card, now: dt.datetime, status: CardStatus
) -> None:
    presented = replace(facts, card=replace(card, status=status))
    assert decide(presented, now, HELSINKI).answer is Answer.REFUSE


@given(strategies.facts, strategies.instants, st.timedeltas(dt.timedelta(0), dt.timedelta(hours=1)))
def test_an_unknown_card_is_always_refused(facts: Facts, now: dt.datetime, age: dt.timedelta) -> None:
    newest = max(now, facts.newest_register_time or now)
    asked_just_now = replace(facts, card=None, online=True, list_synced_at=newest - age)
    assert decide(asked_just_now, now, HELSINKI).answer is Answer.REFUSE


@given(strategies.facts, strategies.instants)
def test_a_card_that_is_not_listed_is_accepted_only_offline_and_where_the_policy_says_so(
    facts: Facts, now: dt.datetime
) -> None:
    not_listed = replace(facts, card=None)
    if facts.policy.when_unknown_offline is not Answer.ACCEPT:
        assert decide(not_listed, now, HELSINKI).answer is not Answer.ACCEPT


@given(strategies.facts, strategies.instants)
def test_no_data_is_never_shown_as_unknown(facts: Facts, now: dt.datetime) -> None:
    without_word = replace(facts, card=None, online=False)
    reasons = [finding.reason for finding in decide(without_word, now, HELSINKI).findings]
    assert Reason.CARD_UNKNOWN not in reasons
    assert Reason.CARD_NOT_VERIFIED in reasons


@given(strategies.days)
def test_every_last_valid_day_is_inclusive_in_helsinki(day: dt.date) -> None:
    midnight = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), tzinfo=HELSINKI).astimezone(dt.UTC)
    assert FACTS.card is not None
    card = replace(FACTS.card, first_valid_day=None, last_valid_day=day)
    fine = replace(FACTS, card=card, event=None, newest_register_time=None, list_synced_at=midnight)
    assert decide(fine, midnight - MILLISECOND, HELSINKI).answer is Answer.ACCEPT
    assert decide(fine, midnight, HELSINKI).answer is Answer.REFUSE


@given(strategies.facts, strategies.instants)
def test_the_answer_is_that_of_the_worst_finding_and_the_worst_comes_first(facts: Facts, now: dt.datetime) -> None:
    decision = decide(facts, now, HELSINKI)
    severities = [SEVERITY.index(finding.answer) for finding in decision.findings]
    assert severities == sorted(severities, reverse=True)
    assert SEVERITY.index(decision.answer) == max(severities, default=0)


@given(strategies.facts, strategies.instants)
def test_a_decision_is_always_the_same_and_speaks_each_reason_once(facts: Facts, now: dt.datetime) -> None:
    decision = decide(facts, now, HELSINKI)
    assert decision == decide(facts, now, HELSINKI)
    reasons = [finding.reason for finding in decision.findings]
    assert len(reasons) == len(set(reasons))


@given(strategies.facts, strategies.instants)
def test_a_refused_card_is_offered_nothing_and_any_other_its_holder(facts: Facts, now: dt.datetime) -> None:
    decision = decide(facts, now, HELSINKI)
    if decision.answer is Answer.REFUSE:
        assert decision.offer == NO_OFFER
    else:
        assert decision.offer.own
        assert decision.offer.assistants


@given(strategies.facts, strategies.instants, strategies.tickets)
def test_no_rule_gives_an_answer_that_its_row_does_not_name(facts: Facts, now: dt.datetime, tickets: Tickets) -> None:
    decision = decide(facts, now, HELSINKI)
    named = {(rule.reason, answer) for rule in RULES for answer in rule.answers}
    assert {(finding.reason, finding.answer) for finding in decision.findings} <= named
    warnings = check_tickets(decision, facts, tickets)
    named = {(rule.reason, answer) for rule in TICKET_RULES for answer in rule.answers}
    assert {(finding.reason, finding.answer) for finding in warnings} <= named
    severities = [SEVERITY.index(finding.answer) for finding in warnings]
    assert severities == sorted(severities, reverse=True)


@given(
    st.none() | st.builds(replace, st.just(CARD), kind=st.sampled_from(CardKind), children=strategies.counts),
    st.sampled_from([None, CONCERT, COURSE]),
    strategies.tickets,
)
def test_tickets_that_may_be_had_are_such_as_the_register_takes(
    card: Card | None, event: Event | None, tickets: Tickets
) -> None:
    facts = replace(FACTS, card=card, event=event, online=card is not None)
    decision = decide(facts, NOW, HELSINKI)
    added = check_tickets(decision, facts, tickets)
    if Answer.REFUSE not in {decision.answer, *(finding.answer for finding in added)}:
        assert tickets.own in (0, 1)
        others = (tickets.children, tickets.assistants, tickets.clients)
        assert all(0 <= count <= 1000 for count in others)
        assert tickets.own + sum(others) > 0
