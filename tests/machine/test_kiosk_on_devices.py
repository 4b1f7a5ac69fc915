"""A whole kiosk, as a process, on a real input device and real GPIO lines: what a hand does and an eye sees."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.support.gun import PRODUCT, VENDOR, Gun, gun
from tests.support.kiosk import Kiosk, running_kiosk
from tests.support.pins import LABEL, KernelPins, kernel_pins
from tests.support.register import ServingRegister, serving_register

RED, AMBER, GREEN, HEARD, BUZZER = 17, 27, 22, 23, 18
CONFIRM, CANCEL = 5, 6
SETTINGS = f"""
[[scanner]]
kind = "hid"
vendor = "{VENDOR:04x}"
product = "{PRODUCT:04x}"
[lamps]
kind = "gpio"
[buttons]
kind = "gpio"
[gpio]
chip = "{LABEL}"
"""
LIMIT_S = 60
VALID, EXPIRED = "DEMO-0001-AIKUINEN\n", "DEMO-0004-VANHA\n"


@pytest.fixture
def pins() -> Iterator[KernelPins]:
    with kernel_pins() as pins:
        yield pins


@pytest.fixture
def scanner() -> Iterator[Gun]:
    with gun() as scanner:
        yield scanner


@pytest.fixture
def register(tmp_path: Path) -> Iterator[ServingRegister]:
    with serving_register(tmp_path / "register", seed=("--demo",)) as register:
        yield register


@pytest.fixture
async def kiosk(tmp_path: Path, register: ServingRegister, pins: KernelPins, scanner: Gun) -> AsyncIterator[Kiosk]:
    async with running_kiosk(tmp_path / "kiosk", register.url, register.token(), settings=SETTINGS) as kiosk:
        await kiosk.until(lambda heard: heard.surroundings.get("event"))
        yield kiosk


async def until_lit(pins: KernelPins, pin: int) -> None:
    assert await asyncio.to_thread(pins.seen_high, pin, LIMIT_S)


def lit(pins: KernelPins) -> set[int]:
    return {pin for pin in (RED, AMBER, GREEN, HEARD, BUZZER) if pins.level(pin)}


async def show(kiosk: Kiosk, scanner: Gun, code: str) -> str:
    """Let the gun type a card; the presentation it became."""
    before = set(kiosk.heard.presentations)
    await asyncio.to_thread(scanner.type, code)
    await kiosk.until(lambda heard: heard.desk["phase"] == "presented" and heard.presentations != before)
    return str(kiosk.heard.desk["presentation"])


async def test_a_card_is_typed_the_green_lamp_answers_and_a_button_brings_it_to_the_register(
    kiosk: Kiosk, register: ServingRegister, pins: KernelPins, scanner: Gun
) -> None:
    presentation = await show(kiosk, scanner, VALID)
    await until_lit(pins, GREEN)
    pins.drive(CONFIRM, high=False)
    await kiosk.until(lambda heard: presentation in heard.recorded)
    await kiosk.until_delivered()
    assert [use["id"] for use in register.uses()] == [presentation]


async def test_an_expired_card_is_red_and_the_cancel_button_takes_it_off_the_desk(
    kiosk: Kiosk, register: ServingRegister, pins: KernelPins, scanner: Gun
) -> None:
    await show(kiosk, scanner, EXPIRED)
    await until_lit(pins, RED)
    pins.drive(CANCEL, high=False)
    await kiosk.until(lambda heard: heard.desk["phase"] == "ready")
    assert (register.uses(), pins.level(GREEN)) == ([], False)


async def test_a_scanner_that_is_unplugged_and_plugged_in_again_reads_on(
    kiosk: Kiosk, pins: KernelPins, scanner: Gun
) -> None:
    scanner.type("DEMO-00")
    scanner.unplug()
    await kiosk.until_logged("7 characters of an unfinished code were thrown away")
    with gun() as other:
        await kiosk.until_logged("works again")
        await show(kiosk, other, VALID)
    assert kiosk.heard.verdicts == [("accept", ())]


async def test_nothing_is_lit_after_the_kiosk_was_stopped(kiosk: Kiosk, pins: KernelPins, scanner: Gun) -> None:
    await show(kiosk, scanner, VALID)
    await until_lit(pins, GREEN)
    assert await kiosk.stop() == 0
    assert lit(pins) == set()


async def test_lines_that_another_program_holds_are_said_and_the_desk_goes_on(
    tmp_path: Path, register: ServingRegister, pins: KernelPins, scanner: Gun
) -> None:
    lamp = pins.factory().pin(RED)
    lamp.output_with_state(False)
    async with running_kiosk(tmp_path / "kiosk", register.url, register.token(), settings=SETTINGS) as kiosk:
        await kiosk.until(lambda heard: heard.surroundings.get("event"))
        await show(kiosk, scanner, VALID)
        await until_lit(pins, GREEN)
        assert "lamps fails: cannot be switched: red (GPIO 17): another program holds the pin" in kiosk.log.read_text()
    lamp.close()
