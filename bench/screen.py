"""From a page's Enter to its painted verdict in real Chromium, beside an empty round trip of the same page."""

from __future__ import annotations

from bench.figures import Figure
from tests.support.browser import chromium, open_window, person_at
from tests.support.screen_desk import DeskBehind, KnownCard

ROUNDS = 200
_PAINTED = """async (number) => {
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const field = document.getElementById("number");
  field.value = number;
  const changed = new Promise((done) => {
    const watch = new MutationObserver(() => {
      const card = document.querySelector("[data-phase=presented] .card");
      if (card && card.textContent.endsWith(number.slice(-2))) { watch.disconnect(); done(); }
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


async def screen_figures() -> list[Figure]:
    """Enter on the page → verdict painted, by the browser's own clock; the floor is a fetch of nothing, painted too."""
    behind = DeskBehind()
    behind.cards = {f"demo {tail}": KnownCard(tail=tail) for tail in ("17", "18")}
    await behind.start()
    took, floor = [], []
    try:
        async with chromium() as browser, person_at(browser, size=(1280, 800)) as person:
            page = (await open_window(person, behind.url)).page
            for position in range(ROUNDS):
                floor.append(float(await page.evaluate(_EMPTY)))
                behind.clock.pass_by(5)
                took.append(float(await page.evaluate(_PAINTED, f"demo {17 + position % 2}")))
    finally:
        await behind.stop()
    return [Figure("page: Enter → verdict painted", took, floor)]
