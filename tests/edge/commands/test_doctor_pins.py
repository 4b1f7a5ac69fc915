"""What `kiosk doctor` says of the lines of lamps and buttons."""

from collections.abc import Mapping
from typing import Any

import pytest

from kiosk.commands.doctor_pins import pins_seen
from kiosk.config import Config, parse
from kiosk.findings import State, failed, passed
from tests.support.pins import LABEL, kernel_pins

GPIO: Mapping[str, Any] = {"lamps": {"kind": "gpio"}, "buttons": {"kind": "gpio"}, "gpio": {"chip": LABEL}}


def test_a_kiosk_without_lamps_is_no_fault() -> None:
    assert list(pins_seen(Config())) == [passed("lamps", "none are configured")]


def test_simulated_lamps_are_called_so() -> None:
    config = parse({"lamps": {"kind": "simulated"}})
    assert list(pins_seen(config)) == [passed("lamps", "simulated on the page")]


def test_every_lamp_and_button_has_its_line() -> None:
    with kernel_pins() as pins:
        seen = {finding.name: (finding.state, finding.saw) for finding in pins_seen(parse(GPIO))}
    free = (State.OK, f"free on {pins.chip}")
    parts = ["red (GPIO 17)", "amber (GPIO 27)", "green (GPIO 22)", "heard (GPIO 23)", "buzzer (GPIO 18)"]
    assert seen == dict.fromkeys([*parts, "confirm button (GPIO 5)", "cancel button (GPIO 6)"], free)


def test_a_chip_that_is_not_there_is_one_finding() -> None:
    pytest.importorskip("gpiod")
    (finding,) = pins_seen(parse({**GPIO, "gpio": {"chip": "no-such-chip"}}))
    assert (finding.name, finding.state, finding.next) == (
        "GPIO",
        State.FAIL,
        "Name the chip in [gpio]; `gpiodetect` lists what is there.",
    )


def test_tones_without_pwm_are_said_with_the_line_that_brings_it() -> None:
    with kernel_pins():
        *_, tones = pins_seen(parse({**GPIO, "lamps": {"kind": "gpio", "buzzer": "tones"}}))
    assert tones == failed(
        "tones",
        "GPIO 18 has no PWM",
        'Add `dtoverlay=pwm,pin=18,func=2` to /boot/firmware/config.txt, or set `buzzer = "plain"`.',
    )
