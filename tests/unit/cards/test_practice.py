"""Practice cards answer as cards do, and are nobody's."""

from __future__ import annotations

import pytest

from kiosk.cards.code39 import check_character
from kiosk.cards.commands import command_in
from kiosk.cards.model import Answer, Reason
from kiosk.cards.number import NumberForms, parse
from kiosk.cards.practice import PracticeCard, card_of, identity_of, practice_card_in, practice_facts
from kiosk.cards.rules import decide
from kiosk.cards.unreadable import Unreadable
from kiosk.sections import NumbersSection
from tests.unit.cards.examples import HELSINKI, NOW

ANSWERS = {
    PracticeCard.GOOD: (Answer.ACCEPT, []),
    PracticeCard.GROUP: (Answer.ACCEPT, []),
    PracticeCard.USED: (Answer.ASK, [Reason.ALREADY_USED]),
    PracticeCard.OLD: (Answer.REFUSE, [Reason.CARD_EXPIRED]),
    PracticeCard.LOST: (Answer.REFUSE, [Reason.CARD_BLOCKED]),
    PracticeCard.STRANGE: (Answer.REFUSE, [Reason.CARD_UNKNOWN]),
}


@pytest.mark.parametrize("card", PracticeCard)
def test_each_practice_card_shows_one_answer(card: PracticeCard) -> None:
    decision = decide(practice_facts(card, NOW), NOW, HELSINKI)
    assert (decision.answer, [finding.reason for finding in decision.findings]) == ANSWERS[card]


@pytest.mark.parametrize("card", PracticeCard)
def test_a_practice_card_is_read_with_and_without_its_check_character(card: PracticeCard) -> None:
    for text in (card.value, card.value.lower(), card.value + check_character(card.value)):
        assert practice_card_in(text) is card
        assert command_in(text) is None
    assert card_of(identity_of(card)) is card


@pytest.mark.parametrize("card", PracticeCard)
def test_a_practice_card_is_never_a_number_and_reads_the_same_in_every_layout(card: PracticeCard) -> None:
    numbers = NumbersSection()
    forms = NumberForms(numbers.form, numbers.link_hosts, numbers.link_parameters)
    assert isinstance(parse(card.value, forms), Unreadable)
    assert not set(card.value) & set("AMQWYZ")


def test_nothing_else_is_a_practice_card() -> None:
    assert [practice_card_in(text) for text in ("", "DEMO-0001", "KIOSKTEST", "KIOSKRECORD")] == [None] * 4
