"""What `kiosk doctor` says of lamps, buzzer and buttons, and `kiosk doctor lamps`, which shows every signal once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator

import click

from kiosk.config import Config
from kiosk.devices import lamps_of
from kiosk.errors import DeviceClosed, DeviceError
from kiosk.exits import Exit
from kiosk.feedback.gpiochip import find_chip
from kiosk.feedback.lines_seen import lines_of, pin_findings
from kiosk.feedback.look import DARK, look_of
from kiosk.feedback.player import Lamps
from kiosk.feedback.pwm import find_channel
from kiosk.feedback.signals import PATTERNS, Signal
from kiosk.findings import Finding, failed, passed
from kiosk.fitting import button_pins, lamp_pins

SHOWN_S = 2.5
"""How long a signal that has no end is shown."""


def pins_seen(config: Config) -> Iterator[Finding]:
    """A finding for each lamp, the buzzer and each button that the configuration puts on a real pin."""
    pins = {name.removesuffix("_pin"): pin for name, pin in lamp_pins(config.lamps).items()}
    if config.lamps.kind == "simulated":
        yield passed("lamps", "simulated on the page")
        pins = {}
    elif not pins:
        yield passed("lamps", "none are configured")
    pins |= {f"{name.removesuffix('_pin')} button": pin for name, pin in button_pins(config.buttons).items()}
    if not pins:
        return
    try:
        chip = find_chip(config.gpio.chip)
        yield from pin_findings(pins, chip, lines_of(chip))
    except DeviceError as error:
        yield failed("GPIO", str(error), _remedy(error))
    if config.lamps.kind == "gpio" and config.lamps.buzzer == "tones" and config.lamps.buzzer_pin is not None:
        yield _tones(config.lamps.buzzer_pin)


def _tones(pin: int) -> Finding:
    if find_channel(pin) is not None:
        return passed("tones", f"GPIO {pin} has PWM")
    do = f'Add `dtoverlay=pwm,pin={pin},func=2` to /boot/firmware/config.txt, or set `buzzer = "plain"`.'
    return failed("tones", f"GPIO {pin} has no PWM", do)


def _remedy(error: DeviceError) -> str:
    if isinstance(error, DeviceClosed):
        return f"`sudo usermod -aG {error.group} USER` for the kiosk's user, then start the kiosk anew."
    if "not installed" in str(error):
        return "Install the kiosk with requirements/hardware.txt."
    return "Name the chip in [gpio]; `gpiodetect` lists what is there."


def show_signals(config: Config, *, pause: Callable[[float], Awaitable[None]] = asyncio.sleep) -> Exit:
    """Play every signal once and say which; FAILED when a lamp cannot be switched, with why."""
    if config.lamps.kind == "none":
        click.echo("No lamps are configured. Set lamps.kind to “gpio”; docs/technician.md says how.", err=True)
        return Exit.FAILED
    lamps = lamps_of(config)
    try:
        for signal in Signal:
            click.echo(f"{signal.value}")
            asyncio.run(_play(lamps, signal, pause))
    except DeviceError as error:
        click.echo(f"The lamps {error}. Is the kiosk running? Stop it first: systemctl stop kiosk", err=True)
        return Exit.FAILED
    finally:
        lamps.close()
    return Exit.OK


async def _play(lamps: Lamps, signal: Signal, pause: Callable[[float], Awaitable[None]]) -> None:
    pattern = PATTERNS[signal]
    try:
        for step in (*pattern.steps, *pattern.again):
            lamps.show(look_of(step, 100))
            await pause(SHOWN_S if step.lasts is None else step.lasts.total_seconds())
    finally:
        lamps.show(DARK)
