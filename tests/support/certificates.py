"""Certificates of an invented authority, right and wrong ones."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from pathlib import Path

import trustme

from tests.support.faulty_proxy import Fault


@dataclass(frozen=True)
class Certificates:
    """What servers show, by fault, and the file with the authority to trust."""

    shown: dict[Fault, ssl.SSLContext]
    ca_file: Path


def make_certificates(folder: Path) -> Certificates:
    """A certificate that will do, one of an authority that nobody trusts, and one for another host."""
    authority, stranger = trustme.CA(), trustme.CA()
    ca_file = folder / "authority.pem"
    authority.cert_pem.write_to_path(str(ca_file))
    shown = {
        Fault.NONE: authority.issue_cert("127.0.0.1"),
        Fault.UNTRUSTED_CERTIFICATE: stranger.issue_cert("127.0.0.1"),
        Fault.WRONG_NAME: authority.issue_cert("somewhere.example"),
    }
    return Certificates({fault: _context(leaf) for fault, leaf in shown.items()}, ca_file)


def _context(leaf: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    leaf.configure_cert(context)
    return context
