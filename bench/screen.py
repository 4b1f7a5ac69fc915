"""From a page's Enter to its painted verdict in real Chromium, beside an empty round trip of the same page."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from playwright.async_api import Page
from tabulate import tabulate

from bench.figures import HEADERS, Figure
from tests.support.browser import chromium, open_window, person_at
from tests.support.kiosk import Kiosk, running_kiosk
from tests.support.register import serving_register

ROUNDS = 200
_PAINTED = """async (number) => {
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const field = document.getElementById("number");
  field.value = number;
  const before = document.querySelector(".verdict");
  if (before) throw new Error("a card lies there already");
  const changed = new Promise((done) => {
    const watch = new MutationObserver(() => {
      if (document.querySelector("[data-phase=presented] .verdict")) { watch.disconnect(); done(); }
    });
    const all = { subtree: true, childList: true, characterData: true, attributes: true };
    watch.observe(document.getElementById("board"), all);
  });
  const start = performance.now();
  field.form.requestSubmit();
  await changed;
  await frame();
  // In the second frame the first has been painted.
  await frame();
  return performance.now() - start;
}"""
_EMPTY = """async () => {
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const start = performance.now();
  await fetch("/static/icon.svg", { cache: "no-store" });
  await frame();
  await frame();
  return performance.now() - start;
}"""


async def screen_figures(folder: Path) -> list[Figure]:
    """Enter on the page → verdict painted, by the browser's own clock; the floor is a fetch of nothing, painted too.

    Behind the page is a whole kiosk in a process of its own: its database on this disk, and a register beside it.
    """
    with serving_register(folder / "page-register", seed=("--demo", "--numbered", "40")) as register:
        async with running_kiosk(folder / "page-kiosk", register.url, register.token()) as kiosk:
            await kiosk.until(lambda heard: heard.surroundings.get("event"))
            async with chromium() as browser, person_at(browser, size=(1280, 800)) as person:
                return await _rounds(kiosk, (await open_window(person, kiosk.url)).page)


async def _rounds(kiosk: Kiosk, page: Page) -> list[Figure]:
    took, floor = [], []
    for position in range(ROUNDS):
        floor.append(float(await page.evaluate(_EMPTY)))
        took.append(float(await page.evaluate(_PAINTED, f"DEMO-{1001 + position % 40:05}-LISA")))
        await kiosk.until(lambda heard: heard.desk["phase"] == "presented")
        await kiosk.press("cancel", presentation=kiosk.heard.desk["presentation"])
        await page.locator("[data-phase=ready]").wait_for()
    return [Figure("page: Enter → verdict painted (goal: p95 100 ms)", took, floor)]


def main() -> None:
    """This part alone: `./dev bench screen`."""
    with tempfile.TemporaryDirectory() as name:
        figures = asyncio.run(screen_figures(Path(name)))
    print(tabulate([figure.row() for figure in figures], headers=HEADERS, floatfmt=".2f"))


if __name__ == "__main__":
    main()
