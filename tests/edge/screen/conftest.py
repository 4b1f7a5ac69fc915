"""One Chromium for all tests of the pages; a desk and a window of its own for each."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page

from tests.support.browser import chromium, open_window, person_at
from tests.support.screen_desk import DeskBehind


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what a Chromium is driven for: how a page behaves in one does not depend on the Python that serves it."""
    for item in items:
        if isinstance(item, pytest.Function) and "browser" in item.fixturenames:
            item.add_marker("browser")


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="session")
async def behind() -> AsyncIterator[DeskBehind]:
    behind = DeskBehind()
    await behind.start()
    yield behind
    await behind.stop()


@pytest_asyncio.fixture(loop_scope="session")
async def person(browser: Browser) -> AsyncIterator[BrowserContext]:
    async with person_at(browser) as context:
        yield context


@pytest_asyncio.fixture(loop_scope="session")
async def page(behind: DeskBehind, person: BrowserContext) -> AsyncIterator[Page]:
    """The staff page; a test fails when its browser complained of anything."""
    window = await open_window(person, behind.url)
    yield window.page
    assert window.complaints == []
