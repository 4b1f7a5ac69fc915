"""The venue's pages in real Chromium and by raw HTTP: the PIN, what each page does, and strangers' forms."""

import datetime as dt
import socket
from dataclasses import replace

import aiohttp
import pytest
from playwright.async_api import Browser, Page, expect

from kiosk.cards.desk_events import UndoPressed
from kiosk.cards.desk_state import EventChoice
from kiosk.cards.model import Tickets, UseKind
from tests.edge.screen.test_accessible import enter
from tests.support.screen_desk import DeskBehind
from tests.support.screens import VENUE_PAGES
from tests.support.venue import PIN
from tests.unit.cards.examples import CONCERT

pytestmark = pytest.mark.asyncio(loop_scope="session")

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


async def test_no_page_of_the_venue_opens_without_the_pin(behind: DeskBehind) -> None:
    async with aiohttp.ClientSession() as session:
        for path in (*VENUE_PAGES.values(), "/venue/uses.csv"):
            async with session.get(behind.url + path, allow_redirects=False) as answer:
                assert (answer.status, answer.headers["Location"]) == (303, "/venue/pin"), path
        for path in ("undo", "seen", "mode", "paper", "leave", "events", "events/take-away"):
            async with session.post(f"{behind.url}/venue/{path}", headers=FORM, allow_redirects=False) as answer:
                assert answer.status == 303, path
    assert behind.events == []


async def test_an_idle_page_asks_for_the_pin_again(behind: DeskBehind, page: Page) -> None:
    await enter(page, behind)
    behind.clock.pass_by(601)
    await page.reload()
    await expect(page.locator("h1")).to_have_text("Palvelupisteen PIN")


async def test_any_use_of_the_day_is_undone_with_one_tap(behind: DeskBehind, page: Page) -> None:
    await enter(page, behind)
    await expect(page.locator("tbody tr")).to_have_count(3)
    await expect(page.locator("tr.undone")).to_contain_text("Peruttu klo 18.30")
    await page.locator("tbody tr").first.get_by_role("button").click()
    await expect(page.locator("h1")).to_have_text("Käytöt")
    use = behind.venue.uses[0].use
    now = behind.clock.now()
    assert behind.events == [UndoPressed(use.id, now.utc, now.monotonic_ms, behind_pin=True)]
    assert behind.annulled == [use.id]


async def test_an_old_use_stays_while_the_kiosk_is_offline_and_the_page_says_why(
    behind: DeskBehind, page: Page
) -> None:
    behind.board.update(online=False)
    await enter(page, behind)
    await page.locator("tbody tr").first.get_by_role("button").click()
    await expect(page.get_by_role("alert")).to_contain_text("kun laite on yhteydessä rekisteriin")
    assert behind.annulled == []


async def test_a_form_without_its_token_changes_nothing(behind: DeskBehind, page: Page) -> None:
    await enter(page, behind)
    await page.locator('input[name="form"]').first.evaluate("one => one.form.closest('body').dataset")
    await page.evaluate("document.querySelectorAll('input[name=form]').forEach((one) => { one.value = 'x'; })")
    await page.locator("tbody tr").first.get_by_role("button").click()
    await expect(page.locator("h1")).to_have_text("Tämä lähetettiin toiselta sivustolta: mitään ei muutettu.")
    assert behind.events == []


async def test_what_needs_a_look_has_the_registers_words_and_what_to_do(behind: DeskBehind, page: Page) -> None:
    await enter(page, behind)
    await page.get_by_role("link", name="Tarkistettavat").click()
    flagged, parked, seen, ended = await page.locator("article").all()
    await expect(flagged).to_contain_text("Samaa korttia on käytetty kahdella ovella.")
    await expect(flagged).to_contain_text("Käyttö on rekisterissä.")
    await expect(parked).to_contain_text("kerro tekniselle tuelle")
    await expect(parked.locator("blockquote")).to_have_text("Rekisterissä on tämän kirjauksen paikalla toinen kirjaus.")
    await expect(parked.locator(".detail")).to_have_text("Tekniselle tuelle: refused by the register: id-reused")
    await expect(flagged.locator(".detail")).to_have_count(0)
    await expect(seen).to_contain_text("Nähty")
    await expect(seen).to_contain_text("Käyttö on rekisterissä.")
    await expect(ended).to_contain_text("Samaa korttia on käytetty kahdella ovella.")
    await expect(ended).to_contain_text("Rekisteri on selvittänyt tämän.")
    await expect(ended.get_by_role("button")).to_have_count(0)


