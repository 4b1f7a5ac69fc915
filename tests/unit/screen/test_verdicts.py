"""What staff read about a card, whole."""

import re
from dataclasses import replace

import pytest

from kiosk.cards.desk import step
from kiosk.cards.desk_events import TicketsSet
from kiosk.cards.desk_state import Desk, DeskTimes
from kiosk.cards.model import CardKind, CardStatus, EarlierUse, Language, Tickets
from kiosk.screen.board import BoardState
from kiosk.screen.pages import load_pages
from kiosk.screen.translations import load_translators
from kiosk.screen.verdicts import MOST_TICKETS, Stepper, verdict_of
from tests.support import desks
from tests.unit.cards.examples import COURSE, DAY, HELSINKI, HOUR, NOW, TODAY

TRANSLATORS = load_translators(HELSINKI)
FI = TRANSLATORS[Language.FI]


def with_tickets(desk: Desk, tickets: Tickets) -> Desk:
    return step(desk, TicketsSet("p1", tickets, 61_000), DeskTimes())[0]


@pytest.mark.parametrize(
    ("desk", "look", "word", "sentences", "buttons"),
    [
        (desks.presented(), "accept", "Kelpaa", (), (True, True)),
        (
            desks.presented(earlier_uses=(EarlierUse(NOW - HOUR, "Itäovi"),)),
            "ask",
            "Sinä päätät",
            ("Korttia on jo käytetty: 14.3. 17.30, Itäovi. Palaako kävijä takaisin?",),
            (True, True),
        ),
        (
            desks.presented(quota_used=6),
            "ask",
            "Sinä päätät",
            ("Kaikukortti-paikat eivät riitä: niitä on yhteensä 6.",),
            (True, True),
        ),
        (
            desks.presented(card=None, online=False, list_synced_at=NOW - DAY),
            "ask",
            "Sinä päätät",
            ("Laitteella ei ole nyt tietoa tästä kortista. Katso kortista viimeinen voimassaolopäivä.",),
            (True, True),
        ),
        (
            desks.presented(card__last_valid_day=TODAY - DAY),
            "refuse",
            "Ei kelpaa",
            ("Kortti oli voimassa 13.3.2026 asti.",),
            (False, False),
        ),
        (
            desks.presented(card__first_valid_day=TODAY + DAY),
            "refuse",
            "Ei kelpaa",
            ("Kortti on voimassa vasta 15.3.2026 alkaen.",),
            (False, False),
        ),
        (
            desks.presented(card=None),
            "refuse",
            "Ei kelpaa",
            ("Rekisteri ei tunne tätä korttia. Tarkista tunnus.",),
            (False, False),
        ),
        (
            desks.unread(),
            "refuse",
            "Ei luettu",
            ("Koodi ei ole Kaikukortista. Etsi kortista oikea koodi tai kirjoita tunnus.",),
            (False, False),
        ),
        (
            with_tickets(desks.presented(), Tickets(own=0)),
            "refuse",
            "Tarkista liput",
            ("Valitse vähintään yksi lippu.",),
            (True, False),
        ),
    ],
)
def test_a_verdict_says_what_why_and_what_can_be_done(
    desk: Desk, look: str, word: str, sentences: tuple[str, ...], buttons: tuple[bool, bool]
) -> None:
    verdict = verdict_of(desks.on_desk(desk), FI)
    assert (verdict.look, verdict.word, verdict.sentences) == (look, word, sentences)
    assert (verdict.answerable, verdict.confirmable) == buttons
    assert bool(verdict.steppers) == verdict.answerable


def test_the_worst_reason_is_told_first_and_none_twice() -> None:
    desk = desks.presented(card__status=CardStatus.BLOCKED, quota_used=6)
    assert verdict_of(desks.on_desk(desk), TRANSLATORS[Language.EN]).sentences == (
        "The card has been replaced or reported lost.",
        "There are not enough places for cards: 6 in all.",
    )


def test_staff_see_two_characters_of_the_number_and_what_card_it_is() -> None:
    named = {kind: verdict_of(desks.on_desk(desks.presented(card__kind=kind)), FI).card for kind in CardKind} | {
        "unknown": verdict_of(desks.on_desk(desks.presented(card=None)), FI).card
    }
    assert named == {
        CardKind.PERSONAL: "Kaikukortti •• 17",
        CardKind.COMMUNITY: "Yhteisön Kaikukortti •• 17",
        "unknown": "•• 17",
    }
    assert verdict_of(desks.on_desk(desks.unread()), FI).card == ""


@pytest.mark.parametrize(
    ("desk", "offered"),
    [
        (desks.presented(), ["own", "children", "assistants"]),
        (desks.presented(card__kind=CardKind.COMMUNITY), ["own", "clients", "assistants"]),
        (desks.presented(event=COURSE), ["own", "assistants"]),
        (desks.presented(card__status=CardStatus.BLOCKED), []),
    ],
)
def test_only_tickets_that_the_card_gives_can_be_counted(desk: Desk, offered: list[str]) -> None:
    assert [stepper.name for stepper in verdict_of(desks.on_desk(desk), FI).steppers] == offered


def test_what_stands_beside_the_children_is_what_the_register_says_and_no_ban() -> None:
    drawn = {
        language: load_pages(HELSINKI).staff_push(BoardState(desk=desks.presented()), language)["html"]
        for language in Language
    }
    beside = {language: re.findall(r"<small>(.*?)</small></span>", html) for language, html in drawn.items()}
    assert beside == {
        Language.FI: ["rekisterissä 2"],
        Language.SV: ["2 i registret"],
        Language.EN: ["2 in the register"],
    }


def test_a_count_ends_at_nobody_and_at_ninety_nine() -> None:
    desk = with_tickets(desks.presented(), Tickets(children=MOST_TICKETS, assistants=0))
    own, children, assistants = verdict_of(desks.on_desk(desk), FI).steppers
    counted = Tickets(children=MOST_TICKETS)
    assert (own, children, assistants) == (
        Stepper("own", "Oma lippu", 1, replace(counted, own=0), None),
        Stepper(
            "children", "Omat lapset", MOST_TICKETS, replace(counted, children=MOST_TICKETS - 1), None, most_known=2
        ),
        Stepper("assistants", "Avustajat", 0, None, replace(counted, assistants=1)),
    )
