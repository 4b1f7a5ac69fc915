"""Taking a kiosk in by its one-time token."""

from __future__ import annotations

import datetime as dt
import uuid

import sqlite_utils

from contract.continuing import is_proved
from contract.keys import first_key
from contract.messages import Enrolment, EnrolmentRequest
from register.model import Kiosk
from register.store.devices import continue_device
from register.store.kiosks import add_key, add_kiosk, digest_of, find_author, find_key, new_secret
from register.store.settings import settings_of
from register.store.tokens import has_expired, spend_token


def enrol(db: sqlite_utils.Database, request: EnrolmentRequest, now: dt.datetime) -> Enrolment:
    """Use the token up and make an identity, both or neither; raises Declined for a token that is no good.

    Asked again with the same token and device secret, it gives the same identity. A claim to be a kiosk of before
    that is not proved, or is another venue's, is passed over: the token alone lets the kiosk in.
    """
    key = new_secret() if request.device_secret is None else first_key(request.token, request.device_secret)
    if (known := _enrolled_before(db, request.token, key, now)) is not None:
        return _answer(db, known, key, now)
    token = spend_token(db, digest_of(request.token), now)
    kiosk = Kiosk(str(uuid.uuid4()), token.venue_id, token.kiosk_name or request.device.name)
    add_kiosk(db, kiosk, request.device, now)
    add_key(db, kiosk.id, digest_of(key), now)
    if (earlier_id := _who_it_was(db, request, kiosk)) is not None:
        continue_device(db, kiosk.id, earlier_id)
    return _answer(db, kiosk, key, now)


def _who_it_was(db: sqlite_utils.Database, request: EnrolmentRequest, kiosk: Kiosk) -> str | None:
    for claim in request.continues or ():
        author = find_author(db, claim.kiosk_id)
        if author is None or author.kiosk.venue_id != kiosk.venue_id:
            continue
        if any(is_proved(claim, digest, request.token) for digest in author.key_digests):
            return author.kiosk.id
    return None


def _enrolled_before(db: sqlite_utils.Database, token: str, key: str, now: dt.datetime) -> Kiosk | None:
    """The kiosk that has this very key from this very token, while the token lasts: its answer was lost."""
    found = find_key(db, digest_of(key))
    if found is None or found.revoked or found.superseded or has_expired(db, digest_of(token), now):
        return None
    return found.kiosk


def _answer(db: sqlite_utils.Database, kiosk: Kiosk, key: str, now: dt.datetime) -> Enrolment:
    settings = settings_of(db)
    return Enrolment(
        kiosk_id=kiosk.id,
        key=key,
        venue_id=kiosk.venue_id,
        lookup=settings.lookup,
        register_public_key=settings.public_key,
        server_time=now,
    )
