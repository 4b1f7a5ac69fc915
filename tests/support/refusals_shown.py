"""Brings a browser to every refusal: badly filled-in forms of the venue's pages, and addresses that are none."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping

from playwright.async_api import Page

from tests.support.screen_desk import DeskBehind

_GOOD_LINE = {"number": "demo 17", "time": "18.05", "event": "Runoilta", "own": "1", "children": "2", "clients": "0"}
_BAD_LINE = {"number": "", "time": "99", "event": "Runoilta " * 10, "own": "2", "children": "-1", "clients": "x"}
"""All that can be wrong at once."""
_NOT_RECORDED = {
    "paper-too-old": ("time", {}),
    "paper-no-ticket": ("tickets", {"own": "0", "children": "0"}),
    "paper-course": ("course", {"course": "1"}),
    "paper-no-keys": ("keys", {}),
}
"""What is only seen of a line that can be read: why it is not recorded, and how it was filled in."""


async def forms_refused(behind: DeskBehind, page: Page) -> AsyncIterator[str]:
    """Show `page`, which has said the PIN, each sentence about a form, and tell the names."""
    await page.goto(f"{behind.url}/venue/paper")
    await _send(page, _BAD_LINE)
    yield "paper-wrong"
    for name, (why, filled) in _NOT_RECORDED.items():
        behind.venue.paper_answer = why
        await page.goto(f"{behind.url}/venue/paper")
        await _send(page, _GOOD_LINE | filled)
        yield name
    behind.venue.paper_answer = ""
    await page.goto(f"{behind.url}/venue/paper")
    await _send(page, _GOOD_LINE, entry="")
    yield "paper-missing"
    await page.goto(f"{behind.url}/venue/events")
    await _send(page, {"name": "Runoilta " * 10, "time": "99"})
    yield "events-wrong"
    await page.goto(f"{behind.url}/venue/events")
    await _send(page, {"name": "Runoilta", "time": "18.05"}, entry="")
    yield "events-missing"


async def problems_shown(behind: DeskBehind, page: Page) -> AsyncIterator[str]:
    """Show `page` every status that is answered with a page of its own, and tell the names."""
    await page.goto(behind.url)
    await _post(page, "/scan", {"number": ""})
    yield "problem-400"
    await _post(page, "/venue/undo", {"form": "of another site"})
    yield "problem-403"
    await page.goto(f"{behind.url}/nowhere")
    yield "problem-404"
    await page.goto(f"{behind.url}/confirm")
    yield "problem-405"
    await _post(page, "/scan", {"number": "x" * 5000})
    yield "problem-413"
    behind.breaks = RuntimeError("a disk that cannot be written")
    await _post(page, "/cancel", {"presentation": "p1"})
    yield "problem-500"
    behind.breaks = None


async def _send(page: Page, filled: Mapping[str, str], entry: str | None = None) -> None:
    """Send the page's form as a browser would that checks nothing itself; `entry`: with another id."""
    form = page.locator("form.line")
    for name, value in (filled if entry is None else {**filled, "entry": entry}).items():
        await form.locator(f"[name={name}]").evaluate("(one, value) => { one.value = value; }", value)
    async with page.expect_navigation():
        await form.evaluate("one => { one.noValidate = true; one.requestSubmit(); }")


async def _post(page: Page, path: str, fields: Mapping[str, str]) -> None:
    """Send a form that the page does not have, by the page's own origin."""
    async with page.expect_navigation():
        await page.evaluate(_POST, [path, fields])


_POST = """([path, fields]) => {
  const form = document.body.appendChild(document.createElement("form"));
  form.method = "post";
  form.action = path;
  for (const [name, value] of Object.entries(fields)) {
    const field = form.appendChild(document.createElement("input"));
    field.type = "hidden";
    field.name = name;
    field.value = value;
  }
  form.submit();
}"""
