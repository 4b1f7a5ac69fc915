"""How long a TLS certificate is good for, read from the certificate itself."""

from __future__ import annotations

import datetime as dt
import ssl
from pathlib import Path

_VERSION = 0xA0
_UTC_TIME = 0x17
_LONG_LENGTH = 0x80
_LAST_OF_THIS_CENTURY = 49


def ends_at(der: bytes) -> dt.datetime:
    """The last instant (aware, UTC) of a certificate in DER form (RFC 5280, 4.1); raises ValueError."""
    try:
        _, at, _ = _element(der, 0)
        _, at, _ = _element(der, at)
        tag, _, end = _element(der, at)
        if tag == _VERSION:
            at = end
        for _ in ("serial number", "signature", "issuer"):
            at = _element(der, at)[2]
        _, at, _ = _element(der, at)
        at = _element(der, at)[2]  # it counts from; the next is the end
        tag, start, end = _element(der, at)
        text = der[start:end].decode("ascii")
    except IndexError:
        raise ValueError("a certificate breaks off") from None
    if tag == _UTC_TIME:
        text = ("20" if int(text[:2]) <= _LAST_OF_THIS_CENTURY else "19") + text
    return dt.datetime.strptime(text, "%Y%m%d%H%M%SZ").replace(tzinfo=dt.UTC)


def file_ends_at(path: Path) -> dt.datetime:
    """The last instant of the first certificate in a PEM file; raises OSError, or ValueError where there is none."""
    text = path.read_text(encoding="ascii", errors="replace")
    begin, end = text.find(ssl.PEM_HEADER), text.find(ssl.PEM_FOOTER)
    if not 0 <= begin < end:
        raise ValueError("there is no certificate in it")
    return ends_at(ssl.PEM_cert_to_DER_cert(text[begin : end + len(ssl.PEM_FOOTER)]))


def _element(der: bytes, at: int) -> tuple[int, int, int]:
    """Tag, first byte and end of the content of the element that begins `at`."""
    tag, length, start = der[at], der[at + 1], at + 2
    if length & _LONG_LENGTH:
        more = length & ~_LONG_LENGTH
        length, start = int.from_bytes(der[start : start + more]), start + more
    return tag, start, start + length
