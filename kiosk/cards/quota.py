"""The share of an event's places that goes to cards, and how many places a group takes of it."""

from __future__ import annotations

import math
from fractions import Fraction

from kiosk.cards.model import Event, Policy, QuotaRounding, Tickets

_HALF = Fraction(1, 2)


def quota_limit(event: Event | None, policy: Policy) -> int | None:
    """How many places of `event` cards may take in all; None: no quota, as nobody counts the places.

    Exact arithmetic on the percentage as written, so that 3 % of 100 is 3 and not 4. At least the policy's
    minimum, and never more places than there are. Source: DOMAIN.md, Uses (the guideline's 3 % upper limit).
    """
    if event is None or event.places is None:
        return None
    share = event.places * Fraction(repr(policy.quota_percent)) / 100
    return min(max(_rounded(share, policy.quota_rounding), policy.quota_minimum), event.places)


def places_taken(tickets: Tickets, policy: Policy) -> int:
    """How many places of the quota `tickets` take: whom the policy counts, and always the holder."""
    return (
        tickets.own
        + (tickets.children if policy.quota_counts_children else 0)
        + (tickets.clients if policy.quota_counts_clients else 0)
        + (tickets.assistants if policy.quota_counts_assistants else 0)
    )


def _rounded(share: Fraction, rounding: QuotaRounding) -> int:
    match rounding:
        case QuotaRounding.UP:
            return math.ceil(share)
        case QuotaRounding.DOWN:
            return math.floor(share)
        case QuotaRounding.NEAREST:
            return math.floor(share + _HALF)  # ties up, unlike round()
