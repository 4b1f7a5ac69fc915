"""Answering what stands against a use before it is one."""

from __future__ import annotations

import datetime as dt

import sqlite_utils

from contract.messages import CheckAnswer, CheckRequest
from register.intake.cases import Presented, gather
from register.model import CardNamed, Kiosk
from register.rules.flags import reasons_against
from register.store.uses import Seats


def answer_check(db: sqlite_utils.Database, author: Kiosk, asked: CheckRequest, now: dt.datetime) -> CheckAnswer:
    """What the rules would say to the use at `now` with one ticket; nothing is recorded."""
    presented = Presented(
        use_id=asked.use_id,
        card=CardNamed(bytes.fromhex(asked.lookup_key)),
        event_id=asked.event_id,
        kind=asked.kind,
        seats=Seats(own_ticket=1, children=0, assistants=0, clients=0),
        decided_at=now,
    )
    case = gather(db, author, presented, now).case
    return CheckAnswer(reasons=reasons_against(case), used=case.courses.before, limit=case.courses.limit)
