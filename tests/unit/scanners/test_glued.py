"""Codes sent in one breath."""

import pytest

from kiosk.scanners.glued import split_glued


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("DEMO0011", ("DEMO0011",)),
        ("]Q1DEMO0011]A0DEMO0022", ("]Q1DEMO0011", "]A0DEMO0022")),
        ("\x02DEMO0011\x03\x02DEMO0022\x03", ("DEMO0011", "DEMO0022")),
        ("\x02]Q1DEMO0011\x03\x02]A0DEMO0022\x03", ("]Q1DEMO0011", "]A0DEMO0022")),
        ("DEMO0011\x1dDEMO0022", ("DEMO0011", "DEMO0022")),
        ("DEMO0011\r\nDEMO0022\tDEMO0033\r", ("DEMO0011", "DEMO0022", "DEMO0033")),
        ("]Q2\\000026DEMO0011]Q2\\000026DEMO0022", ("]Q2\\000026DEMO0011", "]Q2\\000026DEMO0022")),
    ],
)
def test_marks_of_the_scanner_part_the_codes(text: str, codes: tuple[str, ...]) -> None:
    assert split_glued(text) == codes


def test_a_mark_behind_the_scanners_prefix_does_not_part_it_from_its_code() -> None:
    assert split_glued("]C1\x1dDEMO0011") == ("]C1\x1dDEMO0011",)


@pytest.mark.parametrize("nothing", ["", "\x1d", "\x02\x03", "\r\n"])
def test_a_reading_of_nothing_stays_one_reading(nothing: str) -> None:
    assert split_glued(nothing) == ("",)


def test_two_codes_without_a_mark_are_left_for_the_numbers_form_to_refuse() -> None:
    assert split_glued("DEMO0011DEMO0022") == ("DEMO0011DEMO0022",)
