"""What another machine than the kiosk itself gets before it has said the PIN: the page that asks for it."""

from __future__ import annotations

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from kiosk.screen.guard import is_this_machine
from kiosk.screen.office.server import Office

OPEN_PATHS = ("/venue/pin", "/static/", "/visitor")
"""The visitor page says no more than a sign on the door."""


def kept_from_others(office: Office) -> Middleware:
    """A middleware that lets this machine's own screen to the desk without a PIN, and nobody else."""

    @web.middleware
    async def keep(request: web.Request, handler: Handler) -> web.StreamResponse:
        if is_this_machine(request.remote) or is_open(request) or office.session_of(request) is not None:
            return await handler(request)
        if request.method == "GET" and request.path != "/events":
            raise web.HTTPSeeOther("/venue/pin")
        raise web.HTTPForbidden(text=office.frame.translator_of(request).gettext("Enter the PIN first."))

    return keep


def is_open(request: web.Request) -> bool:
    """Whether the address needs no PIN from anywhere."""
    is_signs_stream = request.path == "/events" and request.query.get("page") == "visitor"
    return request.path.startswith(OPEN_PATHS) or is_signs_stream
