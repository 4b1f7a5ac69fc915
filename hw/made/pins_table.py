"""The pin table of `hw/wiring.md`, from the code's own defaults."""

from __future__ import annotations

from collections.abc import Iterator

from kiosk.feedback.pins import BUTTONS, DEFAULT_PINS, HEADER_POSITIONS, RGB_PINS, pulled_up_at_power_on

WIRES = {"red": "red", "amber": "yellow", "green": "green", "heard": "white", "buzzer": "violet"} | {
    "confirm": "blue",
    "cancel": "grey",
}
WHY = {
    "red": "no second function that a kiosk uses",
    "amber": "the same",
    "green": "the same",
    "heard": "white or blue lamp",
    "buzzer": "hardware PWM on both (Pi 4: PWM0 channel 0, ALT5; Pi 5: RP1 PWM0, function a3)",
    "confirm": "closes to ground",
    "cancel": "closes to ground",
}


def pin_table() -> str:
    """The table of the parts of a kiosk with single-colour lamps."""
    return "\n".join(_rows())


def _rows() -> Iterator[str]:
    yield "| part | GPIO | header pin, Pi 4 and Pi 5 | direction | at power-up | wire | note |"
    yield "| --- | ---: | ---: | --- | --- | --- | --- |"
    for part, line in DEFAULT_PINS.items():
        direction = "in" if part in BUTTONS else "out"
        rest = "pulled up: open" if pulled_up_at_power_on(line) else "pulled down: off"
        yield (f"| {part} | {line} | {HEADER_POSITIONS[line]} | {direction} | {rest} | {WIRES[part]} | {WHY[part]} |")


def rgb_table() -> str:
    """The table of one RGB lamp in place of single-colour lamps."""
    head = ["| colour | GPIO | header pin |", "| --- | ---: | ---: |"]
    return "\n".join(head + [f"| {name} | {line} | {HEADER_POSITIONS[line]} |" for name, line in RGB_PINS.items()])
