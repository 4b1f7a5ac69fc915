"""Which GPIO line each lamp, buzzer and button has by default, and which lines they may have.

Rules of the choice, for a Raspberry Pi 4 and 5 alike (`hw/wiring.md` shows the header):

- No line of a bus that a HAT, a display or a console wants: I2C, SPI, UART, a HAT's EEPROM.
- Outputs on lines that are pulled *down* from power-up (GPIO 9 to 27), so that nothing lights or beeps before
  the kiosk runs; buttons on lines that are pulled *up* (GPIO 0 to 8) and switch to ground.
- The buzzer on GPIO 18, which both models can drive by hardware PWM.

Sources: BCM2711 ARM Peripherals and RP1 Peripherals, tables of GPIO functions; each built kiosk is measured
(`hw/bench-sheet.md`).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from kiosk.fitting import button_pins, lamp_pins
from kiosk.sections_devices import ButtonsSection, LampsSection

_THREE_LAMPS = lamp_pins(LampsSection(kind="gpio"))
_ONE_LAMP = lamp_pins(LampsSection(kind="gpio", colours="rgb"))


def _parts(pins: Mapping[str, int]) -> dict[str, int]:
    return {name.removesuffix("_pin"): pin for name, pin in pins.items()}


DEFAULT_PINS: Mapping[str, int] = MappingProxyType(
    _parts(_THREE_LAMPS) | _parts(button_pins(ButtonsSection(kind="gpio")))
)
"""GPIO (BCM) number of each part of a kiosk with single-colour lamps."""

RGB_PINS: Mapping[str, int] = MappingProxyType(
    {part: pin for part, pin in _parts(_ONE_LAMP).items() if part != "buzzer"}
)
"""GPIO number of each colour of one RGB lamp, which then takes the place of the lamps above."""

BUTTONS = frozenset({"confirm", "cancel"})
"""The parts that are inputs; all others are outputs."""

RESERVED_LINES: Mapping[int, str] = MappingProxyType(
    {
        0: "HAT EEPROM",
        1: "HAT EEPROM",
        2: "I2C",
        3: "I2C",
        7: "SPI",
        8: "SPI",
        9: "SPI",
        10: "SPI",
        11: "SPI",
        14: "UART",
        15: "UART",
    }
)
"""GPIO lines that are left to buses, and to which."""

_POSITIONS = (
    *(27, 28, 3, 5, 7, 29, 31, 26, 24, 21, 19, 23, 32, 33),  # GPIO 0 to 13
    *(8, 10, 36, 11, 12, 35, 38, 40, 15, 16, 18, 22, 37, 13),  # GPIO 14 to 27
)
HEADER_POSITIONS: Mapping[int, int] = MappingProxyType(dict(enumerate(_POSITIONS)))
"""Position on the 40-pin header of each GPIO line; the same on a Pi 4 and a Pi 5."""

_LAST_PULLED_UP = 8


def pulled_up_at_power_on(line: int) -> bool:
    """Whether GPIO `line` (0 to 27) is pulled up, not down, until a program sets it."""
    return line <= _LAST_PULLED_UP
