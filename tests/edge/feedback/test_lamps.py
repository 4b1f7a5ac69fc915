"""Signals on gpiozero's pins: whole histories of what was switched, and when."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from gpiozero import DigitalOutputDevice
from gpiozero.pins.mock import MockFactory

from kiosk.cards.model import CardStatus
from kiosk.errors import DeviceError
from kiosk.feedback.gpio import GpioLamps, simulated_pins
from kiosk.feedback.player import PART, Lamps, Player
from kiosk.feedback.signals import Part
from kiosk.feedback.silent import NoLamps
from kiosk.health import Health
from tests.support import desks
from tests.support.clock import FixedClock
from tests.support.virtual_time import VirtualTime, settle

PINS = {Part.RED: 17, Part.AMBER: 27, Part.GREEN: 22, Part.BUZZER: 24}
EVERYTHING = frozenset(PINS)
OFF = {"red": False, "amber": False, "green": False, "buzzer": False}
BLOCKED: dict[str, Any] = {"card__status": CardStatus.BLOCKED}
QUOTA_FULL: dict[str, Any] = {"quota_used": 6}


@pytest.fixture
def factory() -> Iterator[MockFactory]:
    factory = MockFactory()
    yield factory
    factory.reset()


def levels(factory: MockFactory) -> dict[str, bool]:
    """What the pins are at."""
    return {part.value: bool(factory.pin(pin).state) for part, pin in PINS.items()}


class Stage:
    """A player on mock pins in virtual time, and every change of what was on, by milliseconds."""

    def __init__(self, lamps: Lamps) -> None:
        self.time = VirtualTime(dt.datetime(2026, 3, 14, 16, 30, tzinfo=dt.UTC))
        self.health = Health(FixedClock())
        self.history: list[tuple[int, str]] = []
        self.player = Player(lamps, self.health, wait=self.time.wait, shown=self._shown)
        self.playing = asyncio.create_task(self.player.run())

    def _shown(self, lit: frozenset[Part]) -> None:
        words = " ".join(part.value for part in Part if part in lit)
        if not self.history or self.history[-1][1] != words:
            self.history.append((round(self.time.passed_s * 1000), words))

    async def stop(self) -> None:
        self.playing.cancel()
        await asyncio.wait({self.playing})


@pytest.fixture
async def stage(factory: MockFactory) -> AsyncIterator[Stage]:
    stage = Stage(GpioLamps(PINS, factory=lambda: factory))
    await settle()
    yield stage
    await stage.stop()


async def test_accepted_is_green_with_one_tone(stage: Stage) -> None:
    await stage.player.announce(desks.presented())
    await stage.time.pass_(60)
    assert stage.history == [(0, ""), (0, "green buzzer"), (120, "green")]


async def test_recorded_is_a_green_double_flash_with_two_tones(stage: Stage) -> None:
    await stage.player.announce(desks.recorded())
    await stage.time.pass_(60)
    assert stage.history == [(0, ""), (80, "green buzzer"), (200, ""), (320, "green buzzer"), (440, "")]


async def test_refused_is_a_red_fast_blink_for_two_seconds_with_one_tone(stage: Stage) -> None:
    await stage.player.announce(desks.presented(**BLOCKED))
    await stage.time.pass_(60)
    blinks = [(250 * number + half, "" if half else "red") for number in range(1, 8) for half in (0, 125)]
    assert stage.history == [(0, ""), (0, "red buzzer"), (125, ""), *blinks]


async def test_ask_blinks_amber_slowly_after_two_tones_until_something_else_is_said(stage: Stage) -> None:
    await stage.player.announce(desks.presented(**QUOTA_FULL))
    await stage.time.pass_(4)
    assert stage.history == [
        (0, ""),
        (0, "amber buzzer"),
        (120, "amber"),
        (240, "amber buzzer"),
        (360, "amber"),
        (600, ""),
        (1200, "amber"),
        (1800, ""),
        (2400, "amber"),
        (3000, ""),
        (3600, "amber"),
    ]


async def test_out_of_service_is_a_steady_red_without_a_sound(stage: Stage) -> None:
    await stage.player.announce(desks.out_of_service())
    await stage.time.pass_(3600)
    assert stage.history == [(0, ""), (0, "red")]


async def test_an_evening_at_the_desk_one_signal_after_the_other(stage: Stage) -> None:
    for desk, stays_s in (
        (desks.reading(), 0.06),
        (desks.presented("p1", **QUOTA_FULL), 0.3),
        (desks.presented("p2"), 0.05),
        (desks.recorded("p2"), 0.2),
        (desks.ready(), 1),
    ):
        await stage.player.announce(desk)
        await stage.time.pass_(stays_s)
    assert stage.history == [
        (0, ""),
        (0, "buzzer"),  # and the lamp for “heard”, which these pins have none for
        (30, ""),
        (60, "amber buzzer"),
        (180, "amber"),
        (300, "amber buzzer"),
        (360, "green buzzer"),
        (410, ""),
        (490, "green buzzer"),
        (610, ""),
    ]


async def test_a_new_signal_is_on_before_the_announcement_returns(factory: MockFactory, stage: Stage) -> None:
    await stage.player.announce(desks.presented(**BLOCKED))
    assert levels(factory) == {**OFF, "red": True, "buzzer": True}
    await stage.player.announce(desks.presented())
    assert levels(factory) == {**OFF, "green": True, "buzzer": True}


async def test_the_old_signal_never_flashes_up_after_the_new_one(factory: MockFactory, stage: Stage) -> None:
    await stage.player.announce(desks.presented(**BLOCKED))
    for step_s in [0.125] * 16:
        await stage.time.pass_(step_s)
        await stage.player.announce(desks.presented("p1"))
        reds = len(factory.pin(PINS[Part.RED]).states)
        await stage.time.pass_(1)
        assert len(factory.pin(PINS[Part.RED]).states) == reds
        await stage.player.announce(desks.presented("p2", **BLOCKED))


async def test_the_same_news_again_does_not_start_the_signal_anew(stage: Stage) -> None:
    await stage.player.announce(desks.presented("p1"))
    await stage.time.pass_(1)
    await stage.player.announce(desks.presented("p1"))
    await stage.time.pass_(1)
    await stage.player.announce(desks.presented("p2"))
    assert stage.history == [(0, ""), (0, "green buzzer"), (120, "green"), (2000, "green buzzer")]


async def test_everything_is_off_and_the_pins_are_free_at_the_end(factory: MockFactory) -> None:
    stage = Stage(GpioLamps(PINS, factory=lambda: factory))
    await settle()
    await stage.player.announce(desks.presented())
    assert stage.history[-1] == (0, "green buzzer")
    await stage.stop()
    assert stage.history[-1] == (0, "")
    assert [factory.pin(pin).function for pin in PINS.values()] == ["input"] * 4
    GpioLamps(PINS, factory=lambda: factory).show(EVERYTHING)


def test_lamps_that_a_low_level_switches_on(factory: MockFactory) -> None:
    lamps = GpioLamps(PINS, active_high=False, factory=lambda: factory)
    assert lamps.show(frozenset({Part.GREEN})) == {Part.GREEN}
    assert levels(factory) == {"red": True, "amber": True, "green": False, "buzzer": True}


def test_a_part_without_a_pin_is_passed_over(factory: MockFactory) -> None:
    lamps = GpioLamps({Part.RED: 17}, factory=lambda: factory)
    assert lamps.show(frozenset({Part.RED, Part.BUZZER})) == {Part.RED}


def test_a_pin_that_is_in_use_is_said_and_the_others_are_switched(factory: MockFactory) -> None:
    with DigitalOutputDevice(PINS[Part.AMBER], pin_factory=factory):
        lamps = GpioLamps(PINS, factory=lambda: factory)
        with pytest.raises(DeviceError, match=r"cannot be switched: amber \(GPIO 27\): .*already in use"):
            lamps.show(EVERYTHING)
        assert levels(factory) == {"red": True, "amber": False, "green": True, "buzzer": True}
    assert lamps.show(EVERYTHING) == EVERYTHING


def test_all_that_is_wrong_is_said_at_once(factory: MockFactory) -> None:
    lamps = GpioLamps({Part.RED: 98, Part.GREEN: 99}, factory=lambda: factory)
    with pytest.raises(DeviceError, match=r"red \(GPIO 98\): .*; green \(GPIO 99\): "):
        lamps.show(frozenset())


async def test_lamps_that_fail_are_said_in_health_tried_with_each_signal_and_the_desk_goes_on(
    factory: MockFactory,
) -> None:
    chips = [OSError("no gpiochip"), OSError("no gpiochip"), factory]

    def make() -> Any:
        if isinstance(found := chips.pop(0), OSError):
            raise found
        return found

    stage = Stage(GpioLamps({Part.GREEN: 22}, factory=make))
    await settle()
    await stage.player.announce(desks.presented("p1"))
    assert stage.health.parts()[PART].why == "cannot be switched: green (GPIO 22): no gpiochip"
    await stage.player.announce(desks.presented("p2"))
    assert stage.health.parts()[PART].ok
    assert stage.history == [(0, "green")]
    await stage.stop()


async def test_a_kiosk_without_lamps_plays_in_the_dark() -> None:
    stage = Stage(NoLamps())
    await stage.player.announce(desks.presented(**BLOCKED))
    await stage.time.pass_(10)
    assert (stage.history, stage.health.parts()[PART].ok) == ([(0, "")], True)
    await stage.stop()


def test_simulated_pins_are_the_librarys_own() -> None:
    assert GpioLamps(PINS, factory=simulated_pins).show(frozenset({Part.RED})) == {Part.RED}
