"""The chain of a kiosk's uses: what is hashed, so that a record that is missing or was changed is found.

A link's hash is SHA-256 of a JSON array in UTF-8, without spaces, nothing escaped that need not be:

    ["kaikukortti-use-1", chain, position, previous, id, sequence, lookup_key, sealed_number, event_id, kind,
     own_ticket, children, assistants, clients, at, clock_trusted, boot_id, monotonic_ms, offline, remarks]

and one more, `event_label`, for a use that has one; each as the use is sent. `at` is the time in whole milliseconds
since 1970 as the kiosk recorded it: `decided.uncorrected_at` where it was put right since, else `decided.at`. Hashes
are 64 hex digits in lower case; `previous` of the first link is `FIRST`.
"""

from __future__ import annotations

import datetime as dt
import hashlib

import msgspec
from msgspec import UNSET

from contract.messages import UseSent

FORM = "kaikukortti-use-1"
FIRST = "0" * 64
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def hash_of(use: UseSent, *, chain: str, position: int, previous: str) -> str:
    """The hash that the link of `use` at this place must have."""
    stamp = use.decided
    recorded_at_ms = ((stamp.uncorrected_at or stamp.at) - _EPOCH) // dt.timedelta(milliseconds=1)
    form = (
        *(FORM, chain, position, previous),
        *(use.id, stamp.sequence, use.lookup_key, use.sealed_number, use.event_id, use.kind),
        *(use.own_ticket, use.children, use.assistants, use.clients),
        *(recorded_at_ms, stamp.clock_trusted, stamp.boot_id, stamp.monotonic_ms),
        *(use.offline, use.remarks),
        *(() if use.event_label is UNSET else (use.event_label,)),
    )
    return hashlib.sha256(msgspec.json.encode(form)).hexdigest()
