"""Brings a browser through everything that the venue's pages can show, one after the other."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator
from dataclasses import replace

from playwright.async_api import Page

from kiosk.cards.desk_state import Notice
from kiosk.screen.access import FREE_GUESSES
from tests.support.refusals_shown import forms_refused, problems_shown
from tests.support.screen_desk import DeskBehind
from tests.support.screens import STATES, VENUE_PAGES
from tests.support.venue import PIN

LISTS = ("uses", "look", "events", "figures")
"""Pages that list something, by name: they are shown also where there is nothing to list."""


async def venue_shown(behind: DeskBehind, page: Page) -> AsyncIterator[str]:
    """Show `page` each of them, and tell its name; the desk is as before at the end."""
    behind.board.update(needs_look=2)
    async for name in _before_the_pin(behind, page):
        yield name
    await _say(page, PIN)
    for name, path in VENUE_PAGES.items():
        await page.goto(behind.url + path)
        yield name
    async for name in _answered(behind, page):
        yield name
    behind.venue.has_records = False
    behind.board.update(needs_look=0)
    for name in LISTS:
        await page.goto(behind.url + VENUE_PAGES[name])
        yield f"{name}-empty"
    behind.venue.has_records = True
    async for name in problems_shown(behind, page):
        yield name


async def _before_the_pin(behind: DeskBehind, page: Page) -> AsyncIterator[str]:
    kept, behind.venue.pin = behind.venue.pin, None
    await page.goto(f"{behind.url}/venue/pin")
    yield "pin-none"
    behind.venue.pin = kept
    await page.goto(f"{behind.url}/venue/pin")
    yield "pin"
    await _say(page, "0000")
    yield "pin-wrong"
    for _ in range(FREE_GUESSES - 1):
        await _say(page, "0000")
    yield "pin-wait"
    # The clock on the wall stands still, so that the pages after it are of the same time.
    behind.clock.monotonic_ms += behind.venue.access.wait // dt.timedelta(milliseconds=1)


async def _answered(behind: DeskBehind, page: Page) -> AsyncIterator[str]:
    desk = behind.desk
    await behind.show(STATES["practice"].desk)
    await page.goto(f"{behind.url}/venue/desk")
    yield "practice"
    await behind.show(replace(desk, notice=Notice.UNDO_NEEDS_REGISTER))
    await page.goto(f"{behind.url}/venue")
    yield "uses-not-undone"
    await behind.show(desk)
    await page.goto(f"{behind.url}/venue/paper?done=1")
    yield "paper-done"
    async for name in forms_refused(behind, page):
        yield name


async def _say(page: Page, pin: str) -> None:
    async with page.expect_navigation():
        await page.locator("#pin").fill(pin)
        await page.keyboard.press("Enter")
