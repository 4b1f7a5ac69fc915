"""What `kiosk doctor` says of lamps, buzzer and buttons: their lines, as the kernel sees them; nothing is switched."""

from __future__ import annotations

from collections.abc import Iterator

from kiosk.config import Config
from kiosk.errors import DeviceClosed, DeviceError
from kiosk.feedback.gpiochip import find_chip
from kiosk.feedback.lines_seen import lines_of, pin_findings
from kiosk.feedback.pwm import find_channel
from kiosk.findings import Finding, failed, passed
from kiosk.fitting import button_pins, lamp_pins


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
