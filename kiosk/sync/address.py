"""Where the register is, and whom to believe there: checked once, at the start."""

from __future__ import annotations

import ipaddress
import ssl
from pathlib import Path

from yarl import URL

from kiosk.errors import ConfigError


def checked_address(text: str, *, allow_insecure: bool = False) -> URL:
    """The register's address; raises ConfigError for one that cannot be used, or not safely.

    Plain http:// would send the key in clear, so it is for this machine only unless `allow_insecure`.
    """
    try:
        url = URL(text)
    except ValueError:
        raise ConfigError(["The register's address cannot be read. Write it like https://register.example."]) from None
    if url.scheme not in ("https", "http") or not url.host:
        raise ConfigError(["The register's address must begin with https:// and name a host."])
    if url.scheme == "http" and not allow_insecure and not _is_this_machine(url.host):
        raise ConfigError(
            ["The register's address begins with http://, which sends the kiosk's key in clear. Use https://."]
        )
    if url.user or url.password or url.query_string or url.fragment:
        raise ConfigError(["The register's address must hold no password, no “?” and no “#”."])
    return url


def tls_context(ca_file: Path | None) -> ssl.SSLContext:
    """Trust in the system's authorities, or only in those of `ca_file`; raises ConfigError."""
    try:
        return ssl.create_default_context(cafile=None if ca_file is None else str(ca_file))
    except FileNotFoundError:
        raise ConfigError([f"There is no certificate file {ca_file}."]) from None
    except ssl.SSLError:
        raise ConfigError([f"The certificate file {ca_file} holds no certificate in PEM form."]) from None
    except OSError as error:
        raise ConfigError([f"The certificate file {ca_file} cannot be read: {error.strerror}."]) from None


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
