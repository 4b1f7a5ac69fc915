"""Which Code39 of the camera counts."""

import pytest

from kiosk.cards.code39 import ends_with_check_character
from kiosk.cards.model import CardNumber
from kiosk.cards.number import DEFAULT_FORMS
from kiosk.scanners.camera.trust import (
    Agreement,
    CheckCharacter,
    Listed,
    Meanings,
    agreed,
    believed,
    meanings,
)

WHOLE, REST = CardNumber("DEMO00051"), CardNumber("DEMO0005")
NEITHER, BOTH = Listed(), Listed(whole=True, stripped=True)
ONLY_WHOLE, ONLY_REST = Listed(whole=True), Listed(stripped=True)


def frames(count: int) -> Agreement:
    return Agreement(0, frozenset(range(count)))


@pytest.mark.parametrize(
    ("text", "valid"),
    [("CODE39W", True), ("CODE39X", False), ("Code39W", False), ("0", False), ("00", True)],
)
def test_the_check_character_is_the_sum_modulo_43(text: str, valid: bool) -> None:
    assert ends_with_check_character(text) is valid


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("CODE39W", Meanings(CardNumber("CODE39W"), CardNumber("CODE39"))),
        ("CODE39X", Meanings(CardNumber("CODE39X"), None)),
        ("CO-DE39%", Meanings(None, None)),
        ("DEMO-0001$", Meanings(None, None)),
        ("", Meanings(None, None)),
    ],
)
def test_a_text_may_be_a_number_or_a_number_and_its_check_character(text: str, said: Meanings) -> None:
    assert meanings(text, DEFAULT_FORMS) == said


@pytest.mark.parametrize("last", "-. $/+%")
def test_where_the_check_character_can_be_no_part_of_a_number_there_is_one_meaning(last: str) -> None:
    text = next(text for each in range(10_000) if ends_with_check_character(text := f"DEMO{each:04}{last}"))
    assert meanings(text, DEFAULT_FORMS) == Meanings(None, CardNumber(text[:-1]))


def test_what_is_printed_takes_one_meaning_away() -> None:
    said = {printed: meanings("CODE39W", DEFAULT_FORMS, printed) for printed in CheckCharacter}
    assert said == {
        CheckCharacter.AUTO: Meanings(CardNumber("CODE39W"), CardNumber("CODE39")),
        CheckCharacter.ALWAYS: Meanings(None, CardNumber("CODE39")),
        CheckCharacter.NEVER: Meanings(CardNumber("CODE39W"), None),
    }


@pytest.mark.parametrize(
    ("what", "listed", "after", "counts"),
    [
        (Meanings(WHOLE, REST), ONLY_REST, 1, REST),
        (Meanings(None, REST), ONLY_REST, 1, REST),
        (Meanings(WHOLE, REST), ONLY_WHOLE, 2, WHOLE),
        (Meanings(WHOLE, None), ONLY_WHOLE, 2, WHOLE),
        (Meanings(None, REST), NEITHER, 3, REST),
        (Meanings(WHOLE, REST), NEITHER, None, None),
        (Meanings(WHOLE, REST), BOTH, None, None),
        (Meanings(WHOLE, None), NEITHER, None, None),
        (Meanings(None, None), NEITHER, None, None),
    ],
)
def test_the_table_of_witnesses(what: Meanings, listed: Listed, after: int | None, counts: CardNumber | None) -> None:
    said = [believed(what, listed, frames(count)) for count in range(1, 6)]
    first = 99 if after is None else after
    assert said == [None] * min(first - 1, 5) + [counts] * max(0, 6 - first)


def test_the_same_picture_twice_is_one_witness() -> None:
    once = agreed(None, "DEMO0001", 7)
    assert agreed(once, "DEMO0001", 7) == once
    assert len(agreed(once, "DEMO0001", 8).frame_marks) == 2


def test_another_text_begins_the_agreement_anew() -> None:
    twice = agreed(agreed(None, "DEMO0001", 1), "DEMO0001", 2)
    assert agreed(twice, "DEMO0007", 3) == agreed(None, "DEMO0007", 3)


def test_an_agreement_does_not_grow_for_ever() -> None:
    agreement = None
    for frame in range(1000):
        agreement = agreed(agreement, "DEMO0001", frame)
    assert agreement is not None
    assert len(agreement.frame_marks) == 3


def test_an_agreement_does_not_hold_the_number() -> None:
    assert "DEMO" not in repr(agreed(None, "DEMO0001", 1))
