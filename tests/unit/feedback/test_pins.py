"""The default pins clash with nothing and rest dark."""

from itertools import combinations

import pytest
from gpiozero.pins.mock import MockFactory

from kiosk.feedback.pins import (
    BUTTONS,
    DEFAULT_PINS,
    HEADER_POSITIONS,
    RESERVED_LINES,
    RGB_PINS,
    pulled_up_at_power_on,
)

PI_4, PI_5 = "c03115", "d04171"


def test_no_two_parts_share_a_line() -> None:
    for pins in (DEFAULT_PINS, RGB_PINS):
        assert [pair for pair in combinations(pins, 2) if pins[pair[0]] == pins[pair[1]]] == []


def test_an_rgb_lamp_leaves_buzzer_and_buttons_alone() -> None:
    others = {pin for part, pin in DEFAULT_PINS.items() if part in BUTTONS | {"buzzer"}}
    assert set(RGB_PINS.values()) & others == set()


def test_no_part_takes_a_line_of_a_bus() -> None:
    assert (set(DEFAULT_PINS.values()) | set(RGB_PINS.values())) & set(RESERVED_LINES) == set()


def test_outputs_are_dark_and_buttons_at_rest_until_the_kiosk_runs() -> None:
    up = {part for part, pin in DEFAULT_PINS.items() if pulled_up_at_power_on(pin)}
    assert up == BUTTONS
    assert not any(pulled_up_at_power_on(pin) for pin in RGB_PINS.values())


@pytest.mark.parametrize("revision", [PI_4, PI_5])
def test_the_header_is_that_of_both_models(revision: str) -> None:
    positions = MockFactory(revision=revision).board_info.headers["J8"].pins
    named = {f"GPIO{line}": position for line, position in HEADER_POSITIONS.items()}
    assert {pin.name: number for number, pin in positions.items() if pin.name.startswith("GPIO")} == named


@pytest.mark.parametrize("revision", [PI_4, PI_5])
def test_the_buzzers_line_has_hardware_pwm_on_both_models(revision: str) -> None:
    positions = MockFactory(revision=revision).board_info.headers["J8"].pins
    assert "pwm" in positions[HEADER_POSITIONS[DEFAULT_PINS["buzzer"]]].interfaces


def test_the_parts_are_those_of_the_wiring() -> None:
    assert (list(DEFAULT_PINS), list(RGB_PINS)) == (
        ["red", "amber", "green", "heard", "buzzer", "confirm", "cancel"],
        ["red", "green", "blue"],
    )
