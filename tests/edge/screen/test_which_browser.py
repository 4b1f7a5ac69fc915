"""The pages' tests drive the Chromium that was asked for: of two Debians' one version only the builds differ."""

import os
import re
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

pytestmark = pytest.mark.asyncio(loop_scope="session")

SYSTEM = Path(os.environ.get("KIOSK_TEST_ROOT", "/")) / "etc" / "os-release"


async def test_the_browser_was_built_on_the_debian_that_was_asked_for(browser: Browser) -> None:
    told = re.search(r'^PRETTY_NAME="(Debian .+)"$', SYSTEM.read_text(encoding="utf-8"), re.MULTILINE)
    if told is None:
        pytest.skip("other systems' builds say it in other words")
    page = await browser.new_page()
    await page.goto("chrome://version")
    await expect(page.locator("body")).to_contain_text(f"built on {told[1]}")
    await page.close()
