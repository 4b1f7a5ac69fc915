"""The kernel's own chips, found and spoken to."""

from pathlib import Path
from typing import Any

import pytest

from kiosk.errors import DeviceError
from kiosk.feedback.fixtures import Lamp
from kiosk.feedback.gpio import GpioLamps
from kiosk.feedback.gpiochip import ChipPins, find_chip
from kiosk.feedback.look import Look
from kiosk.feedback.signals import Part
from tests.support.pins import LABEL, kernel_pins


def test_a_chip_is_found_by_its_label_and_by_its_path() -> None:
    with kernel_pins() as pins:
        assert (find_chip(LABEL), find_chip(pins.chip)) == (pins.chip, pins.chip)


def test_a_second_name_of_a_chip_takes_the_first_one_away_from_nobody(tmp_path: Path) -> None:
    with kernel_pins() as pins:
        for name in ("gpiochip0", "gpiochip4"):
            (tmp_path / name).symlink_to(pins.chip)
        wanted = str(tmp_path / "gpiochip0")
        assert (find_chip(wanted, tmp_path), find_chip(LABEL, tmp_path)) == (wanted, wanted)


def test_the_chip_behind_the_header_is_taken_when_none_is_named() -> None:
    with kernel_pins("pinctrl-rp1") as pins, kernel_pins("other"):
        assert find_chip() == pins.chip


def test_what_is_there_is_said_when_the_one_wanted_is_not() -> None:
    with kernel_pins(), pytest.raises(DeviceError, match=rf"^no GPIO chip of a Raspberry Pi: there are {LABEL}$"):
        find_chip()


def test_a_machine_without_any_is_told_so(tmp_path: Path) -> None:
    pytest.importorskip("gpiod")
    with pytest.raises(DeviceError, match=r"^no GPIO chip pinctrl-rp1: there is none at all$"):
        find_chip("pinctrl-rp1", tmp_path)


def test_what_only_looks_like_a_chip_is_passed_over(tmp_path: Path) -> None:
    pytest.importorskip("gpiod")
    (tmp_path / "gpiochip0").write_text("no chip")
    with pytest.raises(DeviceError, match=r"there is none at all$"):
        find_chip(devices=tmp_path)


def test_a_line_that_another_program_holds_is_said_in_words() -> None:
    with kernel_pins() as pins:
        other: Any = ChipPins(pins.chip).pin(17)
        other.output_with_state(True)
        lamps = GpioLamps([Lamp(Part.RED, 17)], pins.factory)
        with pytest.raises(DeviceError, match=r"red \(GPIO 17\): another program holds the pin$"):
            lamps.show(Look(frozenset({Part.RED})))
        other.close()
        assert lamps.show(Look(frozenset({Part.RED}))) == {Part.RED}
        lamps.close()


def test_a_lamp_that_is_off_when_low_levels_switch_it_on_never_blips_at_the_start() -> None:
    with kernel_pins() as pins:
        pins.drive(17, high=True)
        lamps = GpioLamps([Lamp(Part.RED, 17, active_high=False)], pins.factory)
        lamps.show(Look())
        assert pins.level(17)
        lamps.close()
