"""`POST /v1/uses`, `/v1/annulments`, `/v1/refusals`: batches in which every item has its own answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from functools import partial

import sqlite_utils
from aiohttp import web

from contract.messages import AnnulmentSent, BatchResult, ItemResult, RefusalSent, UseSent
from register.intake.annulments import take_annulment
from register.intake.items import Item, read_items
from register.intake.refusals import take_refusal
from register.intake.seals import cards_named_by
from register.intake.second_looks import look_again_beside
from register.intake.uses import take_use
from register.model import Kiosk
from register.server.bodies import RawAnnulments, RawRefusals, RawUses, answer, read_envelope
from register.server.services import SERVICES, Services

Take = Callable[[sqlite_utils.Database, Item, set[str]], ItemResult]


async def post_uses(request: web.Request, kiosk: Kiosk) -> web.Response:
    """Record uses."""
    services, envelope = request.app[SERVICES], await read_envelope(request, RawUses)
    items = read_items(envelope.uses, UseSent)
    return answer(await services.finishing.to_the_end(_take_uses(services, kiosk, items)))


async def post_annulments(request: web.Request, kiosk: Kiosk) -> web.Response:
    """Annul uses of this kiosk."""
    services, envelope = request.app[SERVICES], await read_envelope(request, RawAnnulments)
    items = read_items(envelope.annulments, AnnulmentSent)
    now = services.clock.now()

    def take(db: sqlite_utils.Database, annulment: AnnulmentSent, changed: set[str]) -> ItemResult:
        return take_annulment(db, kiosk, annulment, now, changed=changed)

    return answer(await services.finishing.to_the_end(_take_all(services, items, take, now)))


async def post_refusals(request: web.Request, kiosk: Kiosk) -> web.Response:
    """Count refusals."""
    services, envelope = request.app[SERVICES], await read_envelope(request, RawRefusals)
    items = read_items(envelope.refusals, RefusalSent)
    now = services.clock.now()

    def take(db: sqlite_utils.Database, refusal: RefusalSent, _changed: set[str]) -> ItemResult:
        return take_refusal(db, kiosk, refusal, now)

    return answer(await services.finishing.to_the_end(_take_all(services, items, take, now)))


async def _take_uses(services: Services, kiosk: Kiosk, items: Sequence[UseSent | ItemResult]) -> BatchResult:
    readable = [item for item in items if isinstance(item, UseSent)]
    cards = iter(await cards_named_by(readable, services.register))
    now = services.clock.now()

    def take(db: sqlite_utils.Database, use: UseSent, changed: set[str]) -> ItemResult:
        return take_use(db, kiosk, use, next(cards), now, changed=changed)

    return await _take_all(services, items, take, now)


async def _take_all(
    services: Services, items: Sequence[Item | ItemResult], take: Take[Item], now: dt.datetime
) -> BatchResult:
    """Every item's answer, in one transaction that is on the disk when this returns."""
    results = await services.register.database.write(partial(_each, items=items, take=take, now=now))
    services.news.poke()
    return BatchResult(results=results)


def _each(
    db: sqlite_utils.Database, *, items: Sequence[Item | ItemResult], take: Take[Item], now: dt.datetime
) -> tuple[ItemResult, ...]:
    changed: set[str] = set()
    results = tuple(item if isinstance(item, ItemResult) else take(db, item, changed) for item in items)
    look_again_beside(db, changed, now)
    return results
