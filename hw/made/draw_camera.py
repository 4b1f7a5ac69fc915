"""Camera, card and lights from the side, to scale."""

from __future__ import annotations

import math
from collections.abc import Iterator

from hw.made.codes import CARD_MM
from hw.made.optics import (
    BAR_FARTHEST_MM,
    FIELD_DEG,
    NEAREST_FOCUS_MM,
    QR_FARTHEST_MM,
    WORKING_MM,
    field_mm,
    light_lux,
)
from hw.made.svg import GREY, INK, PALE, Point, circle, curve, drawing, lines, measure, path, rect, text

WIDTH, HEIGHT = 1060, 800
SCALE = 2.3  # drawn units a millimetre
LENS = (170.0, 395.0)
REACH_MM = 345
LIGHT_MM = (30.0, 120.0)  # before and above the lens: 45 degrees onto the card
GOOD, FAIR, BAD = "#cfe8d4", "#e3ecf7", "#f1e3e0"


def camera() -> str:
    """The whole drawing."""
    return drawing(
        (WIDTH, HEIGHT),
        "Camera distance and light for a 20 mm QR code",
        f"From the side: nearer than {NEAREST_FOCUS_MM} mm the camera is out of focus; to {BAR_FARTHEST_MM:.0f} mm it "
        f"reads QR and Code39, to {QR_FARTHEST_MM:.0f} mm QR alone. The card rests at {WORKING_MM} mm; two lights "
        "shine on it at 45 degrees, so that their mirror images miss the lens.",
        _shapes(),
    )


def _shapes() -> Iterator[str]:
    yield text(30, 46, "Where the card is read", size=24, bold=True)
    yield text(
        30, 74, "From the side, to scale. Camera Module 3, 1280 × 720 pixels, QR 20 mm, narrow bar 0.34 mm.", fill=GREY
    )
    yield from _cone()
    yield from _lights()
    yield from _card()
    yield from _camera()
    yield from _ruler()


def _at(along_mm: float, up_mm: float) -> Point:
    return LENS[0] + along_mm * SCALE, LENS[1] - up_mm * SCALE


def _cone() -> Iterator[str]:
    slope = math.tan(math.radians(FIELD_DEG[1] / 2))
    for near, far, fill in (
        (0, NEAREST_FOCUS_MM, BAD),
        (NEAREST_FOCUS_MM, BAR_FARTHEST_MM, GOOD),
        (BAR_FARTHEST_MM, QR_FARTHEST_MM, FAIR),
        (QR_FARTHEST_MM, REACH_MM, BAD),
    ):
        corners = [_at(near, near * slope), _at(far, far * slope), _at(far, -far * slope), _at(near, -near * slope)]
        yield path([*corners, corners[0]], fill=fill, line="none")
    for side in (1, -1):
        yield path([LENS, _at(REACH_MM, side * REACH_MM * slope)], line=GREY)


def _lights() -> Iterator[str]:
    for side in (1, -1):
        x, y = _at(LIGHT_MM[0], side * LIGHT_MM[1])
        hit = _at(WORKING_MM, 0)
        yield path([(x, y), hit], line="#b8860b", stroke_width="2")
        yield (
            f'<g transform="rotate({45 * side} {x:.1f} {y:.1f})">'
            + rect(x - 34, y - 9, 26, 18, fill="#ffe9a8", rx="4")
            + rect(x - 8, y - 22, 10, 44, fill="#fff6d6", rx="3")
            + "</g>"
        )
    x, y = _at(*LIGHT_MM)
    yield lines(x + 34, y - 10, ["white LED strip behind an opal cover"])
    yield lines(
        x + 34, y + 9, ["45° onto the card: its mirror image", "falls on the other light, not on the lens"], size=12
    )


def _card() -> Iterator[str]:
    x, top = _at(WORKING_MM, CARD_MM[1] / 2)
    height = CARD_MM[1] * SCALE
    yield rect(x, top, 5, height, fill=INK)
    yield rect(x - 5, top + 5 * SCALE, 5, 20 * SCALE, fill="#000000")
    yield rect(x - 5, top + height - 19 * SCALE, 5, 15 * SCALE, fill="#6b7785")
    yield text(x + 14, top + 14 * SCALE, "QR")
    yield text(x + 14, top + height - 11 * SCALE, "Code39")
    yield path([(x + 5, top - 6), (x + 5, top - 34), (x + 60, top - 60)], line=GREY)
    yield text(x + 66, top - 58, f"card against its rest, {WORKING_MM} mm")
    width, height = field_mm(WORKING_MM)
    seen = f"seen there: {width:.0f} × {height:.0f} mm"
    yield lines(
        x + 66, top - 39, [seen, f"light there: {math.ceil(light_lux() / 10) * 10} lx or more"], size=12, fill=GREY
    )
    yield measure(_at(WORKING_MM, 1 - height / 2), _at(WORKING_MM, height / 2 - 1), "")


def _camera() -> Iterator[str]:
    x, y = LENS
    yield rect(x - 62, y - 40, 40, 80, fill=PALE, rx="4")
    yield rect(x - 22, y - 17, 18, 34, fill="#3a4653", rx="3")
    yield curve(f"M{x - 4},{y - 12} q8,12 0,24 Z", fill="#9ec3e6")
    yield text(x - 42, y + 62, "camera", at="middle")
    yield circle(x, y, 2, fill=INK)


def _ruler() -> Iterator[str]:
    top = 712
    for near, far, fill, words in (
        (0, NEAREST_FOCUS_MM, BAD, ("too near", "out of focus")),
        (NEAREST_FOCUS_MM, BAR_FARTHEST_MM, GOOD, ("QR and Code39", "")),
        (BAR_FARTHEST_MM, QR_FARTHEST_MM, FAIR, ("QR", "")),
        (QR_FARTHEST_MM, REACH_MM, BAD, ("not sure", "")),
    ):
        left, right = _at(near, 0)[0], _at(far, 0)[0]
        yield rect(left, top, right - left, 46, fill=fill)
        first, second = words
        yield text((left + right) / 2, top + (20 if second else 28), first, at="middle", bold=True)
        yield text((left + right) / 2, top + 37, second, size=12, at="middle")
    for distance in (0, NEAREST_FOCUS_MM, BAR_FARTHEST_MM, 250, QR_FARTHEST_MM):
        x = _at(distance, 0)[0]
        yield path([(x, top + 46), (x, top + 54)])
        yield text(x, top + 72, f"{distance:.0f} mm", at="middle")
