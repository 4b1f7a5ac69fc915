"""The parts of the configuration that tell what is plugged in: scanners, lamps, sound, buttons."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from kiosk.settings import number, one_of, optional_text, setting, whole_number, yes_or_no

_LAST_ON_THE_HEADER = 27
_BAUDS = (9600, 19_200, 38_400, 57_600, 115_200)


def _language(value: Any) -> str | None:
    return one_of("fi", "sv", "en")(value) or None


def _usb_id(value: Any) -> str | None:
    try:
        if isinstance(value, str) and 0 <= int(value, 16) <= 0xFFFF:  # noqa: PLR2004  # USB ids are 16 bits
            return f"{int(value, 16):04x}"
    except ValueError:
        pass
    raise ValueError('four hexadecimal digits in quotes, such as "0c2e"')


def _pin(value: Any) -> int | None:
    if value is False:
        return None
    try:
        number_: int = whole_number(0, _LAST_ON_THE_HEADER)(value)
    except ValueError as problem:
        raise ValueError(f"{problem}, or false") from None
    return number_


def _time_of_day(value: Any) -> str | None:
    if value == "":
        return None
    try:
        return dt.datetime.strptime(value, "%H:%M").strftime("%H:%M")  # noqa: DTZ007  # a time of day has no zone
    except (TypeError, ValueError):
        raise ValueError('a time of day such as "21:30"') from None


def _baud(value: Any) -> int:
    if value not in _BAUDS or isinstance(value, bool):
        raise ValueError(f"one of {', '.join(map(str, _BAUDS))}")
    return int(value)


@dataclass(frozen=True, slots=True)
class LampsSection:
    """Lamps and buzzer; `false` in the place of a pin: it is not there."""

    kind: str = setting("none", one_of("none", "gpio", "simulated"), "No lamps, real pins, or pins shown on the page.")
    colours: str = setting(
        "three", one_of("three", "rgb"), "Three lamps and one for “heard you”, or one lamp of all colours."
    )
    red_pin: int | None = setting(17, _pin, "GPIO number of the red lamp, or of the red of an rgb lamp.")
    amber_pin: int | None = setting(27, _pin, "GPIO number of the amber lamp.")
    green_pin: int | None = setting(22, _pin, "GPIO number of the green lamp, or of the green of an rgb lamp.")
    blue_pin: int | None = setting(24, _pin, "GPIO number of the blue of an rgb lamp.")
    heard_pin: int | None = setting(23, _pin, "GPIO number of the white or blue “heard you” lamp.")
    active_high: bool = setting(True, yes_or_no, "Whether a high level switches a lamp on.")
    buzzer: str = setting("plain", one_of("plain", "tones"), "A buzzer with a tone of its own, or one driven by PWM.")
    buzzer_pin: int | None = setting(18, _pin, "GPIO number of the buzzer; tones need 12, 13, 18 or 19.")
    buzzer_active_high: bool = setting(True, yes_or_no, "Whether a high level switches the buzzer on.")


@dataclass(frozen=True, slots=True)
class SoundSection:
    """How loud the kiosk may be; a buzzer with a tone of its own is on or off."""

    volume: int = setting(100, whole_number(0, 100), "Volume from 0 (silent) to 100.")
    night_volume: int = setting(20, whole_number(0, 100), "Volume in the hours of the night.")
    night_from: str | None = setting(None, _time_of_day, "Local time at which the night begins.")
    night_to: str | None = setting(None, _time_of_day, "Local time at which it ends.")


@dataclass(frozen=True, slots=True)
class SpeechSection:
    """The verdict said aloud: the words of the visitor's sign, and no reason."""

    program: str | None = setting(
        None, optional_text, "Program that speaks: “espeak-ng”, “spd-say”, or the path of one. By default nobody does."
    )
    language: str | None = setting(None, _language, "Language it speaks; by default `kiosk.language`.")


@dataclass(frozen=True, slots=True)
class ButtonsSection:
    """Buttons of metal and plastic; `false` in the place of a pin: it is not there."""

    kind: str = setting("none", one_of("none", "gpio"), "No buttons, or real pins.")
    confirm_pin: int | None = setting(5, _pin, "GPIO number of the confirm button.")
    cancel_pin: int | None = setting(6, _pin, "GPIO number of the cancel button.")
    pull_up: bool = setting(True, yes_or_no, "Whether a press connects the pin to ground (false: to 3.3 V).")
    hold_s: float = setting(
        0.0,
        number(0, 5),
        "A press so long counts a child (confirm) or takes one back (cancel), and twice so long an assistant; "
        "with no card: the next waiting card or event, twice so long the next language, or undo; both together the own "
        "ticket, or with no card the lock, and there the venue's pages. A press then counts when it ends. 0: every "
        "press counts at once.",
    )
    debounce_ms: int = setting(30, whole_number(0, 500), "How long a level must stay to count as a press.")


@dataclass(frozen=True, slots=True)
class GpioSection:
    """The pins of lamps and buttons."""

    chip: str | None = setting(
        None, optional_text, "Label or device path of the GPIO chip; by default the one behind a Pi's 40 pins."
    )


@dataclass(frozen=True, slots=True)
class ScannerSection:
    """One `[[scanner]]`; there may be several."""

    kind: str = setting(
        "hid",
        one_of("hid", "serial", "camera", "lines"),
        "A USB keyboard scanner, one on a serial line, a camera, or lines of text.",
    )
    vendor: str | None = setting(None, _usb_id, "USB vendor id of a hid scanner.")
    product: str | None = setting(None, _usb_id, "USB product id of a hid scanner.")
    name: str | None = setting(None, optional_text, "Part of the name of a hid scanner.")
    path: str | None = setting(
        None,
        optional_text,
        "Device path of a hid or serial scanner; file, FIFO or “-” of lines; for a camera “picamera” (the Pi's own), a "
        "video device such as /dev/video0, a folder of pictures, or a FIFO that names pictures.",
    )
    layout: str = setting(
        "us", one_of("us", "fi", "alt"), "Keyboard layout a hid scanner types in; `kiosk doctor scanner` finds it out."
    )
    baud: int = setting(9600, _baud, "Speed of a serial scanner; one on USB takes any.")
    code39_check: str = setting(
        "auto",
        one_of("auto", "always", "never"),
        "Whether the Code39 on the cards that a camera sees ends in a check character; “auto”: the card list decides.",
    )
