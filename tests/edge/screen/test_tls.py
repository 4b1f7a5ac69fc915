"""Pages by TLS for a tablet on the venue's network, and no way to have them there without."""

import ssl
from pathlib import Path

import aiohttp
import pytest
import trustme

from kiosk.errors import ConfigError
from kiosk.page_tls import page_tls, places_of
from kiosk.screen.server import Listening
from kiosk.sections import ScreenSection
from tests.support.screen_desk import DeskBehind
from tests.support.venue import PIN

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.fixture
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def screen(authority: trustme.CA, tmp_path: Path) -> ScreenSection:
    issued = authority.issue_cert("127.0.0.1")
    certificate, key = tmp_path / "chain.pem", tmp_path / "key.pem"
    issued.private_key_pem.write_to_path(key)
    for link in issued.cert_chain_pems:
        link.write_to_path(certificate, append=True)
    return ScreenSection(
        host="0.0.0.0",  # noqa: S104  # LAN mode
        port=0,
        certificate=str(certificate),
        certificate_key=str(key),
        own_screen_port=0,
    )


async def test_the_pages_come_by_tls_and_the_cookie_goes_by_nothing_else(
    behind: DeskBehind, screen: ScreenSection, authority: trustme.CA
) -> None:
    await behind.stop()
    await behind.start(places=places_of(screen, page_tls(screen)))
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    url = f"https://127.0.0.1:{behind.port}/venue/pin"
    form = {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"https://127.0.0.1:{behind.port}"}
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, data=f"pin={PIN}", headers=form, ssl=trusting, allow_redirects=False) as answer,
    ):
        cookie = answer.headers["Set-Cookie"]
        assert answer.status == 303
        assert {"Secure", "HttpOnly", "SameSite=Strict"} <= {part.strip() for part in cookie.split(";")}


async def test_beside_tls_the_kiosks_own_screen_gets_the_pages_without_a_certificate(
    behind: DeskBehind, screen: ScreenSection
) -> None:
    await behind.stop()
    by_tls, own = await behind.start(places=places_of(screen, page_tls(screen)))
    assert (by_tls[:16], own[:17]) == ("https://0.0.0.0:", "http://127.0.0.1:")
    origin = {"Content-Type": "application/x-www-form-urlencoded", "Origin": own.rstrip("/")}
    async with aiohttp.ClientSession() as session:
        async with session.get(own) as page:
            assert (page.status, 'id="number"' in await page.text()) == (200, True)
        async with session.post(f"{own}venue/pin", data=f"pin={PIN}", headers=origin, allow_redirects=False) as answer:
            cookie = [part.strip() for part in answer.headers["Set-Cookie"].split(";")]
            assert (answer.status, "Secure" in cookie) == (303, False)


async def test_pages_for_this_machine_need_no_certificate() -> None:
    assert [page_tls(ScreenSection(host=host)) for host in ("127.0.0.1", "::1", "localhost")] == [None] * 3
    assert places_of(ScreenSection(), None) == (Listening("127.0.0.1", 8080),)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.7", "kiosk.example"])  # noqa: S104  # that is the point
async def test_pages_for_other_machines_are_not_served_without_one(host: str) -> None:
    with pytest.raises(ConfigError, match=r"screen\.certificate"):
        page_tls(ScreenSection(host=host))


async def test_a_certificate_that_cannot_be_used_is_said_in_words(screen: ScreenSection, tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_text("no key")
    with pytest.raises(ConfigError, match="cannot be used"):
        page_tls(screen)
