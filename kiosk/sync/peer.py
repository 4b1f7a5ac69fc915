"""The certificate that the register shows, whole, for whoever looks how long it is still good for."""

from __future__ import annotations

import asyncio
import contextlib
import ssl

from yarl import URL


async def certificate_of(url: URL, tls: ssl.SSLContext, *, timeout_s: float) -> bytes | None:
    """The trusted certificate behind `url` in DER form; None where there is none to be had, as over plain http."""
    if url.scheme != "https" or url.host is None:
        return None
    try:
        async with asyncio.timeout(timeout_s):
            _, writer = await asyncio.open_connection(url.host, url.port, ssl=tls)
            try:
                shown: bytes | None = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
                return shown
            finally:
                writer.close()
                with contextlib.suppress(OSError):
                    await writer.wait_closed()
    except (OSError, TimeoutError):
        return None
