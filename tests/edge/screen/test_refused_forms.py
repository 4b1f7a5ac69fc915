"""A form of the venue's pages that cannot be used: each sentence, the fields to mend, and that what was typed stays."""

import pytest
from playwright.async_api import Page, expect

from tests.edge.screen.test_accessible import enter
from tests.support.refusals_shown import forms_refused
from tests.support.screen_desk import DeskBehind

pytestmark = pytest.mark.asyncio(loop_scope="session")

NUMBER = "Se ei ole kortin tunnus. Katso lomaketta uudelleen."
TIME = "Anna kellonaika tunteina ja minuutteina, esimerkiksi 18.30."
NAME = "Anna tapahtumalle nimi, enintään 80 merkkiä."
OWN = "Kirjaa kohtaan Oma lippu 1 tai 0: kortilla saa yhden oman lipun."
COUNT = "Lippujen määrän on oltava 0–99."
LONG_AGO = "Ajan on oltava viimeisten 60 päivän sisällä."
NO_TICKET = "Valitse vähintään yksi lippu."
COURSE = (
    "Kurssipaikka on vain kortinhaltijalle, ei lapsille eikä alle 16-vuotiaille asiakkaille: "
    "kirjaa heille 0 tai valitse kohtaan Kurssi Ei."
)
NO_KEYS = "Laite ei ole vielä saanut ensimmäistä yhteyttä rekisteriin."
MISSING = "Jotain puuttuu: mitään ei muutettu. Yritä uudelleen."
SAID: dict[str, dict[str, list[str]]] = {
    "paper-wrong": {
        NUMBER: ["number"],
        TIME: ["time"],
        NAME: ["event"],
        OWN: ["own"],
        COUNT: ["children", "clients"],
    },
    "paper-too-old": {LONG_AGO: ["day", "time"]},
    "paper-no-ticket": {NO_TICKET: ["own", "children", "clients", "assistants"]},
    "paper-course": {COURSE: ["course", "children", "clients"]},
    "paper-no-keys": {NO_KEYS: []},
    "paper-missing": {MISSING: []},
    "events-wrong": {NAME: ["name"], TIME: ["time"]},
    "events-missing": {MISSING: []},
}
_SAID = """() => Object.fromEntries([...document.querySelectorAll(".wrong p")].map((told) => [told.textContent,
  [...document.querySelectorAll("[aria-invalid=true]")]
    .filter((field) => told.id && field.getAttribute("aria-describedby") === told.id).map((field) => field.name)]))"""


async def test_each_sentence_names_its_fields_and_all_that_can_be_wrong_at_once_is_said_at_once(
    behind: DeskBehind, page: Page
) -> None:
    await enter(page, behind)
    said, framed = {}, {}
    async for name in forms_refused(behind, page):
        said[name] = await page.evaluate(_SAID)
        framed[name] = await page.locator("[aria-invalid]").count()
        await expect(page.get_by_role("alert")).to_have_count(1)
    assert said == SAID
    assert framed == {name: sum(map(len, each.values())) for name, each in SAID.items()}
    assert (behind.venue.lines, len(behind.venue.by_hand)) == ([], 1)


async def test_what_was_typed_stands_there_to_be_mended(behind: DeskBehind, page: Page) -> None:
    await enter(page, behind)
    async for name in forms_refused(behind, page):
        if name == "events-wrong":
            await expect(page.locator("[name=time]")).to_have_value("99")
        if name == "paper-wrong":
            await expect(page.locator("[name=own]")).to_have_value("2")


async def test_a_day_that_no_list_offers_is_refused_like_any_other_that_is_long_ago(
    behind: DeskBehind, page: Page
) -> None:
    await enter(page, behind)
    await page.goto(f"{behind.url}/venue/paper")
    await page.locator("[name=day] option").first.evaluate("one => { one.value = '0001-01-01'; }")
    await page.locator("[name=number]").fill("demo 17")
    await page.locator("[name=time]").fill("1.30")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_have_text(LONG_AGO)
    assert (await page.evaluate(_SAID), behind.venue.lines) == ({LONG_AGO: ["day"]}, [])
