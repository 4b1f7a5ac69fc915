"""From scanned text to a card number, or to a reason why not."""

from __future__ import annotations

import unicodedata
from urllib.parse import quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kiosk.cards.model import CardNumber
from kiosk.cards.number import DEFAULT_FORMS, MAX_SCAN_CHARS, NumberForms, parse
from kiosk.cards.unreadable import Unreadable, UnreadableWhy

NUMBER = CardNumber("DEMO0001AIKUINEN")
EMPTY = Unreadable(UnreadableWhy.EMPTY)
TOO_LONG = Unreadable(UnreadableWhy.TOO_LONG)
CONTROL_CHARACTERS = Unreadable(UnreadableWhy.CONTROL_CHARACTERS)
TWO_CODES = Unreadable(UnreadableWhy.TWO_CODES)
NOT_A_CARD = Unreadable(UnreadableWhy.NOT_A_CARD)

SAME_NUMBER = {
    "as printed": "DEMO-0001-AIKUINEN",
    "without hyphens": "DEMO0001AIKUINEN",
    "in lower case": "demo-0001-aikuinen",
    "in groups": "DEMO 0001 AIKUINEN",
    "with the scanner's Enter": "DEMO-0001-AIKUINEN\r\n",
    "with the scanner's Tab": "\tDEMO-0001-AIKUINEN\t",
    "in white space of every kind": "\u3000\u00a0 DEMO-0001-AIKUINEN \v\f",
    "with a byte order mark": "\ufeffDEMO-0001-AIKUINEN",
    "with invisible characters inside": "DEMO\u200b-0001\u00ad-AIKUINEN\u200e",
    "framed by STX and ETX": "\x02DEMO-0001-AIKUINEN\x03",
    "led by a GS": "\x1dDEMO-0001-AIKUINEN\x1d",
    "Code39 with its asterisks": "*DEMO-0001-AIKUINEN*",
    "AIM prefix of Code39": "]A0DEMO-0001-AIKUINEN",
    "AIM prefix of Code39 whose check character was stripped": "]A3DEMO-0001-AIKUINEN",
    "AIM prefix of Code39 whose check character is there": "]A1DEMO-0001-AIKUINEN1",
    "AIM prefix of Code39 and its asterisks": "]A0*DEMO-0001-AIKUINEN*\r",
    "AIM prefix of QR": "]Q1DEMO-0001-AIKUINEN",
    "AIM prefix of Code128": "]C0DEMO-0001-AIKUINEN",
    "AIM prefix inside a frame": "\x02]Q3DEMO-0001-AIKUINEN\x03\r",
    "QR with an ECI": "]Q2\\000026DEMO-0001-AIKUINEN",
    "an ECI in the middle": "DEMO-0001\\000026-AIKUINEN",
    "full-width characters": "ＤＥＭＯ－０００１－ＡＩＫＵＩＮＥＮ",
    "dashes that are not hyphens": "DEMO–0001—AIKUINEN−",
    "a hyphen that does not break": "DEMO\u20110001\u2010AIKUINEN",
    "a link's last segment": "https://kortti.example/k/DEMO-0001-AIKUINEN",
    "a link's last segment before a slash": "https://kortti.example/k/DEMO-0001-AIKUINEN/",
    "a link in upper case": "HTTPS://KORTTI.EXAMPLE/K/DEMO-0001-AIKUINEN",
    "a link without TLS": "http://kortti.example/DEMO-0001-AIKUINEN",
    "a link's parameter": "https://kortti.example/nayta?lang=fi&number=DEMO-0001-AIKUINEN",
    "a link's parameter in upper case": "HTTPS://KORTTI.EXAMPLE/NAYTA1?TUNNUS=DEMO-0001-AIKUINEN",
    "a link's surest parameter": "https://kortti.example/?id=AB12&number=DEMO-0001-AIKUINEN",
    "a link's fragment": "https://kortti.example/#DEMO-0001-AIKUINEN",
    "a route in a link's fragment": "https://kortti.example/#/kortti/DEMO-0001-AIKUINEN",
    "a parameter in a link's fragment": "https://kortti.example/#tunnus=DEMO-0001-AIKUINEN",
    "a link with escapes": "https://kortti.example/k/DEMO%2D0001%20%E2%80%93AIKUINEN%0D%0A",
    "a parameter with escapes": "https://kortti.example/?number=demo+0001%2Daikuinen",
    "a link after an AIM prefix": "]Q1https://kortti.example/k/DEMO-0001-AIKUINEN\r",
    "the same code twice": "DEMO-0001-AIKUINEN\rDEMO-0001-AIKUINEN\r",
    "the same card's two codes": "]Q1https://kortti.example/k/DEMO-0001-AIKUINEN]A0*DEMO-0001-AIKUINEN*",
}

