"""Each act of the handbook's table on the page in real Chromium: by one tap, and by keyboard alone."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
from playwright.async_api import Page, expect

from kiosk.cards.desk_events import ChildAdded, DeskEvent
from kiosk.cards.model import Language
from kiosk.screen.forms import read_form
from kiosk.screen.translations import load_translators
from tests.support.acts import ACTS, Act
from tests.support.screen_desk import DeskBehind, KnownCard, until
from tests.unit.cards.examples import HELSINKI, OTHER_IDENTITY

pytestmark = pytest.mark.asyncio(loop_scope="session")

FI = load_translators(HELSINKI)[Language.FI]
MOST_TABS = 40


async def by_finger(page: Page, key: str) -> None:
    await page.locator(key).click()


async def by_keyboard(page: Page, key: str) -> None:
    """Tab from the start of the page until the key has the focus, and press it."""
    await page.locator("body").press("Tab")
    for _ in range(MOST_TABS):
        if await page.locator(key).evaluate("one => one === document.activeElement"):
            break
        await page.keyboard.press("Tab")
    await expect(page.locator(key)).to_be_focused()
    await page.keyboard.press("Enter")


def named(event: DeskEvent) -> DeskEvent:
    return replace(event, presentation_id="fresh") if isinstance(event, ChildAdded) else event


@pytest.mark.parametrize("way", [by_finger, by_keyboard], ids=["finger", "keyboard"])
@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
async def test_each_act_is_one_tap_or_one_key_of_the_page(
    behind: DeskBehind, page: Page, act: Act, way: Callable[[Page, str], Awaitable[None]]
) -> None:
    behind.cards["demo 18"] = KnownCard(tail=OTHER_IDENTITY.tail)
    await behind.show(act.desk)
    await expect(page.locator(act.key)).to_be_visible()
    await way(page, act.key)
    await until(lambda: len(behind.events) == 1)
    wanted = read_form(act.path, act.fields, behind.clock.now(), FI)
    assert [named(event) for event in behind.events] == [named(wanted)]
