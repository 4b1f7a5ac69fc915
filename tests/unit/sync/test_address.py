"""Where the register may be."""

from __future__ import annotations

import pytest
from yarl import URL

from kiosk.errors import ConfigError
from kiosk.sync.address import checked_address


@pytest.mark.parametrize(
    "text",
    [
        "https://register.example",
        "https://register.example:8443/kaikukanta",
        "http://localhost:8085",
        "http://127.0.0.1:8085",
        "http://127.9.9.9",
        "http://[::1]:8085",
    ],
)
def test_https_anywhere_and_http_on_this_machine_will_do(text: str) -> None:
    assert checked_address(text) == URL(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("http://register.example", "key in clear"),
        ("http://192.168.1.5:8085", "key in clear"),
        ("http://127.0.0.1.evil.example", "key in clear"),
        ("http://localhost.evil.example", "key in clear"),
        ("ftp://register.example", "https://"),
        ("register.example", "https://"),
        ("https://", "https://"),
        ("", "https://"),
        ("https://user:word@register.example", "no password"),
        ("https://register.example/?a=b", "no password"),
        ("https://register.example:port", "cannot be read"),
    ],
)
def test_any_other_address_is_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        checked_address(text)


def test_http_to_another_machine_takes_a_word_of_its_own() -> None:
    address = checked_address("http://192.168.1.5:8085", allow_insecure=True)
    assert address == URL("http://192.168.1.5:8085")
