"""What the camera sees of a card at which distance, and the light that it needs; all computed."""

from __future__ import annotations

import math
from collections.abc import Iterator

from hw.made.codes import BAR_MM, QR_MM, QR_MODULES

# Camera Module 3 (Sony IMX708): Raspberry Pi documentation, “Camera: hardware specifications”.
FIELD_DEG = (66, 41)
FOCAL_LENGTH_MM = 4.74
F_NUMBER = 1.8
SENSOR_WIDTH_MM = 6.45
NEAREST_FOCUS_MM = 100
# The stream that the kiosk decodes.
PIXELS = (1280, 720)
# Least pixels for a sure reading; tests/house/test_hardware_codes.py reads codes drawn this small.
QR_PIXELS, BAR_PIXELS = 3.0, 2.0
WORKING_MM = 150
HAND_MM_S = 150
SENSITIVITY_ISO = 800
METER_CONSTANT = 250  # incident light, lux seconds: ISO 2720


def pixels_per_mm(distance_mm: float) -> float:
    """How many pixels one millimetre of a card gets, square to the camera."""
    return min(
        pixels / 2 / math.tan(math.radians(field / 2)) / distance_mm
        for pixels, field in zip(PIXELS, FIELD_DEG, strict=True)
    )


def field_mm(distance_mm: float) -> tuple[float, float]:
    """Width and height of what the camera sees."""
    width, height = (2 * distance_mm * math.tan(math.radians(field / 2)) for field in FIELD_DEG)
    return width, height


def farthest_mm(feature_mm: float, pixels: float) -> float:
    """The distance at which a feature still has so many pixels."""
    return pixels_per_mm(1) * feature_mm / pixels


QR_FARTHEST_MM = farthest_mm(QR_MM / QR_MODULES, QR_PIXELS)
BAR_FARTHEST_MM = farthest_mm(BAR_MM, BAR_PIXELS)


def sharp_mm(focus_mm: float, blur_pixels: float) -> tuple[float, float]:
    """The nearest and farthest distance with at most so many pixels of blur, when focused at `focus_mm`."""
    blur_mm = blur_pixels * SENSOR_WIDTH_MM / PIXELS[0]
    hyperfocal_mm = FOCAL_LENGTH_MM**2 / (F_NUMBER * blur_mm) + FOCAL_LENGTH_MM
    reach_mm = focus_mm - FOCAL_LENGTH_MM
    return hyperfocal_mm * focus_mm / (hyperfocal_mm + reach_mm), hyperfocal_mm * focus_mm / (hyperfocal_mm - reach_mm)


def exposure_s() -> float:
    """The longest exposure that smears a hand-held QR by no more than half a module."""
    return QR_MM / QR_MODULES / 2 / HAND_MM_S


def light_lux() -> float:
    """Light on the card for that exposure at SENSITIVITY_ISO."""
    return METER_CONSTANT * F_NUMBER**2 / (exposure_s() * SENSITIVITY_ISO)


def distance_table() -> str:
    """What a card at each distance gets."""
    return "\n".join(_rows())


def _rows() -> Iterator[str]:
    yield "| distance mm | seen, mm | pixels a QR module | pixels a narrow bar | QR | Code39 |"
    yield "| ---: | ---: | ---: | ---: | --- | --- |"
    for distance in (80, 100, 120, 150, 180, 200, 250, 300, 400):
        width, height = field_mm(distance)
        scale = pixels_per_mm(distance)
        module, bar = scale * QR_MM / QR_MODULES, scale * BAR_MM
        sharp = distance >= NEAREST_FOCUS_MM
        answers = [_answer(sharp=sharp, enough=module >= QR_PIXELS), _answer(sharp=sharp, enough=bar >= BAR_PIXELS)]
        yield f"| {distance} | {width:.0f} × {height:.0f} | {module:.1f} | {bar:.1f} | {answers[0]} | {answers[1]} |"


def _answer(*, sharp: bool, enough: bool) -> str:
    if not sharp:
        return "too near to focus"
    return "yes" if enough else "not sure"


def focus_table() -> str:
    """How far a card may be from the distance that the lens is focused at."""
    rows = [
        "| focused at mm | Code39 sharp (1 pixel of blur) mm | QR sharp (half a module) mm |",
        "| ---: | ---: | ---: |",
    ]
    for focus in (120, WORKING_MM, 200):
        bar = sharp_mm(focus, 1)
        qr = sharp_mm(focus, pixels_per_mm(focus) * QR_MM / QR_MODULES / 2)
        rows.append(f"| {focus} | {bar[0]:.0f} to {bar[1]:.0f} | {qr[0]:.0f} to {qr[1]:.0f} |")
    return "\n".join(rows)


def light_table() -> str:
    """Exposure and light."""
    return "\n".join(
        (
            "| | |",
            "| --- | ---: |",
            f"| a hand moves the card by | {HAND_MM_S} mm/s |",
            f"| exposure for half a module of smear | {exposure_s() * 1000:.1f} ms (1/{1 / exposure_s():.0f} s) |",
            f"| sensitivity taken | ISO {SENSITIVITY_ISO} |",
            f"| light on the card, F{F_NUMBER} | {light_lux():.0f} lx or more |",
        )
    )
