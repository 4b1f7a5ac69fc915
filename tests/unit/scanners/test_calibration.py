"""What the calibration code tells of a scanner."""

import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.cards.code39 import ends_with_check_character
from kiosk.cards.number import parse
from kiosk.cards.unreadable import Unreadable
from kiosk.findings import State
from kiosk.scanners.advice import findings
from kiosk.scanners.calibration import CALIBRATION, PRINTED, Calibration, Ending, Verdict, examine
from kiosk.scanners.keymap import CAPS_LOCK, ENTER, FI, KEYPAD_ENTER, LAYOUTS, TAB, US
from tests.support.typist import keys_of, press

READ = Calibration(Verdict.READ, len(CALIBRATION), layout="us", ending=Ending.ENTER)


def typed(text: str = CALIBRATION, layout: str = "us", end: int | None = ENTER) -> Calibration:
    return examine([*keys_of(text, layout), *(press(end) if end is not None else ())])


def test_the_calibration_code_can_be_printed_and_is_no_card() -> None:
    assert ends_with_check_character(PRINTED)
    assert [isinstance(parse(text), Unreadable) for text in (CALIBRATION, PRINTED)] == [True, True]


def test_no_pair_of_the_code_is_another_character_to_a_full_ascii_scanner() -> None:
    assert [pair for pair in itertools.pairwise(PRINTED) if pair[0] in "+/$%" and pair[1].isalpha()] == []


@pytest.mark.parametrize("layout", LAYOUTS)
def test_each_layout_is_told_from_all_others(layout: str) -> None:
    assert typed(layout=layout) == replace(READ, layout=layout)


def test_a_scanner_that_types_only_the_signs_as_alt_codes_is_one_of_alt_codes() -> None:
    mixed = [event for char in CALIBRATION for event in keys_of(char, "us" if char.isalnum() else "alt")]
    assert examine([*mixed, *press(ENTER)]) == replace(READ, layout="alt")


@pytest.mark.parametrize(
    ("end", "ending"),
    [
        (ENTER, Ending.ENTER),
        (KEYPAD_ENTER, Ending.KEYPAD_ENTER),
        (TAB, Ending.TAB),
        (None, Ending.SILENCE),
    ],
)
def test_what_ends_a_code_is_told(end: int | None, ending: Ending) -> None:
    assert typed(end=end) == replace(READ, ending=ending)


def test_enter_as_a_control_character_is_told() -> None:
    assert examine([*keys_of(CALIBRATION + "\r", "alt")]) == replace(READ, layout="alt", ending=Ending.TYPED)


def test_the_check_character_and_the_scanners_prefix_are_told() -> None:
    assert typed(f"]A0{PRINTED}") == replace(
        READ, typed=len(PRINTED) + 3, before="]A0", after=PRINTED[-1], check_character=True
    )


def test_small_letters_and_caps_lock_are_told_and_do_not_hinder() -> None:
    assert typed(CALIBRATION.lower()) == replace(READ, small_letters=True)
    assert examine([*press(CAPS_LOCK), *keys_of(CALIBRATION, "us"), *press(ENTER)]) == replace(READ, small_letters=True)


def test_nothing_lost_keys_and_another_code_are_told_apart_and_none_is_quoted() -> None:
    card = typed("DEMO0011")
    assert examine([]) == Calibration(Verdict.NOTHING)
    assert examine(keys_of(CALIBRATION, "us"), lost=True) == Calibration(Verdict.KEYS_LOST, len(CALIBRATION))
    assert card == Calibration(Verdict.OTHER_CODE, 8)
    assert "DEMO" not in repr((card, findings(card)))


def test_the_calibration_code_in_a_layout_that_the_kiosk_does_not_know_is_shown_as_each_reads_it() -> None:
    # As a Spanish layout has it: the signs of the code lie on keys that no known layout has them on.
    strange = typed("KIOSK'11&2]3~4")
    assert (strange.verdict, strange.readings["us"]) == (Verdict.OTHER_LAYOUT, "KIOSK'11&2]3~4")
    (finding,) = findings(strange)
    assert (finding.state, finding.next) == (State.FAIL, "Set the scanner to the US keyboard, or to Alt codes.")


@pytest.mark.parametrize(
    ("calibration", "told"),
    [
        (READ, [("layout", State.OK), ("end of a code", State.OK), ("prefix and suffix", State.OK)]),
        (
            replace(READ, ending=Ending.SILENCE),
            [("layout", State.OK), ("end of a code", State.WARN), ("prefix and suffix", State.OK)],
        ),
        (
            replace(READ, before="\x02]A0", after="\x03"),
            [("layout", State.OK), ("end of a code", State.OK), ("prefix and suffix", State.OK)],
        ),
        (
            replace(READ, before="X"),
            [("layout", State.OK), ("end of a code", State.OK), ("prefix and suffix", State.FAIL)],
        ),
        (
            replace(READ, after="J", check_character=True, small_letters=True),
            [
                ("layout", State.OK),
                ("end of a code", State.OK),
                ("prefix and suffix", State.OK),
                ("check character", State.WARN),
                ("capitals", State.WARN),
            ],
        ),
        (
            replace(READ, before="]A1", after="J", check_character=True),
            [("layout", State.OK), ("end of a code", State.OK), ("prefix and suffix", State.OK)],
        ),
        (Calibration(Verdict.NOTHING), [("reading", State.FAIL)]),
        (Calibration(Verdict.KEYS_LOST, 3), [("reading", State.FAIL)]),
        (Calibration(Verdict.OTHER_CODE, 3), [("reading", State.FAIL)]),
    ],
)
def test_a_technician_is_told_what_to_do_where_something_can_be_done(
    calibration: Calibration, told: list[tuple[str, State]]
) -> None:
    seen = findings(calibration)
    assert [(finding.name, finding.state) for finding in seen] == told
    assert [bool(finding.next) for finding in seen] == [state is not State.OK for _, state in told]


@given(st.lists(st.tuples(st.integers(0, 130), st.integers(0, 2))))
def test_no_keys_are_too_much_to_examine(keys: list[tuple[int, int]]) -> None:
    assert findings(examine(keys))


def test_the_signs_of_the_code_lie_elsewhere_in_the_finnish_layout() -> None:
    places = [{key.plain: code for code, key in layout.keys.items()} for layout in (US, FI)]
    assert [sign for sign in "-/" if places[0][sign] == places[1].get(sign)] == []
