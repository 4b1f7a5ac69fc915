"""Keys of a scanner to codes, as the kernel sends them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.scanners.assembler import MAX_CODE_CHARS, KeyAssembler, Press
from kiosk.scanners.keymap import CAPS_LOCK, ENTER, FI, KEYPAD_ENTER, LAYOUTS, LEFT_SHIFT, RIGHT_SHIFT, TAB, US, Layout

UP, DOWN, REPEAT = Press.UP, Press.DOWN, Press.REPEAT
KEY_A, KEY_1, KEY_MINUS, KEY_7, KEY_KP4, KEY_F1 = 30, 2, 12, 8, 75, 59


def typed(*keys: tuple[int, int], layout: Layout = US) -> list[str]:
    """The codes that these events of (key, value) make."""
    assembler = KeyAssembler(layout)
    return [code for key, value in keys if (code := assembler.feed(key, value)) is not None]


def press(*codes: int) -> list[tuple[int, int]]:
    return [(code, value) for code in codes for value in (DOWN, UP)]


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


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_every_letter_and_digit_can_be_typed_in_every_layout(layout: Layout) -> None:
    characters = {character for pair in layout.values() for character in pair}
    assert set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-./:?=%&+_ ") <= characters


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
