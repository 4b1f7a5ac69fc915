"""A venue's administrator takes a use back, long after the kiosk itself could."""

from __future__ import annotations

import datetime as dt

import sqlite_utils

from contract.messages import AnnulmentElsewhere
from register.errors import NotFound
from register.intake.second_looks import BY_COUNTING, look_again, look_again_beside
from register.store.feed import tell
from register.store.venue_annulments import add_venue_annulment, find_use_of_venue


def annul_for_venue(db: sqlite_utils.Database, use_id: str, *, venue_id: str, why: str, at: dt.datetime) -> bool:
    """Take the use of `venue_id` back and tell the kiosks; False where that was done before, also by its kiosk.

    Raises NotFound where the venue has no such use, or its kiosk has not sent it yet.
    """
    use = find_use_of_venue(db, use_id, venue_id)
    if use is None:
        raise NotFound(
            f"There is no use {use_id} of the venue {venue_id}. Where its kiosk has not sent it yet, try again later; "
            "`register export-uses` shows what is here."
        )
    if not use.stands:
        return False
    add_venue_annulment(db, use_id, why, at)
    # Also to the kiosk that recorded it, which must no longer count it or offer to undo it.
    told = AnnulmentElsewhere(use_id=use_id, annulled_at=at)
    tell(db, at, told, venue_id=venue_id, only_kiosk_id=None if use.told else use.kiosk_id)
    look_again(db, use_id, BY_COUNTING, at)
    look_again_beside(db, [use_id], at)
    return True
