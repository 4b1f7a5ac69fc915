"""The share of an event's places that goes to cards (DOMAIN.md, Uses: the guideline's 3 % upper limit)."""

from __future__ import annotations

import math
from fractions import Fraction

from contract.messages import Policy


def quota_limit(places: int | None, policy: Policy) -> int | None:
    """How many of an event's `places` cards may take in all; None where nobody counts them.

    Exact arithmetic on the percentage as it is written: 3 % of 100 is 3. Never more places than there are.
    """
    if places is None:
        return None
    share = places * Fraction(str(policy.quota_percent)) / 100
    return min(max(_whole(share, policy), policy.quota_minimum), places)


def places_taken(policy: Policy, *, own_ticket: int, children: int, assistants: int, clients: int) -> int:
    """How many places of the quota one use takes: the holder's, and of the others whom the policy counts."""
    counted = own_ticket
    if policy.quota_counts_children:
        counted += children
    if policy.quota_counts_assistants:
        counted += assistants
    if policy.quota_counts_clients:
        counted += clients
    return counted


def _whole(share: Fraction, policy: Policy) -> int:
    if policy.quota_rounding == "up":
        return math.ceil(share)
    if policy.quota_rounding == "down":
        return math.floor(share)
    return math.floor(share + Fraction(1, 2))  # a half goes up
