"""The page turned outwards: one sign, one sentence in three languages, never a number or a reason."""

import re
from dataclasses import replace

import pytest
from playwright.async_api import BrowserContext, expect

from kiosk.cards.desk_state import Desk, Notice
from kiosk.cards.model import CardStatus
from tests.support import desks
from tests.support.browser import open_window
from tests.support.screen_desk import DeskBehind

pytestmark = pytest.mark.asyncio(loop_scope="session")

STAFF = ["Juttele henkilökunnan kanssa", "Tala med personalen", "Please talk to the staff"]


@pytest.mark.parametrize(
    ("desk", "sign", "sentences"),
    [
        (desks.ready(), "welcome", ["Näytä Kaikukorttisi", "Visa ditt Kaikukort", "Show your Kaikukortti"]),
        (desks.reading(), "working", ["Pieni hetki", "Ett ögonblick", "One moment, please"]),
        (desks.presented(), "accepted", ["Tervetuloa sisään!", "Välkommen in!", "Welcome in!"]),
        (desks.presented(quota_used=6), "staff", STAFF),
        (desks.presented(card__status=CardStatus.BLOCKED), "staff", STAFF),
        (desks.unread(), "staff", STAFF),
        (
            desks.recorded(),
            "thanks",
            ["Kiitos – mukavaa hetkeä!", "Tack – ha det så trevligt!", "Thank you – enjoy!"],
        ),
        (
            replace(desks.presented(), notice=Notice.TRAY_FULL),
            "wait",
            ["Odota hetki vuoroasi", "Vänta på din tur", "Please wait for your turn"],
        ),
        (desks.out_of_service(), "staff", STAFF),
    ],
    ids=["ready", "reading", "accepted", "asked", "refused", "unread", "recorded", "not taken", "out of service"],
)
async def test_the_visitor_sees_a_sign_and_nothing_else(
    behind: DeskBehind, person: BrowserContext, desk: Desk, sign: str, sentences: list[str]
) -> None:
    window = await open_window(person, f"{behind.url}/visitor")
    await behind.show(desk)
    await expect(window.page.locator(f"[data-sign={sign}] :is(h1, p)")).to_have_text(sentences)
    assert (await window.page.locator("body").inner_text()).split() == " ".join(sentences).split()
    assert await window.page.locator("[data-sign] :is(h1, p)").evaluate_all("all => all.map((one) => one.lang)") == [
        "fi",
        "sv",
        "en",
    ]
    assert window.complaints == []


async def test_every_sentence_is_marked_as_of_its_language_so_that_a_screen_reader_speaks_it_so(
    behind: DeskBehind, person: BrowserContext
) -> None:
    """Each in its own language, also the button for a child and what stands there when the kiosk is gone."""
    page = (await open_window(person, f"{behind.url}/visitor")).page
    spoken = "all => all.map((one) => [one.closest('[lang]').lang, one.textContent])"
    await behind.show(desks.recorded_alone())
    await expect(page.locator("[data-sign=thanks]")).to_be_visible()
    assert await page.locator(".sign > :is(h1, p), #add-child span").evaluate_all(spoken) == [
        ["fi", "Kiitos – mukavaa hetkeä!"],
        ["sv", "Tack – ha det så trevligt!"],
        ["en", "Thank you – enjoy!"],
        ["fi", "Yksi lapsi lisää"],
        ["sv", "Ett barn till"],
        ["en", "One child more"],
    ]
    await behind.stop()
    await expect(page.locator("#gone")).to_be_visible()
    assert await page.locator("#gone p").evaluate_all(spoken) == [
        [language, sentence] for language, sentence in zip(("fi", "sv", "en"), STAFF, strict=True)
    ]


async def test_nothing_of_the_card_is_sent_to_the_visitors_page(behind: DeskBehind, person: BrowserContext) -> None:
    window = await open_window(person, f"{behind.url}/visitor")
    for desk in (desks.presented(quota_used=6), desks.presented(card__status=CardStatus.BLOCKED), desks.recorded()):
        await behind.show(desk)
        await expect(window.page.locator("[data-sign=welcome]")).not_to_be_attached()
        markup = re.sub(r"<svg.*?</svg>", "", await window.page.content(), flags=re.DOTALL)
        assert not any(secret in markup for secret in ("••", "17", "Kaikukortti-pai", "kadonneeksi", "refuse", "p1"))


async def test_a_sign_is_spoken_once_by_a_screen_reader(behind: DeskBehind, person: BrowserContext) -> None:
    page = (await open_window(person, f"{behind.url}/visitor")).page
    await expect(page.locator("[aria-live=polite]")).to_have_attribute("aria-atomic", "true")
    await page.evaluate(
        """() => { window.heard_signs = [];
          const hear = (node) => node.matches && node.matches(".sign") && heard_signs.push(node.dataset.sign);
          new MutationObserver((all) => all.forEach((one) => {
            one.addedNodes.forEach(hear);
            if (one.attributeName === "data-sign") heard_signs.push(one.target.dataset.sign);
          })).observe(document.querySelector("[aria-live]"), { childList: true, subtree: true, attributes: true }); }"""
    )
    for desk, sign in ((desks.presented(), "accepted"), (desks.recorded(), "thanks")):
        await behind.show(desk)
        await expect(page.locator(f"[data-sign={sign}]")).to_be_visible()
        behind.board.update(waiting=behind.board.state.waiting + 1)
        await behind.show(replace(desk, notice=Notice.NOTHING_TO_DO))
    assert await page.evaluate("heard_signs") == ["accepted", "thanks"]


async def test_a_visitor_is_sent_to_the_staff_when_the_kiosk_is_gone(
    behind: DeskBehind, person: BrowserContext
) -> None:
    window = await open_window(person, f"{behind.url}/visitor")
    await expect(window.page.locator("#gone")).to_be_hidden()
    await behind.stop()
    await expect(window.page.locator("#gone p")).to_have_text(STAFF)
    await expect(window.page.locator("#gone")).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("size", [(800, 480), (1280, 800), (1080, 1920)])
async def test_every_sign_fits_whole(behind: DeskBehind, person: BrowserContext, size: tuple[int, int]) -> None:
    window = await open_window(person, f"{behind.url}/visitor")
    await window.page.set_viewport_size({"width": size[0], "height": size[1]})
    for desk, sign in ((desks.ready(), "welcome"), (desks.unread(), "staff"), (desks.recorded(), "thanks")):
        await behind.show(desk)
        for part in await window.page.locator(f"[data-sign={sign}] > *").all():
            await expect(part).to_be_in_viewport(ratio=1)
