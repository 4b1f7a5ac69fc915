"""Keys of a scanner to codes, as the kernel sends them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.scanners.assembler import MAX_CODE_CHARS, KeyAssembler, Press
from kiosk.scanners.keymap import (
    ALT,
    CAPS_LOCK,
    ENTER,
    FI,
    KEYPAD_ENTER,
    LAYOUTS,
    LEFT_ALT,
    LEFT_CTRL,
    LEFT_SHIFT,
    RIGHT_ALT,
    RIGHT_SHIFT,
    TAB,
    US,
    Layout,
)

UP, DOWN, REPEAT = Press.UP, Press.DOWN, Press.REPEAT
KEYPAD = {"7": 71, "8": 72, "9": 73, "4": 75, "5": 76, "6": 77, "1": 79, "2": 80, "3": 81, "0": 82}
KEY_A, KEY_1, KEY_MINUS, KEY_7, KEY_KP4, KEY_F1 = 30, 2, 12, 8, 75, 59


def typed(*keys: tuple[int, int], layout: Layout = US) -> list[str]:
    """The codes that these events of (key, value) make."""
    assembler = KeyAssembler(layout)
    return [code for key, value in keys if (code := assembler.feed(key, value)) is not None]


def press(*codes: int) -> list[tuple[int, int]]:
    return [(code, value) for code in codes for value in (DOWN, UP)]


def held(modifier: int, *codes: int) -> list[tuple[int, int]]:
    return [(modifier, DOWN), *press(*codes), (modifier, UP)]


def alt(digits: str) -> list[tuple[int, int]]:
    return held(LEFT_ALT, *(KEYPAD[digit] for digit in digits))


def test_letters_are_small_without_shift_and_large_with_it() -> None:
    shifted = [(LEFT_SHIFT, DOWN), *press(KEY_A), (LEFT_SHIFT, UP)]
    assert typed(*press(KEY_A), *shifted, *press(KEY_A, ENTER)) == ["aAa"]


def test_the_right_shift_is_a_shift_too_and_two_held_end_with_the_last() -> None:
    both = [(LEFT_SHIFT, DOWN), (RIGHT_SHIFT, DOWN), (LEFT_SHIFT, UP), *press(KEY_A), (RIGHT_SHIFT, UP)]
    assert typed(*both, *press(KEY_A, ENTER)) == ["Aa"]


def test_caps_lock_turns_letters_and_leaves_digits() -> None:
    assert typed(*press(CAPS_LOCK, KEY_A, KEY_1, CAPS_LOCK, KEY_A, ENTER)) == ["A1a"]
    shifted = [(LEFT_SHIFT, DOWN), *press(KEY_A), (LEFT_SHIFT, UP)]
    assert typed(*press(CAPS_LOCK), *shifted, *press(ENTER)) == ["a"]


def test_equal_neighbours_are_kept_and_the_kernels_autorepeat_is_not() -> None:
    assert typed(*press(KEY_1, KEY_1), (KEY_7, DOWN), (KEY_7, REPEAT), (KEY_7, REPEAT), (KEY_7, UP), *press(ENTER)) == [
        "117"
    ]


@pytest.mark.parametrize("end", [ENTER, KEYPAD_ENTER, TAB])
def test_enter_keypad_enter_and_tab_end_a_code(end: int) -> None:
    assert typed(*press(KEY_1, end, KEY_7, end)) == ["1", "7"]


def test_an_end_without_a_code_is_the_second_half_of_crlf() -> None:
    assert typed(*press(KEY_1, ENTER, ENTER, KEY_7, ENTER)) == ["1", "7"]


def test_keypad_digits_are_digits_and_unknown_keys_nothing() -> None:
    assert typed(*press(KEY_KP4, KEY_F1, KEY_1, ENTER)) == ["41"]


def test_the_finnish_layout_has_its_dash_and_letters_elsewhere() -> None:
    slash = 53
    assert typed(*press(slash, 40, ENTER), layout=FI) == ["-ä"]
    assert typed(*press(KEY_MINUS, ENTER), layout=US) == ["-"]


@pytest.mark.parametrize("layout", [US, FI], ids=["us", "fi"])
def test_every_letter_and_digit_can_be_typed_in_every_layout(layout: Layout) -> None:
    characters = {character for key in layout.keys.values() for character in key}
    assert set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-./:?=%&+_ ") <= characters


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_alt_and_keypad_digits_are_the_number_of_a_character_in_every_layout(layout: Layout) -> None:
    keys = [*alt("75"), *alt("045"), *press(KEY_7), *alt("0228"), *alt("132"), *alt("8364"), *press(ENTER)]
    assert typed(*keys, layout=layout) == ["K-7ää€"]


def test_keypad_digits_after_the_alt_key_is_let_go_are_digits_again() -> None:
    assert typed(*alt("45"), *press(KEYPAD["4"], KEYPAD["5"], ENTER), layout=ALT) == ["-45"]


def test_alt_codes_of_control_characters_are_these_and_enter_among_them_ends() -> None:
    assert typed(*alt("029"), *press(KEY_A), *alt("013"), *press(KEY_7), *alt("9"), layout=ALT) == ["\x1da", "7"]


@pytest.mark.parametrize("digits", ["0", "000", "99999999", "55296", "0129"])
def test_a_number_that_is_no_character_types_nothing(digits: str) -> None:
    assert typed(*alt(digits), *press(KEY_A, ENTER)) == ["a"]


def test_in_the_layout_of_alt_codes_no_other_key_types_a_sign() -> None:
    assert typed(*press(KEY_MINUS, 53, 39), *held(LEFT_SHIFT, KEY_1), *press(KEY_A, ENTER), layout=ALT) == ["a"]


def test_a_code_that_ends_in_the_middle_of_an_alt_code_leaves_nothing_to_the_next() -> None:
    assembler = KeyAssembler(US)
    for key, value in [*press(KEY_A), (LEFT_ALT, DOWN), *press(KEYPAD["7"])]:
        assembler.feed(key, value)
    assert (assembler.silence(), assembler.unfinished) == ("a", False)
    assert [assembler.feed(LEFT_ALT, UP), *(assembler.feed(*each) for each in press(KEY_A, ENTER))][-2] == "a"


def test_a_lone_alt_code_or_accent_that_is_never_finished_ends_with_silence_too() -> None:
    diaeresis = 27
    for layout, keys, code in ((US, [(LEFT_ALT, DOWN), *press(KEYPAD["7"])], ""), (FI, press(diaeresis), "¨")):
        assembler = KeyAssembler(layout)
        for key, value in keys:
            assembler.feed(key, value)
        assert (assembler.unfinished, assembler.silence(), assembler.unfinished) == (True, code, False)


def test_alt_gr_and_ctrl_with_alt_type_the_third_sign_of_a_finnish_key() -> None:
    keys = [12, 86, 3, 4, 5, 6, 8, 9, 10, 11, 18]
    ctrl_alt = [(LEFT_CTRL, DOWN), (LEFT_ALT, DOWN), *press(3), (LEFT_ALT, UP), (LEFT_CTRL, UP)]
    assert typed(*held(RIGHT_ALT, *keys), *ctrl_alt, *press(ENTER), layout=FI) == ["\\|@£$€{[]}€@"]


def test_accents_wait_for_their_letter_and_stand_for_themselves_before_a_space() -> None:
    acute, diaeresis, space, e = 13, 27, 57, 18
    keys = [*press(acute, e, acute, space, diaeresis, KEY_7), *held(RIGHT_ALT, diaeresis), *press(space, ENTER)]
    assert typed(*keys, layout=FI) == ["é´¨7~"]
    assert typed(*press(KEY_A, diaeresis, ENTER), layout=FI) == ["a¨"]


def test_ctrl_types_the_control_characters_of_a_scanner_that_sends_them_so() -> None:
    right_bracket, m, b = 27, 50, 48
    assert typed(*held(LEFT_CTRL, b, right_bracket, KEY_1), *press(KEY_A), *held(LEFT_CTRL, m)) == ["\x02\x1da"]


def test_silence_ends_a_code_that_has_no_enter() -> None:
    assembler = KeyAssembler(US)
    for key, value in press(KEY_1, KEY_7):
        assembler.feed(key, value)
    assert (assembler.typed, assembler.silence(), assembler.silence(), assembler.typed) == (2, "17", None, 0)


def test_a_code_that_lost_keys_is_thrown_away_to_its_end_and_the_next_one_is_whole() -> None:
    assembler = KeyAssembler(US)
    for key, value in [(LEFT_SHIFT, DOWN), *press(KEY_A)]:
        assembler.feed(key, value)
    assert (assembler.lose_keys(), assembler.typed, assembler.unfinished) == (1, 0, True)
    rest = [assembler.feed(key, value) for key, value in press(KEY_7, ENTER, KEY_A, ENTER)]
    # An empty code is a reading of nothing: staff see that something was shown and not read.
    assert [code for code in rest if code is not None] == ["", "a"]


def test_a_code_that_lost_its_end_ends_with_silence() -> None:
    assembler = KeyAssembler(US)
    assembler.lose_keys()
    assert (assembler.silence(), assembler.unfinished, assembler.silence()) == ("", False, None)


def test_a_key_that_is_stuck_does_not_fill_the_memory() -> None:
    assembler = KeyAssembler(US)
    for _ in range(MAX_CODE_CHARS + 10):
        assembler.feed(KEY_1, DOWN)
    assert assembler.typed == MAX_CODE_CHARS


@given(st.lists(st.tuples(st.integers(0, 800), st.integers(-1, 3))), st.sampled_from(list(LAYOUTS.values())))
def test_no_sequence_of_keys_is_too_much(events: list[tuple[int, int]], layout: Layout) -> None:
    assert all(code for code in typed(*events, layout=layout))
