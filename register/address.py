"""Where the register listens, and whether others could listen in there."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Address:
    """Where to listen, and how."""

    host: str
    port: int
    """0: any that is free."""
    tls_cert: Path | None = None
    tls_key: Path | None = None
    insecure: bool = False
    """Serve without TLS also where others can listen in."""


def is_exposed(address: Address) -> bool:
    """Whether others could listen in: neither TLS nor this machine alone, and nobody said that this is meant."""
    if address.tls_cert is not None or address.insecure or address.host == "localhost":
        return False
    try:
        return not ipaddress.ip_address(address.host).is_loopback
    except ValueError:
        return True
