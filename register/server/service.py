"""Listening on an address until told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Callable

from aiohttp import web

from register.address import Address
from register.errors import CannotServe

STOP_LIMIT_S = 10.0
"""Calls that are still under way when the register is stopped get so long."""


@contextlib.asynccontextmanager
async def serving(app: web.Application, address: Address) -> AsyncIterator[str]:
    """Serve `app` while the context lasts; yields the URL. Raises CannotServe.

    At its end long polls are answered at once and other calls finished.
    """
    tls = _tls_of(address)
    runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=STOP_LIMIT_S)
    await runner.setup()
    try:
        site = web.TCPSite(runner, address.host, address.port, ssl_context=tls)
        try:
            await site.start()
        except OSError as error:
            reason = error.strerror or str(error)
            raise CannotServe(f"The register cannot listen on {address.host}:{address.port}: {reason}.") from error
        port = runner.addresses[0][1]
        host = f"[{address.host}]" if ":" in address.host else address.host
        yield f"{'https' if tls else 'http'}://{host}:{port}"
    finally:
        await runner.cleanup()


async def serve_until(
    stop: asyncio.Event, app: web.Application, address: Address, on_ready: Callable[[str], None]
) -> None:
    """Serve until `stop` is set; `on_ready` gets the URL once it can be called."""
    async with serving(app, address) as url:
        on_ready(url)
        await stop.wait()


def _tls_of(address: Address) -> ssl.SSLContext | None:
    if address.tls_cert is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(address.tls_cert, address.tls_key)
    except (OSError, ssl.SSLError) as error:
        raise CannotServe(f"The certificate {address.tls_cert} cannot be used: {error}.") from error
    return context
