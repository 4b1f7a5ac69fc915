"""Taking in one counted refusal."""

from __future__ import annotations

import datetime as dt

import sqlite_utils

from contract.messages import ItemResult, RefusalSent
from register.intake.items import answer_again, content_of, stored
from register.model import Kiosk
from register.store.refusals import add_later_hour, add_refusal, find_refusal_content


def take_refusal(
    db: sqlite_utils.Database, author: Kiosk, refusal: RefusalSent, received_at: dt.datetime
) -> ItemResult:
    """Count what `author` sent, once."""
    content, recorded = content_of(refusal, author), find_refusal_content(db, refusal.id)
    if recorded is not None:
        if content == recorded:
            add_later_hour(db, refusal, received_at)
        return answer_again(refusal.id, content, recorded)
    add_refusal(db, refusal, author=author, content=content, received_at=received_at)
    return stored(refusal.id)
