"""`POST /v1/checks`: what stands against a use, before it is one."""

from __future__ import annotations

from functools import partial

from aiohttp import web

from contract.messages import CheckRequest
from register.intake.checks import answer_check
from register.model import Kiosk
from register.server.bodies import answer, read_message
from register.server.services import SERVICES


async def post_check(request: web.Request, kiosk: Kiosk) -> web.Response:
    """Answer from one read; nothing is recorded."""
    services, asked = request.app[SERVICES], await read_message(request, CheckRequest)
    job = partial(answer_check, author=kiosk, asked=asked, now=services.clock.now())
    return answer(await services.register.database.read(job))
