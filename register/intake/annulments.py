"""Taking in one annulment, also where it comes before its use."""

from __future__ import annotations

import datetime as dt

import sqlite_utils

from contract.messages import AnnulmentElsewhere, AnnulmentSent, ItemResult
from register.intake.items import answer_again, content_of, refused, stored
from register.intake.second_looks import BY_COUNTING, look_again
from register.model import Kiosk
from register.store.annulments import add_annulment, find_annulment_content, find_use_to_annul
from register.store.feed import tell
from register.store.later_times import add_later_time


def take_annulment(
    db: sqlite_utils.Database, author: Kiosk, annulment: AnnulmentSent, received_at: dt.datetime, *, changed: set[str]
) -> ItemResult:
    """Record what `author` sent; refused only for another device's use.

    A use that counts no more is put into `changed`, for `look_again_beside` after the batch.

    Kept also where the use has not come yet: it then counts as annulled from the start.
    """
    content, recorded = content_of(annulment, author), find_annulment_content(db, annulment.id)
    if recorded is not None:
        if content == recorded:
            add_later_time(db, "annulments", annulment.id, annulment.annulled, received_at)
        return answer_again(annulment.id, content, recorded)
    use = find_use_to_annul(db, annulment.use_id, author)
    if use is not None and not use.is_own:
        return refused(annulment.id, "use-of-other-kiosk")
    add_annulment(db, annulment, author=author, content=content, received_at=received_at)
    if use is not None and use.told and not use.annulled:
        elsewhere = AnnulmentElsewhere(use_id=annulment.use_id, annulled_at=annulment.annulled.at)
        tell(db, received_at, elsewhere, venue_id=author.venue_id, except_kiosk_id=author.id)
    if use is not None and not use.annulled:
        look_again(db, annulment.use_id, BY_COUNTING, received_at)
        changed.add(annulment.use_id)
    return stored(annulment.id)
