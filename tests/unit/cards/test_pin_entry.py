"""A PIN digit by digit: by codes that say a digit, by a button that counts one, or by both."""

from dataclasses import replace

import pytest

from kiosk.cards.pin_entry import FORGOTTEN_AFTER, LONGEST_PIN, PinEntry, PinKey, entered, is_forgotten

PRESS, NEXT = PinKey.PRESS, PinKey.NEXT
AT_MS = 5_000


def after(*keys: PinKey | str) -> PinEntry:
    entry = PinEntry()
    for key in keys:
        entry = entered(entry, PinKey(key), AT_MS)
    return entry


@pytest.mark.parametrize(
    ("keys", "whole"),
    [
        ("271828", "271828"),
        ((PRESS, PRESS, NEXT, PRESS), "21"),
        ((*[PRESS] * 10, NEXT, PRESS, NEXT), "01"),
        ((NEXT, PRESS, NEXT, NEXT, PRESS, NEXT), "11"),
        ((PRESS, PRESS, "7", PRESS), "271"),
        (("4", *[PRESS] * 11, NEXT, PRESS), "41"),
        (("4", *[PRESS] * 20, "7"), "47"),
        (("4", *[PRESS] * 11), ""),
        ("", ""),
    ],
    ids=[
        "codes",
        "the last digit needs no next",
        "ten presses are a nought",
        "a double tap on next adds nothing",
        "both",
        "eleven presses are no digit, which is counted anew",
        "twenty are none either",
        "nor is a PIN tried that ends so",
        "nothing",
    ],
)
def test_what_was_entered(keys: tuple[PinKey | str, ...], whole: str) -> None:
    assert after(*keys).whole == whole


@pytest.mark.parametrize("key", [PinKey.DONE, PinKey.ANEW])
def test_done_and_anew_leave_nothing(key: PinKey) -> None:
    assert after("2", PRESS, key) == PinEntry()


def test_what_the_pin_opens_is_changed_by_each_word_for_the_pages_and_goes_with_each_try() -> None:
    for_pages = PinEntry(at_ms=AT_MS, for_pages=True)
    pages = PinKey.PAGES
    assert (after(pages), after(pages, pages), after("2", PRESS, pages)) == (for_pages, PinEntry(), for_pages)
    assert after(pages, "2", PRESS) == replace(for_pages, digits="2", presses=1)
    assert [after(pages, "2", PinKey.ANEW), after(pages, PinKey.DONE)] == [for_pages, for_pages]
    assert after(pages, "2", PinKey.DONE) == PinEntry()


def test_of_too_many_digits_so_many_are_kept_that_they_are_never_the_right_ones() -> None:
    assert after(*"123456789012345").whole == "1234567890123"
    assert after(*"1234567890123", PRESS).whole == "1234567890123"
    assert len("1234567890123") > LONGEST_PIN


def test_a_digit_with_too_many_presses_is_shown_as_not_begun() -> None:
    assert [after(*[PRESS] * presses).begun for presses in (0, 1, 10, 11, 20)] == [False, True, True, False, False]


def test_an_entry_that_nobody_goes_on_with_is_forgotten_counted_from_its_last_key() -> None:
    limit_ms = round(FORGOTTEN_AFTER.total_seconds() * 1000)
    entry = entered(after("2"), PRESS, AT_MS + limit_ms - 1)
    late = [is_forgotten(entry, AT_MS + limit_ms - 1 + ms) for ms in (limit_ms - 1, limit_ms)]
    assert (late, is_forgotten(PinEntry(), 10**9)) == ([False, True], False)


def test_an_entry_hides_what_it_holds_from_every_log() -> None:
    assert repr(after("4", "2", PRESS, PRESS, PRESS)) == f"PinEntry(at_ms={AT_MS}, for_pages=False)"
