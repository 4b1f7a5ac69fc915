"""Real headless Chromium, Debian's own or another Debian's, driven by Playwright."""

from __future__ import annotations

import contextlib
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass

from playwright.async_api import Browser, BrowserContext, Page, async_playwright

CHROMIUM = os.environ.get("KIOSK_TEST_CHROMIUM", "/usr/bin/chromium")
"""The program that is driven; `./dev machine chromium` names one that starts another Debian's."""
QUIET = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SMALL = (800, 480)
"""The seven-inch touch screen of a kiosk."""

_TELL_VIOLATIONS = """document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`Content Security Policy: ${event.violatedDirective} ${event.blockedURI}`))"""


@dataclass(frozen=True, slots=True)
class Window:
    """A page, and what its browser complained of."""

    page: Page
    complaints: list[str]
    """Script errors, and everything that the content security policy stopped."""


@contextlib.asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """A browser; closed at the end."""
    args = [*QUIET, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=args)
        try:
            yield browser
        finally:
            await browser.close()


@contextlib.asynccontextmanager
async def person_at(
    browser: Browser, *, size: tuple[int, int] = SMALL, script: bool = True
) -> AsyncIterator[BrowserContext]:
    """Somebody's browser, without cookies from before; `script` False: one that runs no scripts."""
    context = await browser.new_context(
        viewport={"width": size[0], "height": size[1]}, java_script_enabled=script, reduced_motion="reduce"
    )
    context.set_default_timeout(10_000)
    await context.add_init_script(_TELL_VIOLATIONS)
    try:
        yield context
    finally:
        await context.close()


async def open_window(context: BrowserContext, url: str) -> Window:
    """A new page of `context` at `url`."""
    complaints: list[str] = []
    page = await context.new_page()
    page.on("console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    await page.goto(url)
    return Window(page, complaints)
