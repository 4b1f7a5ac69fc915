"""The venue's figures in real Chromium: charts, tables and a file, whose they are, and that each word stands whole."""

import pytest
from playwright.async_api import Page, expect

from tests.edge.screen.test_accessible import enter
from tests.support.screen_desk import DeskBehind

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def bars_of(page: Page, caption: str) -> dict[str, int]:
    """Each row of the table with how long its bar is painted, in hundredths of its place."""
    rows = page.locator("table", has=page.locator("caption", has_text=caption)).locator("tbody tr")
    found: list[tuple[str, int]] = await rows.evaluate_all(
        """all => all.map((one) => [one.querySelector("th").textContent, Math.round(100
             * [...one.querySelectorAll("rect")].reduce((sum, bar) => sum + bar.getBoundingClientRect().width, 0)
             / one.querySelector("svg").getBoundingClientRect().width)])"""
    )
    return dict(found)


async def test_the_figures_have_charts_tables_and_a_file(behind: DeskBehind, page: Page) -> None:
    await enter(page, behind)
    await page.get_by_role("link", name="Tilastot").click()
    await expect(page.locator(".sums dd")).to_have_text(["204", "204", "57", "21", "0", "4", "2"])
    await expect(page.locator("svg.chart")).to_have_attribute("aria-label", "Kävijät päivittäin")
    assert await bars_of(page, "Aloittain") == {"Kulttuuri": 100, "Liikunta": 100, "Yleinen sisäänpääsy": 100}
    assert await bars_of(page, "Evätyt") == {"3\N{NO-BREAK SPACE}% täynnä": 100, "Loppuunmyyty": 50}
    await page.get_by_role("button", name="Vuosi").click()
    await expect(page.locator("svg.chart")).to_have_attribute("aria-label", "Kävijät kuukausittain")
    async with page.expect_download() as download:
        await page.get_by_role("link", name="Käytöt CSV-tiedostona").click()
    assert (await download.value).suggested_filename == "kaikukortti-2026-01-01-2026-03-14.csv"


@pytest.mark.parametrize(
    ("language", "whose"),
    [
        ("fi", "Luvut ovat tämän laitteen kirjauksista; koko kohteen luvut ovat rekisterissä."),
        ("sv", "Siffrorna gäller den här enhetens registreringar; hela aktörens siffror finns i registret."),
        ("en", "These figures are of this kiosk's own records; those of the whole venue are in the register."),
    ],
)
async def test_beside_the_figures_and_their_file_stands_whose_they_are(
    behind: DeskBehind, page: Page, language: str, whose: str
) -> None:
    await page.goto(f"{behind.url}/?language={language}")
    await enter(page, behind)
    for period in ("month", "year"):
        await page.goto(f"{behind.url}/venue/figures?period={period}")
        await expect(page.locator("main > p", has=page.locator("a[href*=csv]"))).to_contain_text(whose)


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("size", [(800, 480), (1280, 800), (1080, 1920)], ids=str)
async def test_no_word_above_a_sum_is_parted(
    behind: DeskBehind, page: Page, size: tuple[int, int], language: str
) -> None:
    await page.set_viewport_size({"width": size[0], "height": size[1]})
    await page.goto(f"{behind.url}/?language={language}")
    await enter(page, behind)
    await page.goto(f"{behind.url}/venue/figures")
    assert await page.evaluate(_LABELS) == 7
    assert await page.evaluate(_PARTED) == []


_LABELS = "document.querySelectorAll('.sums dt').length"
_PARTED = r"""() => [...document.querySelectorAll(".sums dt")].flatMap((label) => {
  const text = label.firstChild, words = text.nodeValue.matchAll(/3\s%|[^ ]+/g);
  return [...words].filter((word) => {
    const range = document.createRange();
    range.setStart(text, word.index);
    range.setEnd(text, word.index + word[0].length);
    return new Set([...range.getClientRects()].map((box) => box.top)).size > 1;
  }).map((word) => word[0]);
})"""