NO_NUMBER = {
    "nothing": ("", EMPTY),
    "white space": (" \t\r\n\u3000", EMPTY),
    "a frame around nothing": ("\x02\x03", EMPTY),
    "a prefix before nothing": ("]Q1\r", EMPTY),
    "an ECI before nothing": ("\\000026", EMPTY),
    "ten kilobytes": ("A1" * 5_000, TOO_LONG),
    "one character too long": ("1" * (MAX_SCAN_CHARS + 1), TOO_LONG),
    "as long as is looked at": ("1" * MAX_SCAN_CHARS, NOT_A_CARD),
    "a NUL inside": ("DEMO\x000001", CONTROL_CHARACTERS),
    "an escape sequence": ("\x1b[ADEMO0001", CONTROL_CHARACTERS),
    "a GS inside": ("DEMO\x1d0001", CONTROL_CHARACTERS),
    "a bell in a link": ("https://kortti.example/\x07DEMO0001", CONTROL_CHARACTERS),
    "two links": ("https://kortti.example/k/DEMO0001https://kortti.example/k/DEMO0002", TWO_CODES),
    "a link and another number": ("https://kortti.example/k/DEMO0001\rDEMO0002\r", TWO_CODES),
    "a number and another link": ("DEMO0001HTTPS://KORTTI.EXAMPLE/K/DEMO0002", TWO_CODES),
    "two numbers on two lines": ("DEMO0001\nDEMO0002\n", TWO_CODES),
    "two numbers with a tab between": ("DEMO0001\tDEMO0002", TWO_CODES),
    "two frames": ("\x02DEMO0001\x03\x02DEMO0002\x03", TWO_CODES),
    "two prefixes": ("]A0DEMO0001]A0DEMO0002", TWO_CODES),
    "a card and a milk carton": ("DEMO0001\r]E06400000000013\r", TWO_CODES),
    "a link with two numbers in it": ("https://kortti.example/?number=DEMO0001&number=DEMO0002", TWO_CODES),
    "a milk carton with its prefix": ("]E06400000000013", NOT_A_CARD),
    "a milk carton with its prefix, caps lock on": ("]e06400000000013", NOT_A_CARD),
    "Finnish letters": ("ÅÄÖ-0001", NOT_A_CARD),
    "Finnish words": ("Hyvää päivää 1", NOT_A_CARD),
    "a letter that only looks like one": ("DEМO0001", NOT_A_CARD),
    "a letter whose upper case is two": ("DEMO0001ß", NOT_A_CARD),
    "digits of another script": ("DEMO٠٠٠١", NOT_A_CARD),
    "letters only": ("KAIKUKORTTI", NOT_A_CARD),
    "too few characters": ("AB1", NOT_A_CARD),
    "too many characters": ("A1" * 16 + "2", NOT_A_CARD),
    "a sentence": ("Oven takana on 2 portaikkoa!", NOT_A_CARD),
    "a contact card": ("BEGIN:VCARD", NOT_A_CARD),
    "half a surrogate pair": ("DEMO\udc800001", NOT_A_CARD),
    "a link without a number": ("https://kortti.example/tietoa", NOT_A_CARD),
    "a link to nowhere": ("https://", NOT_A_CARD),
    "a broken link": ("http://[::1/DEMO0001", NOT_A_CARD),
    "another kind of link": ("mailto:DEMO0001", NOT_A_CARD),
}


@pytest.mark.parametrize("text", SAME_NUMBER.values(), ids=SAME_NUMBER.keys())
def test_one_card_has_one_number_however_it_is_read(text: str) -> None:
    assert parse(text) == NUMBER


@pytest.mark.parametrize(("text", "why"), NO_NUMBER.values(), ids=NO_NUMBER.keys())
def test_what_is_not_one_card_number_says_why(text: str, why: Unreadable) -> None:
    assert parse(text) == why


def test_a_bare_product_code_cannot_be_told_from_a_number_and_is_left_to_the_card_list() -> None:
    assert parse("6400000000013") == CardNumber("6400000000013")


def test_a_product_code_is_not_a_card_where_numbers_are_known_to_hold_letters() -> None:
    forms = NumberForms(bare="[A-Z]{4}[0-9]{4}")
    assert parse("6400000000013", forms) == NOT_A_CARD
    assert parse("demo-0001", forms) == CardNumber("DEMO0001")


