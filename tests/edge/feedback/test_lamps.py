"""Signals on gpiozero's pins: whole histories of what was switched, and when."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from gpiozero import DigitalOutputDevice

from kiosk.cards.model import CardStatus
from kiosk.errors import DeviceError
from kiosk.feedback.fixtures import Fixture, Lamp, ThreeColours, Tones
from kiosk.feedback.gpio import GpioLamps, simulated_pins
from kiosk.feedback.look import DARK, Look
from kiosk.feedback.player import PART, Lamps, Player
from kiosk.feedback.signals import Part
from kiosk.feedback.silent import NoLamps
from kiosk.health import Health
from tests.support import desks
from tests.support.clock import FixedClock
from tests.support.pins import MockPins, Pins, kernel_pins, pins_of
from tests.support.virtual_time import VirtualTime, settle

PINS = {Part.RED: 17, Part.AMBER: 27, Part.GREEN: 22, Part.BUZZER: 24}
FIXTURES: list[Fixture] = [Lamp(part, pin) for part, pin in PINS.items()]
EVERYTHING = Look(frozenset(PINS), 1000, 100)
OFF = {"red": False, "amber": False, "green": False, "buzzer": False}
BLOCKED: dict[str, Any] = {"card__status": CardStatus.BLOCKED}
QUOTA_FULL: dict[str, Any] = {"quota_used": 6}


@pytest.fixture(params=["mock", "kernel"])
def pins(request: pytest.FixtureRequest) -> Iterator[Pins]:
    with pins_of(request.param) as pins:
        yield pins


def levels(pins: Pins) -> dict[str, bool]:
    """What the lamps see."""
    return {part.value: pins.level(pin) for part, pin in PINS.items()}


def on(*parts: Part) -> Look:
    return Look(frozenset(parts), 1000, 100)


class Stage:
    """A player in virtual time, and every change of what the lamps saw, by milliseconds."""

    def __init__(self, lamps: Lamps, pins: Pins | None = None, volume: int = 100) -> None:
        self._pins = pins
        self.time = VirtualTime(dt.datetime(2026, 3, 14, 16, 30, tzinfo=dt.UTC))
        self.health = Health(FixedClock())
        self.history: list[tuple[int, str]] = []
        self.player = Player(lamps, self.health, wait=self.time.wait, shown=self._shown, volume=lambda: volume)
        self.playing = asyncio.create_task(self.player.run())

    def _shown(self, lit: frozenset[Part]) -> None:
        if self._pins is not None:
            assert {part.value: part in lit for part in PINS} == levels(self._pins)
        words = " ".join(part.value for part in Part if part in lit)
        if not self.history or self.history[-1][1] != words:
            self.history.append((round(self.time.passed_s * 1000), words))

    async def stop(self) -> None:
        self.playing.cancel()
        await asyncio.wait({self.playing})


@pytest.fixture
async def stage(pins: Pins) -> AsyncIterator[Stage]:
    stage = Stage(GpioLamps(FIXTURES, pins.factory), pins)
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
    blinks = [(400 * number + half, "" if half else "red") for number in range(1, 5) for half in (0, 200)]
    assert stage.history == [(0, ""), (0, "red buzzer"), (200, ""), *blinks]


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


async def test_heard_is_lit_at_once_and_pulses_where_the_answer_takes_long() -> None:
    pins = MockPins()
    stage = Stage(GpioLamps([Lamp(Part.HEARD, 23), Lamp(Part.BUZZER, 24)], pins.factory))
    await settle()
    await stage.player.announce(desks.reading())
    await stage.time.pass_(3)
    await stage.stop()
    lit = [(0, ""), (0, "heard buzzer"), (30, "heard")]
    pulse = [(600, ""), (800, "heard"), (1400, ""), (1600, "heard"), (2200, ""), (2400, "heard"), (3000, "")]
    assert stage.history == [*lit, *pulse]


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


async def test_a_new_signal_is_on_before_the_announcement_returns(pins: Pins, stage: Stage) -> None:
    await stage.player.announce(desks.presented(**BLOCKED))
    assert levels(pins) == {**OFF, "red": True, "buzzer": True}
    await stage.player.announce(desks.presented())
    assert levels(pins) == {**OFF, "green": True, "buzzer": True}


async def test_the_old_signal_never_flashes_up_after_the_new_one(stage: Stage) -> None:
    await stage.player.announce(desks.presented(**BLOCKED))
    for step_s in [0.2] * 10:
        await stage.time.pass_(step_s)
        await stage.player.announce(desks.presented("p1"))
        seen = len(stage.history)
        await stage.time.pass_(1)
        assert [words for _, words in stage.history[seen:]] == ["green"]
        await stage.player.announce(desks.presented("p2", **BLOCKED))


async def test_the_same_news_again_does_not_start_the_signal_anew(stage: Stage) -> None:
    await stage.player.announce(desks.presented("p1"))
    await stage.time.pass_(1)
    await stage.player.announce(desks.presented("p1"))
    await stage.time.pass_(1)
    await stage.player.announce(desks.presented("p2"))
    assert stage.history == [(0, ""), (0, "green buzzer"), (120, "green"), (2000, "green buzzer")]


async def test_everything_is_off_and_the_pins_are_free_at_the_end(pins: Pins) -> None:
    stage = Stage(GpioLamps(FIXTURES, pins.factory), pins)
    await settle()
    await stage.player.announce(desks.presented())
    assert stage.history[-1] == (0, "green buzzer")
    await stage.stop()
    assert (stage.history[-1], levels(pins)) == ((0, ""), OFF)
    again = GpioLamps(FIXTURES, pins.factory)
    assert again.show(EVERYTHING) == frozenset(PINS)
    again.close()


def test_lamps_that_a_low_level_switches_on(pins: Pins) -> None:
    lamps = GpioLamps([Lamp(part, pin, active_high=False) for part, pin in PINS.items()], pins.factory)
    assert lamps.show(on(Part.GREEN)) == {Part.GREEN}
    assert levels(pins) == {"red": True, "amber": True, "green": False, "buzzer": True}
    lamps.close()


def test_a_part_without_a_pin_is_passed_over(pins: Pins) -> None:
    lamps = GpioLamps([Lamp(Part.RED, 17)], pins.factory)
    assert lamps.show(on(Part.RED, Part.BUZZER)) == {Part.RED}
    lamps.close()


@pytest.mark.parametrize(
    ("part", "red", "green", "blue"),
    [
        pytest.param(Part.RED, True, False, False, id="red"),
        pytest.param(Part.AMBER, True, True, False, id="amber is red and green"),
        pytest.param(Part.GREEN, False, True, False, id="green"),
        pytest.param(Part.HEARD, False, False, True, id="heard is blue"),
    ],
)
def test_a_lamp_of_three_colours_mixes_them(pins: Pins, part: Part, red: bool, green: bool, blue: bool) -> None:
    lamps = GpioLamps([ThreeColours((17, 22, 24))], pins.factory)
    assert lamps.show(on(part)) == {part}
    assert (pins.level(17), pins.level(22), pins.level(24)) == (red, green, blue)
    assert lamps.show(DARK) == frozenset()
    assert (pins.level(17), pins.level(22), pins.level(24)) == (False, False, False)
    lamps.close()


def test_a_lamp_of_three_colours_that_low_levels_switch_on(pins: Pins) -> None:
    lamps = GpioLamps([ThreeColours((17, 22, 24), active_high=False)], pins.factory)
    assert lamps.show(on(Part.GREEN)) == {Part.GREEN}
    assert (pins.level(17), pins.level(22), pins.level(24)) == (True, False, True)
    lamps.close()


def test_a_buzzer_with_tones_is_driven_at_the_pitch_and_as_loud_as_asked() -> None:
    pins = MockPins()
    buzzer = pins.factory().pin(18)
    lamps = GpioLamps([Tones(18)], pins.factory)
    heard = []
    for look in (Look(frozenset({Part.BUZZER}), 880, 100), Look(frozenset({Part.BUZZER}), 1319, 50), DARK):
        lit = lamps.show(look)
        heard.append((lit, buzzer.frequency, buzzer.state))
    assert heard == [({Part.BUZZER}, 880, 0.5), ({Part.BUZZER}, 1319, 0.125), (frozenset(), 1319, 0.0)]


def test_a_buzzer_on_a_pin_without_pwm_is_said() -> None:
    with pins_of("kernel") as pins:
        lamps = GpioLamps([Tones(18), Lamp(Part.RED, 17)], pins.factory)
        with pytest.raises(DeviceError, match=r"cannot be switched: buzzer \(GPIO 18\): GPIO 18 has no PWM: only 12, "):
            lamps.show(on(Part.RED, Part.BUZZER))
        assert pins.level(17)
        lamps.close()


async def test_a_silent_kiosk_speaks_by_light_alone(pins: Pins) -> None:
    stage = Stage(GpioLamps(FIXTURES, pins.factory), pins, volume=0)
    await settle()
    await stage.player.announce(desks.recorded())
    await stage.time.pass_(60)
    assert stage.history == [(0, ""), (80, "green"), (200, ""), (320, "green"), (440, "")]
    await stage.stop()


def test_a_pin_that_is_in_use_is_said_and_the_others_are_switched(pins: Pins) -> None:
    lamps = GpioLamps(FIXTURES, pins.factory)
    with DigitalOutputDevice(PINS[Part.AMBER], pin_factory=pins.factory()):
        with pytest.raises(
            DeviceError, match=r"cannot be switched: amber \(GPIO 27\): .*(already in use|another program holds)"
        ):
            lamps.show(EVERYTHING)
        assert levels(pins) == {"red": True, "amber": False, "green": True, "buzzer": True}
    assert lamps.show(EVERYTHING) == frozenset(PINS)
    lamps.close()


def test_all_that_is_wrong_is_said_at_once(pins: Pins) -> None:
    lamps = GpioLamps([Lamp(Part.RED, 98), Lamp(Part.GREEN, 99)], pins.factory)
    with pytest.raises(DeviceError, match=r"red \(GPIO 98\): .*; green \(GPIO 99\): "):
        lamps.show(DARK)
    lamps.close()


async def test_lamps_that_fail_are_said_in_health_tried_with_each_signal_and_the_desk_goes_on() -> None:
    chips = [OSError("no gpiochip"), OSError("no gpiochip"), MockPins().factory()]

    def make() -> Any:
        if isinstance(found := chips.pop(0), OSError):
            raise found
        return found

    stage = Stage(GpioLamps([Lamp(Part.GREEN, 22)], make))
    await settle()
    await stage.player.announce(desks.presented("p1"))
    assert stage.health.parts()[PART].why == "cannot be switched: green (GPIO 22): no gpiochip"
    await stage.player.announce(desks.presented("p2"))
    assert stage.health.parts()[PART].ok
    assert stage.history == [(0, "green")]
    await stage.stop()


def test_a_chip_that_is_pulled_out_is_said_and_lights_again_when_it_is_back() -> None:
    lamps_and_buzzer = frozenset(PINS)
    with kernel_pins() as pins, kernel_pins("another") as other:
        lamps = GpioLamps(FIXTURES, pins.factory)
        lit = [lamps.show(EVERYTHING)]
        pins.pull_out()
        with pytest.raises(DeviceError, match=r": No such device; buzzer \(GPIO 24\): No such device$"):
            lamps.show(EVERYTHING)
        other.pull_out()  # so that the chip gets another number than it had
        other.plug_in()
        pins.plug_in()
        lit.append(lamps.show(EVERYTHING))
        seen = levels(pins)
        lamps.close()
    assert (lit, set(seen.values())) == ([lamps_and_buzzer, lamps_and_buzzer], {True})


async def test_a_kiosk_without_lamps_plays_in_the_dark() -> None:
    stage = Stage(NoLamps())
    await stage.player.announce(desks.presented(**BLOCKED))
    await stage.time.pass_(10)
    assert (stage.history, stage.health.parts()[PART].ok) == ([(0, "")], True)
    await stage.stop()


def test_simulated_pins_are_the_librarys_own() -> None:
    assert GpioLamps(FIXTURES, simulated_pins).show(on(Part.RED)) == {Part.RED}
