"""The register as an aiohttp application."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import cache, partial

import msgspec
from aiohttp import web

from contract.openapi import document
from contract.operations import JSON
from register.clock import Clock
from register.server.access import for_kiosks
from register.server.batches import post_annulments, post_refusals, post_uses
from register.server.bodies import MAX_BODY_BYTES
from register.server.changes import get_changes
from register.server.checks import post_check
from register.server.finishing import Finishing
from register.server.heartbeats import post_heartbeat
from register.server.identity import get_kiosk, post_enrolment, post_key
from register.server.news import LOOK_EVERY_S, News
from register.server.problems import errors_as_problems
from register.server.services import SERVICES, Services
from register.server.snapshot import get_snapshot
from register.store.feed import Growth, growth_after
from register.store.opening import Register


def create_app(register: Register, clock: Clock, look_every_s: float = LOOK_EVERY_S) -> web.Application:
    """The kiosk's calls on `register`, which stays the caller's to close, after the application.

    News that another program wrote are noticed after `look_every_s`; those of the application itself at once.
    """
    app = web.Application(middlewares=[errors_as_problems], client_max_size=MAX_BODY_BYTES)

    async def read_growth(seq: int) -> Growth:
        return await register.database.read(partial(growth_after, seq=seq))

    app[SERVICES] = Services(register, clock, News(read_growth, look_every_s), Finishing())
    app.cleanup_ctx.append(_news_are_read)
    app.on_shutdown.append(_end_the_waiting)
    app.router.add_routes(
        [
            web.post("/v1/enrolments", post_enrolment),
            web.post("/v1/kiosk/key", for_kiosks(post_key)),
            web.get("/v1/kiosk", for_kiosks(get_kiosk), allow_head=False),
            web.get("/v1/snapshot", for_kiosks(get_snapshot), allow_head=False),
            web.get("/v1/changes", for_kiosks(get_changes), allow_head=False),
            web.post("/v1/checks", for_kiosks(post_check)),
            web.post("/v1/uses", for_kiosks(post_uses)),
            web.post("/v1/annulments", for_kiosks(post_annulments)),
            web.post("/v1/refusals", for_kiosks(post_refusals)),
            web.post("/v1/heartbeats", for_kiosks(post_heartbeat)),
            web.get("/v1/openapi.json", _contract(), allow_head=False),
        ]
    )
    return app


def _contract() -> Callable[[web.Request], Awaitable[web.Response]]:
    @cache
    def body() -> bytes:
        return msgspec.json.encode(document())  # not at the start: kiosks never ask for it

    async def get_contract(_: web.Request) -> web.Response:
        return web.Response(body=body(), content_type=JSON)

    return get_contract


async def _news_are_read(app: web.Application) -> AsyncIterator[None]:
    reading = asyncio.create_task(app[SERVICES].news.run(), name="news")
    yield
    reading.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await reading
    await app[SERVICES].finishing.all_done()


async def _end_the_waiting(app: web.Application) -> None:
    app[SERVICES].news.close()
