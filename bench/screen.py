"""From Enter, at the page and at the scanner, to the painted verdict in real Chromium, beside an empty round trip."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import pty
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from playwright.async_api import Page
from tabulate import tabulate

from bench.clocks import Asked, Offset, offset_of
from bench.figures import HEADERS, Figure
from tests.support.browser import chromium, open_window, person_at
from tests.support.kiosk import Kiosk, running_kiosk
from tests.support.register import serving_register

ROUNDS = 200
GRAIN_MS = 0.1
"""Chromium's clock tells no less to a page."""
_WATCH = """() => {
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  if (document.querySelector(".verdict")) throw new Error("a card lies there already");
  window.enter = new Promise((done) => {
    document.addEventListener("keydown", (event) => done(event.timeStamp), { once: true });
  });
  window.painted = new Promise((done) => {
    const watch = new MutationObserver(async () => {
      if (!document.querySelector("[data-phase=presented] .verdict")) return;
      watch.disconnect();
      await frame();
      // In the second frame the first has been painted.
      await frame();
      done(performance.now());
    });
    const all = { subtree: true, childList: true, characterData: true, attributes: true };
    watch.observe(document.getElementById("board"), all);
  });
}"""
_EMPTY = """async () => {
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const start = performance.now();
  await fetch("/static/icon.svg", { cache: "no-store" });
  await frame();
  await frame();
  return performance.now() - start;
}"""


@dataclass
class Painted:
    """What was measured so far, in milliseconds."""

    floor: list[float] = field(default_factory=list)
    keys: list[float] = field(default_factory=list)
    """From the browser's own time of the key."""
    scanner: list[tuple[float, float]] = field(default_factory=list)
    """Enter by our clock, and painted by the browser's."""
    asked: list[Asked] = field(default_factory=list)

    def offset(self) -> Offset:
        """The browser's clock and ours."""
        return offset_of(self.asked, GRAIN_MS)

    def figures(self) -> list[Figure]:
        """Both figures, beside one floor."""
        offset = self.offset()
        scanner = [painted + offset.ms - typed for typed, painted in self.scanner]
        return [
            Figure("page: Enter key → verdict painted (goal: p95 100 ms)", self.keys, self.floor),
            Figure(f"scanner's Enter → verdict painted (± {offset.within_ms:.1f} ms)", scanner, self.floor),
        ]


async def screen_figures(folder: Path) -> list[Figure]:
    """Enter → verdict painted; the floor is a fetch of nothing, painted too.

    Behind the page is a whole kiosk in a process of its own: its database on this disk, a register beside it, and a
    scanner on a serial line.
    """
    with serving_register(folder / "page-register", seed=("--demo", "--numbered", "40")) as register, gun() as scanner:
        settings = f'[[scanner]]\nkind = "serial"\npath = {json.dumps(scanner.path)}'
        async with running_kiosk(folder / "page-kiosk", register.url, register.token(), settings=settings) as kiosk:
            await kiosk.until(lambda heard: heard.surroundings.get("event"))
            async with chromium() as browser, person_at(browser, size=(1280, 800)) as person:
                return (await _rounds(kiosk, scanner, (await open_window(person, kiosk.url)).page)).figures()


@dataclass(frozen=True, slots=True)
class Gun:
    """A scanner on a serial line: where it is plugged in, and its own end."""

    path: str
    end: int

    def type(self, text: bytes) -> None:
        """Send `text`."""
        os.write(self.end, text)


@contextlib.contextmanager
def gun() -> Iterator[Gun]:
    """A scanner on a pseudo-terminal."""
    end, line = pty.openpty()
    try:
        yield Gun(os.ttyname(line), end)
    finally:
        os.close(end)
        os.close(line)


async def _rounds(kiosk: Kiosk, scanner: Gun, page: Page) -> Painted:
    painted = Painted()
    for position in range(ROUNDS):
        painted.floor.append(float(await page.evaluate(_EMPTY)))
        painted.asked.append(await ask(page))
        await _watch(page)
        await page.locator("#number").fill(_number(2 * position))
        await page.keyboard.press("Enter")
        painted.keys.append(float(await page.evaluate("Promise.all([enter, painted]).then(([from, to]) => to - from)")))
        await _take_away(kiosk, page)
        await _watch(page)
        scanner.type(_number(2 * position + 1).encode())
        typed_ms = _now_ms()
        scanner.type(b"\r")
        painted.scanner.append((typed_ms, float(await page.evaluate("painted"))))
        await _take_away(kiosk, page)
    return painted


async def _watch(page: Page) -> None:
    """Let the page look out for the next verdict, with nothing under way in it."""
    await page.evaluate(_WATCH)
    await page.evaluate(_EMPTY)


async def ask(page: Page) -> Asked:
    """The page what its clock says."""
    before_ms = _now_ms()
    theirs_ms = float(await page.evaluate("performance.now()"))
    return Asked(before_ms, theirs_ms, _now_ms())


def _now_ms() -> float:
    return time.monotonic_ns() / 1e6


def _number(position: int) -> str:
    return f"DEMO-{1001 + position % 40:05}-LISA"


async def _take_away(kiosk: Kiosk, page: Page) -> None:
    await kiosk.until(lambda heard: heard.desk["phase"] == "presented")
    await kiosk.press("cancel", presentation=kiosk.heard.desk["presentation"])
    await page.locator("[data-phase=ready]").wait_for()


def main() -> None:
    """This part alone: `./dev bench screen`."""
    with tempfile.TemporaryDirectory() as name:
        figures = asyncio.run(screen_figures(Path(name)))
    print(tabulate([figure.row() for figure in figures], headers=HEADERS, floatfmt=".2f"))


if __name__ == "__main__":
    main()
