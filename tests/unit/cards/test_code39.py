"""Code39's check character."""

import pytest

from kiosk.cards.code39 import check_character, ends_with_check_character


@pytest.mark.parametrize(("text", "check"), [("CODE39", "W"), ("DEMO0001", "V"), ("0", "0"), ("+", "+")])
def test_the_check_character_is_the_sum_of_all_modulo_43(text: str, check: str) -> None:
    assert check_character(text) == check
    assert ends_with_check_character(text + check)


@pytest.mark.parametrize("text", ["", "0", "CODE39X", "code39w", "ÄA"])
def test_a_text_without_its_check_character_is_told(text: str) -> None:
    assert not ends_with_check_character(text)


def test_a_text_that_code39_cannot_hold_has_none() -> None:
    with pytest.raises(ValueError, match="substring not found"):
        check_character("ä")
