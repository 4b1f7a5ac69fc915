"""Taking in what a kiosk exported to a file, by the same rules as what it sends itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import sqlite_utils

from contract.messages import MAX_BATCH_ITEMS, AnnulmentSent, ItemResult, RefusalSent, UseSent
from contract.rescue import Rescued
from register.intake.annulments import take_annulment
from register.intake.items import read_items
from register.intake.refusals import take_refusal
from register.intake.seals import cards_named_by
from register.intake.second_looks import look_again_beside
from register.intake.uses import take_use
from register.model import CardNamed, Kiosk
from register.store.opening import Register

_KINDS: dict[str, type[UseSent | AnnulmentSent | RefusalSent]] = {
    "use": UseSent,
    "annulment": AnnulmentSent,
    "refusal": RefusalSent,
}
_Read = UseSent | AnnulmentSent | RefusalSent | ItemResult


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one record."""

    kind: str
    result: ItemResult


async def take_rescued(
    register: Register, author: Kiosk, records: Sequence[Rescued], received_at: dt.datetime
) -> list[Taken]:
    """Each record's answer in their order; as many records as a batch may hold in one transaction each.

    Stopped in the middle, it is safe to do all of it again: what is in already is a `duplicate`.
    """
    taken: list[Taken] = []
    for start in range(0, len(records), MAX_BATCH_ITEMS):
        part = records[start : start + MAX_BATCH_ITEMS]
        read: list[_Read] = [read_items([record.item], _KINDS[record.kind])[0] for record in part]
        cards = await cards_named_by([item for item in read if isinstance(item, UseSent)], register)
        job = partial(_take_all, author=author, items=read, cards=iter(cards), received_at=received_at)
        results = await register.database.write(job)
        taken += [Taken(record.kind, result) for record, result in zip(part, results, strict=True)]
    return taken


def _take_all(
    db: sqlite_utils.Database,
    *,
    author: Kiosk,
    items: Sequence[_Read],
    cards: Iterator[CardNamed | None],
    received_at: dt.datetime,
) -> list[ItemResult]:
    results: list[ItemResult] = []
    changed: set[str] = set()
    for item in items:
        match item:
            case ItemResult():
                results.append(item)
            case UseSent():
                results.append(take_use(db, author, item, next(cards), received_at, changed=changed))
            case AnnulmentSent():
                results.append(take_annulment(db, author, item, received_at, changed=changed))
            case RefusalSent():
                results.append(take_refusal(db, author, item, received_at))
    look_again_beside(db, changed, received_at)
    return results
