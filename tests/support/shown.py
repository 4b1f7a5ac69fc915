"""Waits until the staff page shows a state whole: two states of one phase look alike to whoever waits for the phase."""

from __future__ import annotations

from playwright.async_api import Page

from kiosk.cards.model import Language
from kiosk.screen.pages import load_pages
from tests.support.screen_desk import DeskBehind
from tests.support.screens import STATES
from tests.unit.cards.examples import HELSINKI

_PAGES = load_pages(HELSINKI)
_SHOWS = """(html) => {
  const bare = (one) => {
    const texts = document.createTreeWalker(one, NodeFilter.SHOW_TEXT), empty = [];
    while (texts.nextNode()) if (!texts.currentNode.nodeValue.trim()) empty.push(texts.currentNode);
    empty.forEach((text) => text.remove());
    return one;
  };
  const here = document.getElementById("board").cloneNode(true), wanted = here.cloneNode(false);
  wanted.innerHTML = html;
  return bare(here).isEqualNode(bare(wanted));
}"""


async def show(behind: DeskBehind, page: Page, name: str) -> None:
    """Bring the desk, and the staff page, into the state called `name`."""
    behind.board.update(**STATES[name].around)
    await behind.show(STATES[name].desk)
    language = Language(await page.evaluate("document.documentElement.lang"))
    await page.wait_for_function(_SHOWS, arg=_PAGES.staff_push(behind.board.state, language)["html"])
