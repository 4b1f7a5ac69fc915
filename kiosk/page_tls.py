"""Where the pages are served, and by TLS to every machine but the kiosk's own."""

from __future__ import annotations

import ipaddress
import ssl

from kiosk.errors import ConfigError
from kiosk.screen.server import Listening
from kiosk.sections import ScreenSection

NEEDS_TLS = (
    "screen.host is {}, which other machines reach: name screen.certificate and screen.certificate_key, so that the "
    "PIN and the pages go by TLS."
)


def page_tls(screen: ScreenSection) -> ssl.SSLContext | None:
    """What to serve the pages with; None: plain, to this machine alone. Raises ConfigError."""
    if screen.certificate is None or screen.certificate_key is None:
        if not _is_this_machine(screen.host):
            raise ConfigError([NEEDS_TLS.format(screen.host)])
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(screen.certificate, screen.certificate_key)
    except (OSError, ssl.SSLError) as error:
        reason = error.strerror or getattr(error, "reason", None) or error
        raise ConfigError([f"screen.certificate and its key cannot be used: {reason}."]) from error
    return context


def places_of(screen: ScreenSection, tls: ssl.SSLContext | None) -> tuple[Listening, ...]:
    """Where to serve the pages: beside TLS also plain to the own screen, whose browser trusts no certificate."""
    named = Listening(screen.host, screen.port, tls)
    return (named,) if tls is None else (named, Listening("127.0.0.1", screen.own_screen_port))


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
