"""What hangs on the machine, as the configuration names it: scanners, lamps, buttons."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from kiosk.cards.commands import BothHeld, ButtonHeld, Held
from kiosk.cards.desk_events import CancelPressed, ConfirmPressed, DeskEvent
from kiosk.cards.model import CardNumber
from kiosk.cards.number import NumberForms
from kiosk.config import Config
from kiosk.errors import ConfigError
from kiosk.feedback.buttons import Buttons, ButtonWiring, Press, Pressed
from kiosk.feedback.chip_pin import Lost
from kiosk.feedback.fixtures import Fixture, Lamp, ThreeColours, Tones
from kiosk.feedback.gpio import GpioLamps, simulated_pins
from kiosk.feedback.gpiochip import ChipPins, find_chip
from kiosk.feedback.player import Lamps
from kiosk.feedback.signals import Part
from kiosk.feedback.silent import NoLamps
from kiosk.feedback.sound import Loudness
from kiosk.fitting import button_pins, lamp_pins
from kiosk.health import Health
from kiosk.runtime import Service
from kiosk.scanners.changes import Changes
from kiosk.scanners.hid import HidScanner
from kiosk.scanners.keyboards import Wanted, find_keyboards
from kiosk.scanners.plugging import listen
from kiosk.scanners.receiver import Receiver
from kiosk.scanners.replay import LineScanner
from kiosk.scanners.serial import SerialScanner
from kiosk.sections_devices import LampsSection, ScannerSection


def lamps_of(config: Config) -> Lamps:
    """Lamps and buzzer; nothing is touched yet."""
    if config.lamps.kind == "none":
        return NoLamps()
    factory = simulated_pins if config.lamps.kind == "simulated" else pins_of(config)
    return GpioLamps(fixtures_of(config.lamps), factory)


def lamp_by_lamp(config: Config) -> list[tuple[Fixture, Lamps]]:
    """Each thing on the pins, and the way to it alone; nothing is touched yet."""
    factory = simulated_pins if config.lamps.kind == "simulated" else pins_of(config)
    return [(fixture, GpioLamps([fixture], factory)) for fixture in fixtures_of(config.lamps)]


def fixtures_of(lamps: LampsSection) -> list[Fixture]:
    """What hangs on which pin."""
    pins = lamp_pins(lamps)
    if not pins:
        return []
    buzzer = pins.pop("buzzer_pin", None)
    fixtures: list[Fixture] = []
    if lamps.colours == "rgb":
        rgb = (pins["red_pin"], pins["green_pin"], pins["blue_pin"])
        fixtures.append(ThreeColours(rgb, active_high=lamps.active_high))
    else:
        fixtures.extend(Lamp(Part(name.removesuffix("_pin")), pin, lamps.active_high) for name, pin in pins.items())
    if buzzer is not None and lamps.buzzer == "tones":
        fixtures.append(Tones(buzzer, lamps.buzzer_active_high))
    elif buzzer is not None:
        fixtures.append(Lamp(Part.BUZZER, buzzer, lamps.buzzer_active_high))
    return fixtures


def loudness_of(config: Config) -> Loudness:
    """How loud by the time of day."""
    sound = config.sound
    night = (None if time is None else dt.time.fromisoformat(time) for time in (sound.night_from, sound.night_to))
    return Loudness(sound.volume, sound.night_volume, *night)


def buttons_of(config: Config, pressed: Pressed, health: Health) -> dict[str, Service]:
    """The service of the buttons, where there are any."""
    wiring = button_wiring(config)
    return {"buttons": Buttons(wiring, pressed, health, factory=pins_of(config)).run} if wiring.pins else {}


def event_of(press: Press, at_ms: int) -> DeskEvent | Held:
    """What a press at `at_ms` means at the desk."""
    match press:
        case Press.CONFIRM:
            return ConfirmPressed(None, at_ms)
        case Press.CANCEL:
            return CancelPressed(None, at_ms)
        case Press.CONFIRM_HELD | Press.CANCEL_HELD:
            return ButtonHeld(confirms=press is Press.CONFIRM_HELD, at_ms=at_ms)
        case Press.CONFIRM_HELD_LONG | Press.CANCEL_HELD_LONG:
            return ButtonHeld(confirms=press is Press.CONFIRM_HELD_LONG, at_ms=at_ms, long=True)
        case Press.BOTH_HELD:
            return BothHeld(at_ms)


def button_wiring(config: Config) -> ButtonWiring:
    """Where the buttons are; without pins where there are none."""
    pins = {Press(name.removesuffix("_pin")): pin for name, pin in button_pins(config.buttons).items()}
    buttons = config.buttons
    return ButtonWiring(pins, pull_up=buttons.pull_up, bounce_s=buttons.debounce_ms / 1000, hold_s=buttons.hold_s)


@dataclass(frozen=True, slots=True)
class CardSense:
    """What a camera needs before it believes the bars that it sees."""

    forms: NumberForms
    is_listed: Callable[[CardNumber], Awaitable[bool | None]]
    """Whether the card list holds a number; None when that cannot be found out now."""


def scanners_of(config: Config, receiver: Receiver, health: Health, sense: CardSense) -> dict[str, Service]:
    """A service for each scanner; raises ConfigError for a camera without its libraries."""
    return {
        f"scanner {position}": _scanner(position, section, receiver, health, sense)
        for position, section in enumerate(config.scanners, start=1)
    }


def wanted_scanner(section: ScannerSection) -> Wanted:
    """Which device the configuration means."""
    return Wanted(
        vendor=None if section.vendor is None else int(section.vendor, 16),
        product=None if section.product is None else int(section.product, 16),
        name=section.name,
        path=section.path,
    )


def _scanner(position: int, section: ScannerSection, receiver: Receiver, health: Health, sense: CardSense) -> Service:
    if section.kind == "lines":
        return LineScanner(section.path or "-", receiver, health).run
    if section.kind == "camera":
        return _camera(section, receiver, health, sense)
    wanted = wanted_scanner(section)
    name = f"scanner {position} ({wanted})"

    def heard(subsystem: str) -> AbstractContextManager[Changes]:
        return listen(subsystem, health)

    if section.kind == "serial":
        return SerialScanner(name, section.path or "", section.baud, receiver, health, listen=heard).run
    return HidScanner(name, section.layout, receiver, health, find=lambda: find_keyboards(wanted), listen=heard).run


def _camera(section: ScannerSection, receiver: Receiver, health: Health, sense: CardSense) -> Service:
    try:
        # Only a kiosk with a camera has, and pays for, numpy and Pillow.
        from kiosk.scanners.camera.decoder import Decoder
        from kiosk.scanners.camera.engines import installed_engines
        from kiosk.scanners.camera.scanner import CameraScanner
        from kiosk.scanners.camera.sources import source_of
        from kiosk.scanners.camera.trust import CheckCharacter
    except ImportError as error:
        raise ConfigError([f"scanner.kind: a camera needs the libraries of the extra “camera” ({error})."]) from error
    return CameraScanner(
        f"camera {section.path}",
        source_of(section.path or ""),
        lambda: Decoder(installed_engines()),
        receiver,
        health,
        known=sense.is_listed,
        forms=sense.forms,
        printed=CheckCharacter(section.code39_check),
    ).run


def pins_of(config: Config) -> Callable[..., Any]:
    """Makes the pin factory of the machine's chip; raises DeviceError when called where there is none.

    May be called with a `Lost`, which hears when a line that is listened to goes away with its chip.
    """

    def made(lost: Lost = lambda _: None) -> ChipPins:
        return ChipPins(find_chip(config.gpio.chip), lost=lost)

    return made
