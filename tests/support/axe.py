"""axe-core in the tests' browser: what it finds wrong with a page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from playwright.async_api import Page

SCRIPT = Path(__file__).with_name("vendor") / "axe-core" / "axe.min.js"
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ENHANCED = "color-contrast-enhanced"
"""7 : 1, as WCAG's AAA has it."""
_RUN = """async ([values, more]) =>
  (await axe.run(document, {
    runOnly: { type: "tag", values }, rules: Object.fromEntries(more.map((rule) => [rule, { enabled: true }])),
    resultTypes: ["violations"],
  })).violations
    .map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(" ")).join(", ")}`)"""


async def violations(page: Page, more: Sequence[str] = ()) -> list[str]:
    """Each rule that `page` breaks, with the elements; by the page's own origin, so its policy stays in force.

    The rules are those of STANDARDS, and `more`.
    """
    if not await page.evaluate("Boolean(window.axe)"):
        await page.evaluate(SCRIPT.read_text(encoding="utf-8"))
    found: list[str] = await page.evaluate(_RUN, [STANDARDS, [*more]])
    return found
