"""What a kiosk is told of itself."""

from __future__ import annotations

import datetime as dt

import sqlite_utils

from contract.messages import Profile
from register.model import Kiosk
from register.store.settings import settings_of
from register.store.venues import closed_areas, rules_of_venue


def profile_of(db: sqlite_utils.Database, kiosk: Kiosk, now: dt.datetime) -> Profile:
    """The venue, policy and limits of `kiosk` as they are at `now`."""
    settings, rules = settings_of(db), rules_of_venue(db, kiosk.venue_id)
    return Profile(
        kiosk_id=kiosk.id,
        venue=rules.venue,
        policy=rules.policy,
        closed_areas=closed_areas(db),
        lookup=settings.lookup,
        wanted_software_version=settings.wanted_software_version,
        server_time=now,
    )
