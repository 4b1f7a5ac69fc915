"""The kiosk's first words to the register: a one-time token for an identity."""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from contract import messages as m
from contract.continuing import MOST_CONTINUED, Continued, proof_of
from kiosk.cards.model import Identity, PastIdentity
from kiosk.cards.news import LookupParameters
from kiosk.errors import EnrolmentError, Rejected, Unreachable
from kiosk.sync.pages import UNREADABLE
from kiosk.sync.wire import lookup_of, utc

IN_WORDS = {
    "token-used": "This enrolment token was used before. Ask for a new one.",
    "token-unknown": "The register does not know this enrolment token. Check it, or ask for a new one.",
    "token-expired": "This enrolment token is too old. Ask for a new one.",
}
"""The register's problem types, as the technician reads them."""


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What the register gave."""

    identity: Identity
    lookup: LookupParameters
    server_time: dt.datetime


class Server(Protocol):
    """Who takes the kiosk in; raises RegisterError, and EnrolmentError for a token that will not do."""

    async def enrol(
        self,
        token: str,
        device: m.DeviceFacts,
        device_secret: str | None = None,
        continues: tuple[Continued, ...] = (),
    ) -> m.Enrolment:
        """Exchange a one-time token for an identity, which `continues` those of before."""
        ...


async def enrol(
    server: Server,
    token: str,
    device: m.DeviceFacts,
    device_secret: str | None = None,
    before: Sequence[PastIdentity] = (),
) -> Enrolled:
    """The kiosk's identity in exchange for `token`, which works once; what it recorded as `before` stays its own.

    With the same `device_secret` the register gives the same answer again, so that a lost one costs no token. Raises
    EnrolmentError when another token is needed, and RegisterError when it may be tried again.
    """
    token = token.strip()
    continues = tuple(
        Continued(kiosk_id=each.kiosk_id, proof=proof_of(each.key_digest, each.kiosk_id, token))
        for each in before[:MOST_CONTINUED]
    )
    try:
        told = await server.enrol(token, device, device_secret, continues)
    except EnrolmentError as error:
        kind = str(error).partition(":")[0]
        raise EnrolmentError(IN_WORDS.get(kind, str(error))) from None
    except Rejected:
        raise EnrolmentError("This is not an enrolment token. Copy all of it, and nothing else.") from None
    try:
        identity = Identity(
            kiosk_id=told.kiosk_id,
            venue_id=told.venue_id,
            key=told.key,
            register_public_key=base64.b64decode(told.register_public_key, validate=True),
        )
        return Enrolled(identity, lookup_of(told.lookup), utc(told.server_time))
    except UNREADABLE:
        raise Unreachable("the register's answer cannot be understood") from None  # the cause might quote the key
