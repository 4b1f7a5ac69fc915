"""The sheet of printed codes, as Chromium prints it."""

import re

import pytest
from playwright.async_api import Browser

from kiosk.commands.command_sheet import command_sheet

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_the_sheet_of_codes_is_one_page_of_a4(browser: Browser) -> None:
    page = await browser.new_page()
    await page.set_content(command_sheet())
    printed = await page.pdf(prefer_css_page_size=True)
    await page.close()
    assert re.findall(rb"/Type\s*/Pages\b.*?/Count\s+(\d+)", printed, re.DOTALL) == [b"1"]
