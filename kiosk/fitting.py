"""Whether settings that are right each for itself fit together."""

from __future__ import annotations

import difflib

from kiosk.sections_devices import ButtonsSection, LampsSection, ScannerSection, SoundSection

_LAMPS = ("red", "amber", "green", "heard")
_PWM_PINS = (12, 13, 18, 19)
PI_CAMERA = "picamera"
"""What the path of a camera is called when it is the Pi's own."""


def lamp_pins(lamps: LampsSection) -> dict[str, int]:
    """The pins that are driven, by their settings' names."""
    if lamps.kind == "none":
        return {}
    names = ["red_pin", "green_pin", "blue_pin"] if lamps.colours == "rgb" else [f"{name}_pin" for name in _LAMPS]
    return {name: pin for name in (*names, "buzzer_pin") if (pin := getattr(lamps, name)) is not None}


def button_pins(buttons: ButtonsSection) -> dict[str, int]:
    """The pins that are listened to, by their settings' names."""
    if buttons.kind == "none":
        return {}
    return {name: pin for name in ("confirm_pin", "cancel_pin") if (pin := getattr(buttons, name)) is not None}


def problems_of_scanners(scanners: tuple[ScannerSection, ...]) -> list[str]:
    """A sentence for each scanner that cannot be found by what its section says."""
    problems = []
    for scanner in scanners:
        if scanner.kind == "lines" and scanner.path is None:
            problems.append('scanner.path is missing: a scanner of kind "lines" needs a file, a FIFO or "-".')
        if scanner.kind == "serial" and scanner.path is None:
            problems.append(
                'scanner.path is missing: a scanner of kind "serial" needs its line, such as /dev/serial/by-id/usb-….'
            )
        if scanner.kind == "camera" and scanner.path is None:
            problems.append(
                'scanner.path is missing: a scanner of kind "camera" needs "picamera", a video device or pictures.'
            )
        if scanner.kind == "camera" and _means_the_pis_own(scanner.path):
            problems.append(f"scanner.path: there is no camera “{scanner.path}”. Did you mean “{PI_CAMERA}”?")
        if scanner.kind == "hid" and not (scanner.path or scanner.name or (scanner.vendor and scanner.product)):
            problems.append('scanner: a scanner of kind "hid" needs a path, a name, or vendor and product.')
    paths = [scanner.path for scanner in scanners if scanner.path is not None]
    problems.extend(f"scanner: two scanners are at {path}." for path in dict.fromkeys(paths) if paths.count(path) > 1)
    return problems


def _means_the_pis_own(path: str | None) -> bool:
    """Whether `path` is the name of the Pi's own camera gone wrong, such as `picamera2`, and no path."""
    if path is None or path == PI_CAMERA or "/" in path:
        return False
    return bool(difflib.get_close_matches(path.lower(), [PI_CAMERA], cutoff=0.8))


def problems_of_pins(lamps: LampsSection, buttons: ButtonsSection, sound: SoundSection) -> list[str]:
    """A sentence for each pin that two parts want, or that cannot do what its part needs, and for half a night."""
    used = {f"lamps.{name}": pin for name, pin in lamp_pins(lamps).items()}
    used |= {f"buttons.{name}": pin for name, pin in button_pins(buttons).items()}
    first: dict[int, str] = {}
    problems = [
        f"{name} and {first[pin]} are both on GPIO {pin}."
        for name, pin in used.items()
        if first.setdefault(pin, name) != name
    ]
    if lamps.colours == "rgb" and None in (lamps.red_pin, lamps.green_pin, lamps.blue_pin):
        problems.append("lamps: a lamp of all colours needs red_pin, green_pin and blue_pin.")
    if lamps.kind == "gpio" and lamps.buzzer == "tones" and lamps.buzzer_pin not in (None, *_PWM_PINS):
        problems.append(f"lamps.buzzer_pin: a buzzer with tones must be on GPIO {', '.join(map(str, _PWM_PINS))}.")
    if lamps.kind == "gpio" and lamps.buzzer == "tones" and not lamps.buzzer_active_high:
        problems.append("lamps.buzzer_active_high: tones end on a low level, so a low level must be silence.")
    if (sound.night_from is None) != (sound.night_to is None):
        problems.append("sound: a night needs both night_from and night_to.")
    return problems
