"""`kiosk doctor` and `kiosk doctor lamps`, on simulated and on real lines."""

from collections.abc import Mapping
from typing import Any

import pytest

from kiosk.commands.doctor_pins import pins_seen, show_signals
from kiosk.config import Config, parse
from kiosk.exits import Exit
from kiosk.findings import State, failed, passed
from tests.support.pins import LABEL, kernel_pins

GPIO: Mapping[str, Any] = {"lamps": {"kind": "gpio"}, "buttons": {"kind": "gpio"}, "gpio": {"chip": LABEL}}


async def at_once(_: float) -> None:
    """A pause that nobody waits for."""


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


@pytest.mark.parametrize("kind", ["simulated", "gpio"])
def test_every_signal_is_shown_once_and_all_is_dark_at_the_end(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    config = parse({**GPIO, "lamps": {"kind": kind}})
    if kind == "simulated":
        assert show_signals(config, pause=at_once) is Exit.OK
    else:
        with kernel_pins() as pins:
            assert show_signals(config, pause=at_once) is Exit.OK
            assert [pin for pin in (17, 27, 22, 23, 18) if pins.level(pin)] == []
    assert capsys.readouterr().out.split() == [
        "idle",
        "heard",
        "accepted",
        "ask",
        "refused",
        "recorded",
        "out-of-service",
    ]


def test_lamps_that_the_running_kiosk_holds_are_said(capsys: pytest.CaptureFixture[str]) -> None:
    with kernel_pins() as pins:
        lamp = pins.factory().pin(17)
        lamp.output_with_state(True)
        assert show_signals(parse(GPIO), pause=at_once) is Exit.FAILED
        lamp.close()
    words = capsys.readouterr().err
    assert "red (GPIO 17): another program holds the pin" in words
    assert "systemctl stop kiosk" in words


def test_no_lamps_at_all_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert show_signals(Config(), pause=at_once) is Exit.FAILED
    assert capsys.readouterr().err.startswith("No lamps are configured.")
