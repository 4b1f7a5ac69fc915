"""Looking again at flagged uses when what they were held against has changed: a reason may fall away."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import replace

import msgspec
import sqlite_utils

from register.intake.cases import Presented, gather
from register.intake.verdicts import verdict_on
from register.model import CardNamed
from register.rules.flags import Case, reasons_against
from register.rules.words import DOUBLE
from register.store.feed import tell
from register.store.turns import find_judged, flagged_beside, turn_reasons
from register.store.verdicts import reasons_against_use

BY_OTHER_USES = frozenset({DOUBLE, "quota-exceeded", "course-limit"})
"""Reasons that hang on what else is recorded."""
BY_COUNTING = BY_OTHER_USES | {"sold-out"}
"""Reasons that stand only against a use that takes a place."""
OF_THE_EVENT = frozenset({"quota-exceeded", "sold-out"})
"""Reasons that only the event itself can end for a use that takes a place."""
OF_THE_CARD = frozenset({"card-blocked", "card-expired", "card-not-yet-valid"})
"""Reasons that hang on the card, and on when the use was."""
BY_TIME = BY_OTHER_USES | OF_THE_CARD | {"time-in-future"}
"""Reasons that hang on when the use was."""


def look_again_beside(db: sqlite_utils.Database, use_ids: Collection[str], at: dt.datetime) -> None:
    """These uses count no more, or on another day: what others were held against them for may be over.

    Asked once for a whole batch: each use looked at for each other one, a batch would keep all others waiting.
    """
    for beside in flagged_beside(db, use_ids):
        look_again(db, beside, BY_OTHER_USES, at)


def look_again(db: sqlite_utils.Database, use_id: str, may_end: frozenset[str], at: dt.datetime) -> None:
    """End those of the reasons `may_end` that no longer stand against the use, and tell its device.

    Others stay, whatever has become of card, event and rules since: they were so when the use was decided.
    """
    known = reasons_against_use(db, use_id)
    if may_end.isdisjoint(known):
        return
    use = find_judged(db, use_id)
    presented = Presented(
        use_id=use_id,
        card=CardNamed(use.lookup_key),
        event_id=use.event_id,
        kind=use.kind,
        seats=use.seats,
        decided_at=use.decided_at,
        annulled=not use.stands,
    )
    case = _asked_strictly(gather(db, use.kiosk, presented, at).case)
    still = set(reasons_against(case))
    if case.counts and case.event_named and not case.event_known:
        still |= OF_THE_EVENT  # it was taken off the list since, and nobody knows how many places it had
    if ended := [reason for reason in known if reason in may_end and reason not in still]:
        turn_reasons(db, use_id, ended, stand=False, at=at)
        tell(db, at, verdict_on(db, use_id), venue_id=use.kiosk.venue_id, only_kiosk_id=use.kiosk.id)


def _asked_strictly(case: Case) -> Case:
    """The case under rules that let nobody in beyond a limit, as they were when the use was flagged for it."""
    return replace(case, policy=msgspec.structs.replace(case.policy, when_quota_full="ask", when_sold_out="ask"))
