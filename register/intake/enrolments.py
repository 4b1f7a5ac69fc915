"""Taking a kiosk in by its one-time token."""

from __future__ import annotations

import datetime as dt
import uuid

import sqlite_utils

from contract.messages import Enrolment, EnrolmentRequest
from register.model import Kiosk
from register.store.kiosks import add_key, add_kiosk, digest_of, new_secret
from register.store.settings import settings_of
from register.store.tokens import spend_token


def enrol(db: sqlite_utils.Database, request: EnrolmentRequest, now: dt.datetime) -> Enrolment:
    """Use the token up and make an identity, both or neither; raises Declined for a token that is no good."""
    token = spend_token(db, digest_of(request.token), now)
    kiosk = Kiosk(str(uuid.uuid4()), token.venue_id, token.kiosk_name or request.device.name)
    key = new_secret()
    add_kiosk(db, kiosk, request.device, now)
    add_key(db, kiosk.id, digest_of(key), now)
    settings = settings_of(db)
    return Enrolment(
        kiosk_id=kiosk.id,
        key=key,
        venue_id=kiosk.venue_id,
        lookup=settings.lookup,
        register_public_key=settings.public_key,
        server_time=now,
    )
