"""The sheet of printed codes and the paper form, as Chromium prints them."""

import re

import pytest
from playwright.async_api import Browser, Page, expect

from kiosk.commands.command_sheet import command_sheet
from tests.edge.screen.test_accessible import enter
from tests.support.screen_desk import DeskBehind

pytestmark = pytest.mark.asyncio(loop_scope="session")

A4 = (595, 842)
"""Points."""


async def printed(page: Page) -> tuple[int, tuple[int, int]]:
    """How many sheets `page` is printed on, and width and height of one in points."""
    pdf = await page.pdf(prefer_css_page_size=True)
    (count,) = re.findall(rb"/Type\s*/Pages\b.*?/Count\s+(\d+)", pdf, re.DOTALL)
    (width, height), *_ = re.findall(rb"/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)\s*\]", pdf)
    return int(count), (round(float(width)), round(float(height)))


async def test_codes_digits_and_the_venues_pages_are_a_sheet_of_a4_each(browser: Browser) -> None:
    page = await browser.new_page()
    await page.set_content(command_sheet())
    assert await printed(page) == (3, A4)
    await page.evaluate("document.querySelectorAll('main').forEach((main) => main.replaceChildren())")
    assert await printed(page) == (3, A4), "each begins a sheet of its own, however short the others are"
    await page.close()


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
async def test_the_paper_form_is_one_sheet_across_with_lines_and_without_the_way_back(
    behind: DeskBehind, page: Page, language: str
) -> None:
    await page.goto(f"{behind.url}/?language={language}")
    await enter(page, behind)
    await page.goto(f"{behind.url}/venue/paper/form")
    assert await printed(page) == (1, A4[::-1])
    await page.emulate_media(media="print")
    await expect(page.locator("a")).to_be_hidden()
    assert await page.locator("tbody tr").count() >= 15
