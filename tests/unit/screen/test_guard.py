"""Who is a stranger."""

import pytest

from kiosk.screen.guard import CONTENT_POLICY, from_stranger, host_name

HOST = "127.0.0.1:8080"


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("127.0.0.1:8080", "127.0.0.1"),
        ("localhost", "localhost"),
        ("[::1]:8080", "[::1]"),
        ("[::1]", "[::1]"),
        ("", ""),
        ("localhost:", "localhost:"),
        ("localhost:80:80", "localhost:80"),
        ("localhost:٣", "localhost:٣"),
    ],
)
def test_a_host_is_known_without_its_port(host: str, name: str) -> None:
    assert host_name(host) == name


@pytest.mark.parametrize(
    ("headers", "stranger"),
    [
        ({}, False),
        ({"Origin": "http://127.0.0.1:8080"}, False),
        ({"Origin": "HTTP://127.0.0.1:8080"}, False),
        ({"Origin": "https://127.0.0.1:8080"}, False),
        ({"Origin": "null"}, True),
        ({"Origin": ""}, True),
        ({"Origin": "http://["}, True),
        ({"Origin": "http://127.0.0.1"}, True),
        ({"Origin": "http://127.0.0.1:8080.evil.example"}, True),
        ({"Origin": "http://evil.example/127.0.0.1:8080"}, True),
        ({"Sec-Fetch-Site": "same-origin"}, False),
        ({"Sec-Fetch-Site": "none"}, False),
        ({"Sec-Fetch-Site": "same-site"}, True),
        ({"Sec-Fetch-Site": "cross-site"}, True),
    ],
)
def test_a_form_is_a_strangers_when_the_browser_says_so(headers: dict[str, str], *, stranger: bool) -> None:
    assert from_stranger(headers, HOST) is stranger


def test_nothing_may_come_from_elsewhere_and_nothing_may_stand_inside_a_page() -> None:
    assert "unsafe" not in CONTENT_POLICY
    assert "http" not in CONTENT_POLICY
    assert CONTENT_POLICY.startswith("default-src 'none';")