async def test_what_needs_a_look_is_marked_as_seen_with_one_tap(behind: DeskBehind, page: Page) -> None:
    await enter(page, behind)
    await page.get_by_role("link", name="Tarkistettavat").click()
    await page.get_by_role("button", name="nähdyksi").first.click()
    await expect(page.locator("h1")).to_have_text("Tarkistettavat")
    assert behind.venue.seen == [(behind.venue.uses[0].use.id, behind.clock.now().utc)]
    assert behind.venue.looked == 1


async def test_the_events_of_the_day_show_their_places_and_what_is_left_of_them_for_cards(
    behind: DeskBehind, page: Page
) -> None:
    await enter(page, behind)
    for sold_out, told in ((False, "34 / 36 jäljellä"), (True, "Loppuunmyyty")):
        behind.venue.concert = replace(CONCERT, places=1200, sold_out=sold_out)
        await page.goto(f"{behind.url}/venue/events")
        rows = [" ".join((await row.inner_text()).split()) for row in await page.locator("tbody tr").all()]
        assert rows == [
            "Koko päivä Avoimet ovet Lisätty käsin Poista",
            f"19.00–21.30 Konsertti 1 200 {told}",
            "19.00–21.30 Savikurssi Kurssi",
        ]


async def test_what_needs_a_look_is_counted_in_the_menu_as_the_language_writes_numbers(
    behind: DeskBehind, page: Page
) -> None:
    behind.board.update(needs_look=1234)
    await enter(page, behind)
    assert await page.locator("nav b").all_inner_texts() == ["1\N{NO-BREAK SPACE}234"]
    behind.board.update(needs_look=0)
    await page.reload()
    await expect(page.locator("nav b")).to_have_count(0)


async def test_an_event_that_the_register_does_not_know_is_added_chosen_and_taken_away(
    behind: DeskBehind, page: Page
) -> None:
    await enter(page, behind)
    await page.get_by_role("link", name="Tapahtumat").click()
    await expect(page.locator("tbody tr")).to_have_count(3)
    await page.get_by_label("Nimi").fill("Runoilta")
    await page.locator('input[name="time"]').fill("19:30")
    await page.get_by_role("button", name="Lisää tapahtuma").dblclick()
    row = page.locator("tbody tr", has_text="Runoilta")
    await expect(row).to_contain_text("Lisätty käsin")
    event = behind.venue.by_hand[-1]
    await page.goto(behind.url)
    await page.get_by_role("button", name="19.30 Runoilta").click()
    await expect(page.get_by_role("button", name="19.30 Runoilta")).to_have_attribute("aria-pressed", "true")
    assert behind.desk.choice == EventChoice(automatic=False, event_id=event.id)
    await page.goto(f"{behind.url}/venue/events")
    await page.get_by_role("button", name="Poista: Runoilta").click()
    await expect(row).to_have_count(0)
    assert (behind.desk.choice, [each.name.fi for each in behind.venue.by_hand]) == (EventChoice(), ["Avoimet ovet"])


async def test_no_page_has_a_field_that_looks_as_the_browsers_language_has_it(behind: DeskBehind, page: Page) -> None:
    await enter(page, behind)
    for path in VENUE_PAGES.values():
        await page.goto(behind.url + path)
        assert await page.locator("input[type=date], input[type=time], input[type=month]").count() == 0, path
    await page.goto(f"{behind.url}/venue/paper")
    await expect(page.locator("select[name=day] option").nth(1)).to_have_text("pe 13.3.")
    await page.goto(f"{behind.url}/venue/figures")
    await page.locator("select[name=day]").select_option("helmikuu 2026")
    await page.get_by_role("button", name="Kuukausi").click()
    await expect(page.locator("main")).to_contain_text("1.2.2026 – 28.2.2026")


