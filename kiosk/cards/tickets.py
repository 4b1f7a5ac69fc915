"""What a card may take, and what each rule says of the tickets that staff chose on it."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.cards.model import Answer, CardKind, Decision, Facts, Finding, Offer, Reason, Tickets, UseKind
from kiosk.cards.quota import places_taken, quota_limit

MAX_OF_A_KIND = 1000
"""Most tickets of one kind in one use; the register refuses a use with more."""

NOTHING = Offer(own=False, children_registered=0, children=False, assistants=False, clients=False)


@dataclass(frozen=True, slots=True)
class Choice:
    """What a rule of the tickets may look at."""

    offer: Offer
    facts: Facts
    tickets: Tickets
    quota_told: bool
    """The decision says already that the quota is full."""


def choice_of(decision: Decision, facts: Facts, tickets: Tickets) -> Choice:
    """The choice of `tickets` on a card that was answered with `decision`."""
    told = any(finding.reason is Reason.QUOTA_FULL for finding in decision.findings)
    return Choice(decision.offer, facts, tickets, told)


def offer_of(facts: Facts) -> Offer:
    """What the holder of the card may take at the event, were the card in order there (DOMAIN.md, Cards).

    Assistants always. A card that is not on the list may be of either kind: it gets what both kinds have, and
    children only as more than are registered, for staff to judge; clients need a community card on the list.
    """
    card, event = facts.card, facts.event
    course = event is not None and event.kind is UseKind.COURSE
    community = card is not None and card.kind is CardKind.COMMUNITY
    children = not course and not community
    return Offer(
        own=True,
        children_registered=card.children if children and card is not None else 0,
        children=children,
        assistants=True,
        clients=community,
    )


def not_offered(choice: Choice) -> Finding | None:
    """Tickets that this card does not give, or a count that no group has."""
    offer, tickets = choice.offer, choice.tickets
    counts = (
        (tickets.own, 1 if offer.own else 0),
        (tickets.children, MAX_OF_A_KIND if offer.children else 0),
        (tickets.assistants, MAX_OF_A_KIND if offer.assistants else 0),
        (tickets.clients, MAX_OF_A_KIND if offer.clients else 0),
    )
    if all(0 <= count <= most for count, most in counts):
        return None
    return Finding(Answer.REFUSE, Reason.TICKETS_NOT_OFFERED)


def no_tickets(choice: Choice) -> Finding | None:
    """Nobody goes in."""
    return Finding(Answer.REFUSE, Reason.NO_TICKETS) if choice.tickets == Tickets(own=0) else None


def no_client(choice: Choice) -> Finding | None:
    """A community card without anyone for whom it is."""
    if not choice.offer.clients or choice.tickets.clients > 0:
        return None
    return Finding(Answer.REFUSE, Reason.NO_CLIENT)


def group_over_quota(choice: Choice) -> Finding | None:
    """There are places left of the quota, and not as many as this group takes."""
    limit = quota_limit(choice.facts.event, choice.facts.policy)
    if choice.quota_told or limit is None:
        return None
    if choice.facts.quota_used + places_taken(choice.tickets, choice.facts.policy) <= limit:
        return None
    return Finding(choice.facts.policy.when_quota_full, Reason.QUOTA_FULL, count=limit)


def more_children(choice: Choice) -> Finding | None:
    """More children than the register says; of a card that is not on the list it says nothing."""
    registered = choice.offer.children_registered
    if not choice.offer.children or choice.tickets.children <= registered:
        return None
    count = None if choice.facts.card is None else registered
    return Finding(Answer.ASK, Reason.MORE_CHILDREN_THAN_REGISTERED, count=count)
