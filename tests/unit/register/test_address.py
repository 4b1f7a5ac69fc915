"""Where keys and uses could be read by others on the way."""

from __future__ import annotations

from pathlib import Path

import pytest

from register.address import Address, is_exposed


@pytest.mark.parametrize(
    ("host", "exposed"),
    [
        ("127.0.0.1", False),
        ("127.8.8.8", False),
        ("::1", False),
        ("localhost", False),
        ("0.0.0.0", True),  # noqa: S104  # that is the test
        ("::", True),
        ("192.0.2.7", True),
        ("register.example", True),
        ("", True),
    ],
)
def test_only_this_machine_needs_no_tls(host: str, exposed: bool) -> None:
    assert is_exposed(Address(host, 8085)) is exposed
    assert is_exposed(Address(host, 8085, tls_cert=Path("cert.pem"), tls_key=Path("key.pem"))) is False
    assert is_exposed(Address(host, 8085, insecure=True)) is False