def test_finnish_letters_are_read_where_the_form_has_them() -> None:
    assert parse("åäö-0001", NumberForms(bare="[A-ZÅÄÖ]+[0-9]+")) == CardNumber("ÅÄÖ0001")
    decomposed = unicodedata.normalize("NFD", "ÅÄÖ0001")
    assert parse(decomposed, NumberForms(bare="[A-ZÅÄÖ]+[0-9]+")) == CardNumber("ÅÄÖ0001")


def test_only_links_of_the_configured_hosts_are_believed() -> None:
    forms = NumberForms(link_hosts=("Kortti.example",))
    assert parse("HTTPS://KORTTI.EXAMPLE:8443/K/DEMO0001", forms) == CardNumber("DEMO0001")
    assert parse("https://muu.example/k/DEMO0001", forms) == NOT_A_CARD
    assert parse("https://kortti.example@muu.example/k/DEMO0001", forms) == NOT_A_CARD
    assert parse("https://kortti.example.muu.example/k/DEMO0001", forms) == NOT_A_CARD


def test_a_check_character_that_does_not_fit_is_part_of_the_number() -> None:
    assert parse("]A1DEMO0001") == CardNumber("DEMO0001")


def test_a_code39_check_character_without_any_number_is_not_a_card() -> None:
    assert parse("]A1**") == NOT_A_CARD


def test_a_number_does_not_show_itself() -> None:
    assert "DEMO" not in repr(parse("DEMO0001"))
    assert "DEMO" not in f"{parse('DEMO0001')}"


scanner_text = st.text(
    alphabet=st.one_of(
        st.sampled_from("ABC123abc-* \r\n\t\x02\x03\x1d]\\/?#&=%:.åÅß\ufeff\u3000－"),
        st.characters(),
    ),
    max_size=60,
)
scanner_noise = st.lists(
    st.sampled_from(
        [
            "]A0",
            "]A1",
            "]Q1",
            "]E0",
            "\\000026",
            "https://",
            "HTTP://x/",
            "?id=",
            "#",
            "%41",
            "AB12",
            "CD34",
            "\r",
            "*",
            "[",
        ]
    ),
    max_size=12,
).map("".join)


@given(st.text() | st.text(alphabet=st.characters(categories=["Cs", "Cc", "Cf", "Nd"])) | scanner_text | scanner_noise)
@example("https://[")
@example("]A1")
@example("\ufdfa" * MAX_SCAN_CHARS)
def test_any_text_is_a_number_of_the_form_or_unreadable(text: str) -> None:
    result = parse(text)
    if isinstance(result, CardNumber):
        assert 4 <= len(result.normal) <= 32
        assert result.normal.isascii()
        assert result.normal.isalnum()
        assert result.normal == result.normal.upper()
        assert any(char.isdigit() for char in result.normal)
    else:
        assert result.why in UnreadableWhy


@given(st.integers(MAX_SCAN_CHARS + 1, 20_000), st.characters())
def test_nothing_longer_than_the_limit_is_looked_at(length: int, char: str) -> None:
    assert parse(char * length) == TOO_LONG


numbers = st.from_regex(DEFAULT_FORMS.bare, fullmatch=True, alphabet=st.characters(codec="ascii"))


@given(numbers)
def test_a_normalised_number_is_read_as_itself(normal: str) -> None:
    assert parse(normal) == CardNumber(normal)


@given(scanner_text | scanner_noise)
def test_reading_what_was_read_changes_nothing(text: str) -> None:
    result = parse(text)
    if isinstance(result, CardNumber):
        assert parse(result.normal) == result


@given(
    numbers,
    st.sampled_from(["{}", "*{}*", "]A0{}", "]Q1{}\r\n", "https://kortti.example/k/{}", "HTTPS://K.EXAMPLE/?N={}"]),
)
def test_every_number_is_the_same_in_every_wrapping(normal: str, wrapping: str) -> None:
    assert parse(wrapping.format(normal)) == CardNumber(normal)
    assert parse(wrapping.format(quote(normal.lower()))) == CardNumber(normal)


@given(
    numbers,
    numbers,
    st.sampled_from(["\r", "\n", "\t", "\r\n", "\x03\x02", "]A0", "]Q1", "https://k.example/"]),
)
def test_two_numbers_in_one_reading_are_never_guessed_between(one: str, other: str, between: str) -> None:
    expected = CardNumber(one) if one == other else TWO_CODES
    assert parse(f"{one}{between}{other}") == expected