async def test_a_line_of_the_paper_form_is_recorded_once(behind: DeskBehind, page: Page) -> None:
    await enter(page, behind)
    await page.get_by_role("link", name="Paperilomake").click()
    await page.get_by_label("Kortin tunnus").fill("demo 17")
    await page.locator('input[name="time"]').fill("18:05")
    await page.get_by_label("Omat lapset").fill("2")
    await page.get_by_label("Tapahtuma").fill("Runoilta")
    behind.venue.paper_answer = "number"
    await page.get_by_role("button", name="Kirjaa rivi").click()
    await expect(page.get_by_role("alert")).to_have_text("Se ei ole kortin tunnus. Katso lomaketta uudelleen.")
    await expect(page.get_by_label("Omat lapset")).to_have_value("2")
    behind.venue.paper_answer = ""
    await page.get_by_role("button", name="Kirjaa rivi").click()
    await expect(page.get_by_role("status")).to_have_text("Rivi on kirjattu. Syötä seuraava.")
    ((_, number, at, tickets),) = behind.venue.lines
    assert (number, at, tickets) == ("demo 17", dt.datetime(2026, 3, 14, 16, 5, tzinfo=dt.UTC), Tickets(children=2))
    assert (behind.venue.labels, behind.venue.kinds) == (["Runoilta"], [UseKind.ENTRANCE])
    assert "demo" not in page.url


async def test_a_line_of_the_paper_form_is_a_course_where_staff_say_so_also_without_script(
    behind: DeskBehind, browser: Browser
) -> None:
    person = await browser.new_context(java_script_enabled=False)
    page = await person.new_page()
    await enter(page, behind)
    await page.goto(f"{behind.url}/venue/paper")
    course = page.get_by_label("Kurssi")
    box = await course.bounding_box()
    assert box is not None
    assert box["height"] >= 64
    await expect(course.locator("option")).to_have_text(["Ei", "Kyllä"])
    await expect(course).to_have_value("0")
    await page.get_by_label("Kortin tunnus").fill("demo 17")
    await page.locator('input[name="time"]').fill("18:05")
    await course.select_option("Kyllä")
    behind.venue.paper_answer = "course"
    await page.get_by_role("button", name="Kirjaa rivi").click()
    await expect(page.get_by_role("alert")).to_have_text(
        "Kurssipaikka on vain kortinhaltijalle, ei lapsille eikä alle 16-vuotiaille asiakkaille: "
        "kirjaa heille 0 tai valitse kohtaan Kurssi Ei."
    )
    await expect(course).to_have_value("1")
    behind.venue.paper_answer = ""
    await page.get_by_role("button", name="Kirjaa rivi").click()
    await expect(page.get_by_role("status")).to_have_text("Rivi on kirjattu. Syötä seuraava.")
    await expect(course).to_have_value("0")
    assert behind.venue.kinds == [UseKind.COURSE]
    await person.close()


def address_of_this_machine() -> str:
    """An address that is not loopback, where the machine has one."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            pytest.skip("this machine has no network")
        return str(probe.getsockname()[0])


async def test_another_machine_gets_nothing_but_the_page_for_the_pin_and_the_sign(behind: DeskBehind) -> None:
    await behind.stop()
    address = address_of_this_machine()
    await behind.start(host="0.0.0.0", allowed_hosts=(address,))  # noqa: S104  # as a tablet would reach it
    url = f"http://{address}:{behind.port}"
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:

        async def ask(method: str, path: str, body: str = "") -> int:
            async with session.request(method, url + path, data=body, headers=FORM, allow_redirects=False) as answer:
                return answer.status

        statuses = [await ask("GET", path) for path in ("/", "/events", "/venue", "/visitor", "/venue/pin")]
        assert statuses == [303, 403, 303, 200, 200]
        assert await ask("POST", "/confirm", "presentation=p1") == 403
        assert await ask("POST", "/venue/pin", f"pin={PIN}") == 303
        assert [await ask("GET", path) for path in ("/", "/venue")] == [200, 200]
        assert await ask("POST", "/confirm", "presentation=p1") == 204
