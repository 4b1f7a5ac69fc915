"""One-time enrolment tokens; of a token only its digest is kept."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlite_utils

from contract.messages import ProblemType
from register.clock import to_ms
from register.errors import Declined

TOKEN_LIFE = dt.timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Token:
    """Where a token lets a kiosk in."""

    venue_id: str
    kiosk_name: str | None
    """What the kiosk is called; None: as it says itself."""


def add_token(db: sqlite_utils.Database, digest: bytes, token: Token, at: dt.datetime) -> dt.datetime:
    """Keep a token; returns the instant at which it expires."""
    expires_at = at + TOKEN_LIFE
    db.execute(
        "INSERT INTO tokens (digest, venue_id, kiosk_name, expires_at_ms) VALUES (?, ?, ?, ?)",
        (digest, token.venue_id, token.kiosk_name, to_ms(expires_at)),
    )
    return expires_at


def spend_token(db: sqlite_utils.Database, digest: bytes, at: dt.datetime) -> Token:
    """Use a token up; raises Declined where it is unknown, was used or has expired."""
    row = db.execute(
        "SELECT venue_id, kiosk_name, used_at_ms, expires_at_ms FROM tokens WHERE digest = ?", (digest,)
    ).fetchone()
    problem = _problem(row, at)
    if problem is not None:
        raise Declined(problem)
    db.execute("UPDATE tokens SET used_at_ms = ? WHERE digest = ?", (to_ms(at), digest))
    return Token(row[0], row[1])


def has_expired(db: sqlite_utils.Database, digest: bytes, at: dt.datetime) -> bool:
    """Whether the token's time is over; so is that of one that is not known."""
    row = db.execute("SELECT expires_at_ms FROM tokens WHERE digest = ?", (digest,)).fetchone()
    return row is None or to_ms(at) >= row[0]


def _problem(row: tuple[str, str | None, int | None, int] | None, at: dt.datetime) -> ProblemType | None:
    if row is None:
        return "token-unknown"
    _, _, used_at_ms, expires_at_ms = row
    if used_at_ms is not None:
        return "token-used"
    return "token-expired" if to_ms(at) >= expires_at_ms else None
