"""What keeps strangers' pages out: host and origin checks, and the headers that bind the browser."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from aiohttp import web

LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]"})
CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def guarded_by(allowed_hosts: Iterable[str]) -> Any:
    """A middleware that answers only for this machine's own names and `allowed_hosts`.

    A page of another site that reaches the kiosk through a name of its own (DNS rebinding) or sends a form to it
    (CSRF) gets 403, in words.
    """
    allowed = LOOPBACK_HOSTS | {host.lower() for host in allowed_hosts}

    @web.middleware
    async def guard(request: web.Request, handler: Any) -> web.StreamResponse:
        host = request.headers.get("Host", "").lower()
        if _without_port(host) not in allowed:
            raise web.HTTPForbidden(text="This kiosk does not answer under that host name.")
        origin = request.headers.get("Origin")
        if request.method == "POST" and origin is not None and origin.lower() != f"{request.scheme}://{host}":
            raise web.HTTPForbidden(text="This form was sent from another site.")
        response: web.StreamResponse = await handler(request)
        return response

    return guard


async def bind_browser(_: web.Request, response: web.StreamResponse) -> None:
    """Put the headers on every answer, errors and streams too."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)


def _without_port(host: str) -> str:
    name, colon, port = host.rpartition(":")
    return name if colon and port.isdigit() else host
