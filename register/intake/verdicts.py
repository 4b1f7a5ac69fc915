"""The register's word on a use that it has, whole each time, as each word takes the place of the one before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import sqlite_utils

from contract.messages import Texts, Verdict
from register.model import Kiosk
from register.rules.days import day_of, span_of_day
from register.rules.words import DOUBLE, Sighting, words_for
from register.store.uses import Double, list_doubles
from register.store.verdicts import place_of_use, reasons_against_use, uses_judged_since

_NOTHING = Texts(fi="", sv="", en="")


def verdict_on(db: sqlite_utils.Database, use_id: str) -> Verdict:
    """All that stands against a recorded use by now."""
    reasons = reasons_against_use(db, use_id)
    return Verdict(use_id=use_id, reasons=reasons, message=words_on(db, use_id, reasons) or _NOTHING)


def words_on(db: sqlite_utils.Database, use_id: str, reasons: tuple[str, ...]) -> Texts | None:
    """What `reasons` against a recorded use have to say, with the doors where its card was used besides."""
    place = place_of_use(db, use_id) if DOUBLE in reasons else None
    if place is None:
        return words_for(reasons)
    day = span_of_day(day_of(place.decided_at))
    return words_for(
        reasons, sightings_of(list_doubles(db, place.venue_id, place.event_id, place.lookup_key, day, but=use_id))
    )


def sightings_of(doubles: Sequence[Double]) -> list[Sighting]:
    """The doors and times of `doubles`."""
    return [Sighting(double.door, double.decided_at) for double in doubles]


def verdicts_since(db: sqlite_utils.Database, kiosk: Kiosk, since: dt.datetime) -> list[Verdict]:
    """Verdicts that the feed told, or would have told, the kiosk at `since` or later."""
    return [verdict_on(db, use_id) for use_id in uses_judged_since(db, kiosk, since)]
