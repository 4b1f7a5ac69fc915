"""`POST /v1/heartbeats`: how a kiosk is."""

from __future__ import annotations

from functools import partial

from aiohttp import web

from contract.messages import Heartbeat, HeartbeatAnswer
from register.model import Kiosk
from register.server.bodies import answer, read_message
from register.server.services import SERVICES
from register.store.heartbeats import keep_heartbeat


async def post_heartbeat(request: web.Request, kiosk: Kiosk) -> web.Response:
    """Keep the newest, and tell the register's time."""
    services, told = request.app[SERVICES], await read_message(request, Heartbeat)
    now = services.clock.now()
    await services.register.database.write(partial(keep_heartbeat, kiosk=kiosk, told=told, at=now))
    return answer(HeartbeatAnswer(server_time=now))
