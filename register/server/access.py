"""Letting kiosks in by their keys, each for its own venue and for the kiosk's calls alone."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from functools import partial

from aiohttp import hdrs, web

from register.errors import Declined
from register.model import Kiosk
from register.server.services import SERVICES
from register.store.kiosks import begin_using_key, digest_of, find_key

KioskHandler = Callable[[web.Request, Kiosk], Awaitable[web.StreamResponse]]
_BEARER = re.compile(r"(?i:bearer) +([A-Za-z0-9._~+/-]{1,200}=*)")


def for_kiosks(handler: KioskHandler) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """`handler`, for requests with a good key only; it is told whose the key is."""

    async def handle(request: web.Request) -> web.StreamResponse:
        return await handler(request, await _kiosk_of(request))

    return handle


async def _kiosk_of(request: web.Request) -> Kiosk:
    given = _BEARER.fullmatch(request.headers.get(hdrs.AUTHORIZATION, ""))
    if given is None:
        raise Declined("unauthorised", "send `Authorization: Bearer KEY`")
    services, digest = request.app[SERVICES], digest_of(given[1])
    found = await services.register.database.read(partial(find_key, digest=digest))
    if found is None:
        raise Declined("unauthorised", "the key is unknown")
    if found.revoked:
        raise Declined("key-revoked")
    good = not found.superseded
    if good and not found.in_use:
        now = services.clock.now()
        good = await services.register.database.write(partial(begin_using_key, digest=digest, at=now))
    if not good:
        raise Declined("unauthorised", "the key was superseded by a newer one")
    return found.kiosk
