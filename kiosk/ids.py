"""Identifiers that sort by time: UUID version 7 (RFC 9562, section 5.7)."""

from __future__ import annotations

import datetime as dt
import secrets
import uuid

_RANDOM_BITS_A = 12
_RANDOM_BITS_B = 62


def new_id(at: dt.datetime) -> str:
    """A fresh UUIDv7 in lower case for something decided at `at` (aware)."""
    milliseconds = max(0, int(at.timestamp() * 1000)) & ((1 << 48) - 1)
    value = milliseconds << 80
    value |= 0x7 << 76 | secrets.randbits(_RANDOM_BITS_A) << 64
    value |= 0b10 << 62 | secrets.randbits(_RANDOM_BITS_B)
    return str(uuid.UUID(int=value))
