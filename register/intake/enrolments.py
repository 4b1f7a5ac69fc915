"""Taking a kiosk in by its one-time token."""

from __future__ import annotations

import datetime as dt
import uuid

import sqlite_utils

from contract.keys import first_key
from contract.messages import Enrolment, EnrolmentRequest
from register.model import Kiosk
from register.store.kiosks import add_key, add_kiosk, digest_of, find_key, new_secret
from register.store.settings import settings_of
from register.store.tokens import has_expired, spend_token


def enrol(db: sqlite_utils.Database, request: EnrolmentRequest, now: dt.datetime) -> Enrolment:
    """Use the token up and make an identity, both or neither; raises Declined for a token that is no good.

    Asked again with the same token and device secret, it gives the same identity.
    """
    key = new_secret() if request.device_secret is None else first_key(request.token, request.device_secret)
    if (known := _enrolled_before(db, request.token, key, now)) is not None:
        return _answer(db, known, key, now)
    token = spend_token(db, digest_of(request.token), now)
    kiosk = Kiosk(str(uuid.uuid4()), token.venue_id, token.kiosk_name or request.device.name)
    add_kiosk(db, kiosk, request.device, now)
    add_key(db, kiosk.id, digest_of(key), now)
    return _answer(db, kiosk, key, now)


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
