"""What keeps strangers' pages out: host and origin checks, and the headers that bind the browser."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable, Mapping

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from kiosk.screen.translations import Translator

LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]"})
CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    # `no-referrer` would make a browser send `Origin: null` with a plain form, which then looks like a stranger's.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def guarded_by(allowed_hosts: Iterable[str], translator_of: Callable[[web.Request], Translator]) -> Middleware:
    """A middleware that answers only for this machine's own names and `allowed_hosts`.

    A page of another site that reaches the kiosk through a name of its own (DNS rebinding) or sends a form to it
    (CSRF) gets 403, in words.
    """
    allowed = LOOPBACK_HOSTS | {host.lower() for host in allowed_hosts}

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        t = translator_of(request)
        host = request.headers.get("Host", "").lower()
        if host_name(host) not in allowed:
            raise web.HTTPForbidden(text=t.gettext("The kiosk does not answer under this address."))
        if request.method == "POST" and from_stranger(request.headers, host):
            raise web.HTTPForbidden(text=t.gettext("This was sent from another site: nothing was changed."))
        return await handler(request)

    return guard


def from_stranger(headers: Mapping[str, str], host: str) -> bool:
    """Whether a browser says that another site's page sent this; a program that is no browser says nothing."""
    origin = headers.get("Origin")
    if origin is not None:
        return origin.lower().partition("://")[2] != host
    return headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none")


async def bind_browser(_: web.Request, response: web.StreamResponse) -> None:
    """Put the headers on every answer, errors and streams too."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)


def host_name(host: str) -> str:
    """A Host header without its port."""
    name, colon, port = host.rpartition(":")
    return name if colon and port.isascii() and port.isdigit() else host


def is_this_machine(remote: str | None) -> bool:
    """Whether `remote` is a loopback address."""
    try:
        return remote is not None and ipaddress.ip_address(remote).is_loopback
    except ValueError:
        return False
