"""The register's word on a use that it has, whole each time, as each word takes the place of the one before."""

from __future__ import annotations

import datetime as dt

import sqlite_utils

from contract.messages import Texts, Verdict
from register.model import Kiosk
from register.rules.words import words_for
from register.store.verdicts import reasons_against_use, uses_judged_since

_NOTHING = Texts(fi="", sv="", en="")


def verdict_on(db: sqlite_utils.Database, use_id: str) -> Verdict:
    """All that stands against a recorded use by now."""
    reasons = reasons_against_use(db, use_id)
    return Verdict(use_id=use_id, reasons=reasons, message=words_for(reasons) or _NOTHING)


def verdicts_since(db: sqlite_utils.Database, kiosk: Kiosk, since: dt.datetime) -> list[Verdict]:
    """Verdicts that the feed told, or would have told, the kiosk at `since` or later."""
    return [verdict_on(db, use_id) for use_id in uses_judged_since(db, kiosk, since)]
