"""Enrolment, keys and the profile: who a kiosk is."""

from __future__ import annotations

from functools import partial

from aiohttp import web

from contract.messages import EnrolmentRequest, NewKey
from register.intake.enrolments import enrol
from register.model import Kiosk
from register.server.bodies import answer, read_message
from register.server.services import SERVICES
from register.store.kiosks import add_key, digest_of, new_secret
from register.store.profiles import profile_of


async def post_enrolment(request: web.Request) -> web.Response:
    """`POST /v1/enrolments`."""
    services, asked = request.app[SERVICES], await read_message(request, EnrolmentRequest)
    job = partial(enrol, request=asked, now=services.clock.now())
    return answer(await services.register.database.write(job))


async def post_key(request: web.Request, kiosk: Kiosk) -> web.Response:
    """`POST /v1/kiosk/key`."""
    services, key = request.app[SERVICES], new_secret()
    job = partial(add_key, kiosk_id=kiosk.id, digest=digest_of(key), at=services.clock.now())
    await services.register.database.write(job)
    return answer(NewKey(key=key))


async def get_kiosk(request: web.Request, kiosk: Kiosk) -> web.Response:
    """`GET /v1/kiosk`."""
    services = request.app[SERVICES]
    job = partial(profile_of, kiosk=kiosk, now=services.clock.now())
    return answer(await services.register.database.read(job))
