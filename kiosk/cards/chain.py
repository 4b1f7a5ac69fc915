"""Each use carries the hash of the one before, so that one that is missing or was changed is found (pure).

The form that is hashed is the contract's (`contract.chain`): the register computes it again from what it was sent.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass

import msgspec

from kiosk.cards.model import Use

FORM = "kaikukortti-use-1"
FIRST = bytes(32)
"""What stands for the hash before the first."""
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Link:
    """The place of one use in its chain."""

    chain: str
    """UUID, made with the database."""
    position: int
    """From 1, without a gap."""
    previous: bytes
    """32 bytes: the hash of the use before, or FIRST."""
    hash: bytes
    """32 bytes."""


@dataclass(frozen=True, slots=True)
class Head:
    """How far a chain reaches."""

    chain: str
    position: int


def link_of(use: Use, sequence: int, *, chain: str, position: int, previous: bytes) -> Link:
    """The link of `use`, which is at `sequence` in the queue."""
    sealed = use.card.sealed_number
    tickets, stamp = use.tickets, use.decided
    form = [
        *(FORM, chain, position, previous.hex()),
        *(use.id, sequence, use.card.lookup_key if sealed is None else None, sealed, use.event_id, use.kind.value),
        *(tickets.own, tickets.children, tickets.assistants, tickets.clients),
        *((stamp.at - _EPOCH) // dt.timedelta(milliseconds=1), stamp.clock_trusted, stamp.boot_id, stamp.monotonic_ms),
        *(use.offline, [remark.value for remark in use.remarks]),
        *(() if use.event_label is None else (use.event_label,)),
    ]
    return Link(chain, position, previous, hashlib.sha256(msgspec.json.encode(form)).digest())
