"""The free-standing kiosk from the front and from the side, with the reach of a person in a wheelchair."""

from __future__ import annotations

from collections.abc import Iterator

from hw.made.reach import (
    FLOOR_SPACE_MM,
    HIGHEST_REACH_MM,
    LOOKED_AT,
    LOWEST_REACH_MM,
    OPERATED,
)
from hw.made.svg import GREY, INK, PALE, Point, circle, curve, drawing, lines, measure, path, rect, text

WIDTH, HEIGHT = 1420, 860
SCALE = 0.5
FLOOR = 745.0
FRONT, SIDE = 330.0, 780.0  # middle of the front view; front face of the side view
BODY_MM = 200
LAMPS = ("#c62828", "#e69500", "#2e7d32", "#3d7eaa")


def enclosure() -> str:
    """The whole drawing."""
    return drawing(
        (WIDTH, HEIGHT),
        "Enclosure and mounting heights",
        f"Front and side view of a free-standing kiosk. All that is touched lies between {LOWEST_REACH_MM} and "
        f"{HIGHEST_REACH_MM} millimetres above the floor, within reach of a person in a wheelchair; a clear floor of "
        f"{FLOOR_SPACE_MM[0]} by {FLOOR_SPACE_MM[1]} millimetres lies before it.",
        _shapes(),
    )


def _shapes() -> Iterator[str]:
    yield text(30, 46, "Enclosure and mounting heights", size=24, bold=True)
    yield text(30, 74, "Free-standing kiosk, millimetres above the finished floor.", fill=GREY)
    yield from _band()
    yield path([(40, FLOOR), (WIDTH - 40, FLOOR)], stroke_width="3")
    yield from _front()
    yield from _labels()
    yield from _side()
    yield from _person(SIDE + 330)


def _y(height_mm: float) -> float:
    return FLOOR - height_mm * SCALE


def _band() -> Iterator[str]:
    top, bottom = _y(HIGHEST_REACH_MM), _y(LOWEST_REACH_MM)
    yield rect(110, top, WIDTH - 150, bottom - top, fill="#e4f1e6", line="none")
    for height in (LOWEST_REACH_MM, HIGHEST_REACH_MM):
        yield path([(110, _y(height)), (WIDTH - 40, _y(height))], line="#2e7d32", stroke_dasharray="8 6")
        yield text(102, _y(height) + 5, str(height), at="end")
    yield text(118, top + 20, "what is touched", size=12, fill="#1f5c24")


def _front() -> Iterator[str]:
    width = BODY_MM * SCALE
    left = FRONT - width / 2
    yield rect(FRONT - 28, _y(780), 56, 780 * SCALE - 8, fill=PALE)
    yield rect(FRONT - 100, FLOOR - 8, 200, 8, fill=INK)
    yield rect(left, _y(1200), width, 420 * SCALE, fill="#f8fafc", rx="8")
    low, high = OPERATED["touch screen, 7 inch upright"]
    yield rect(FRONT - 30, _y(high + 17), 60, (high - low + 34) * SCALE, fill="#3a4653", rx="4")
    yield rect(FRONT - 22, _y(high), 44, (high - low) * SCALE, fill="#dbe7f3")
    yield from lines(FRONT, _y(1030), ["Näytä kortti", "Visa kortet", "Show card"], size=6, at="middle").splitlines()
    low, high = OPERATED["card rest"]
    yield rect(FRONT - 36, _y(high), 72, (high - low) * SCALE, fill="#10161d", rx="3")
    yield rect(FRONT - 21, _y(high) + 4, 43, 27, fill="#ffffff", line=GREY, rx="2")
    yield text(FRONT, _y(high) + 20, "card", size=7, at="middle", fill=GREY)
    low, high = OPERATED["buttons confirm and cancel"]
    for side, fill in ((-1, "#1565c0"), (1, "#5f6b7a")):
        yield circle(FRONT + side * 22, _y((low + high) / 2), (high - low) / 2 * SCALE + 1, fill=fill)
    low, high = LOOKED_AT["lamps"]
    for place, fill in enumerate(LAMPS):
        yield circle(FRONT - 33 + place * 22, _y((low + high) / 2), (high - low) / 4 * SCALE, fill=fill)
    yield text(FRONT, FLOOR + 32, "front", size=15, at="middle", bold=True)


def _labels() -> Iterator[str]:
    right = FRONT + BODY_MM * SCALE / 2
    named = {"lamps": LOOKED_AT["lamps"], **OPERATED}
    for part, (low, high) in named.items():
        middle = _y((low + high) / 2)
        words = middle + (42 if part.startswith("buttons") else 0)  # clear of the line at the lowest reach
        yield path([(right, middle), (right + 12, middle), (right + 24, words)], line=GREY)
        yield text(right + 30, words - 2, part, size=13)
        yield text(right + 30, words + 14, f"{low} to {high}", size=12, fill=GREY)


def _side() -> Iterator[str]:
    x = SIDE
    yield rect(x - 90, _y(780), 34, 780 * SCALE - 8, fill=PALE)
    yield rect(x - 170, FLOOR - 8, 170, 8, fill=INK)
    face: list[Point] = [(x - 8, _y(780)), (x, _y(800)), (x, _y(915)), (x - 28, _y(1120)), (x - 39, _y(1200))]
    yield path([*face, (x - 116, _y(1200)), (x - 116, _y(780)), face[0]], fill="#f8fafc", stroke_width="1.5")
    yield path([(x - 5, _y(925)), (x - 26, _y(1081))], line="#3a4653", stroke_width="5")
    camera = _y(875)
    yield rect(x - 99, camera - 9, 20, 18, fill="#3a4653", rx="2")
    for edge in OPERATED["card rest"]:
        yield path([(x - 79, camera), (x, _y(edge))], line="#b8860b", stroke_dasharray="3 3")
    yield path([(x, _y(910)), (x, _y(840))], line="#3d7eaa", stroke_width="4")
    yield text(x - 124, _y(1140), "screen leans back 15°", size=12, at="end")
    yield lines(x - 124, camera - 4, ["camera, 150 behind", "the pane of the rest"], size=12, at="end")
    yield path([(x - 121, camera), (x - 101, camera)], line=GREY)
    yield text(x - 70, FLOOR + 32, "side", size=15, at="middle", bold=True)
    deep, wide = FLOOR_SPACE_MM[1], FLOOR_SPACE_MM[0]
    yield measure((x, FLOOR + 50), (x + deep * SCALE, FLOOR + 50), "", size=12)
    yield text(x + deep * SCALE / 2, FLOOR + 74, f"clear floor: {deep} deep, {wide} wide", at="middle")


def _person(hub: float) -> Iterator[str]:
    body = {"line": "#8d99a6", "stroke_linecap": "round", "stroke_linejoin": "round"}
    hip, shoulder = (hub + 4, _y(540)), (hub + 18, _y(1000))
    knee, heel = (hub - 222, _y(590)), (hub - 236, _y(170))
    yield path([hip, shoulder], **body, stroke_width="36")
    yield circle(hub + 8, _y(1205), 34, fill="#8d99a6", line="none")
    yield path([hip, knee, heel, (heel[0] - 34, heel[1] + 6)], **body, stroke_width="22")
    yield circle(hub, _y(300), 150, fill="none", stroke_width="5")
    yield circle(hub, _y(300), 8, fill=INK)
    yield circle(hub - 205, _y(78), 39, fill="none", stroke_width="5")
    frame = [(hub + 56, _y(900)), (hub + 34, _y(480)), (hub - 160, _y(480)), (hub - 205, _y(78))]
    yield path(frame, stroke_width="5")
    yield curve(f"M{hub + 56},{_y(900)} h26", stroke_width="7", stroke_linecap="round")
    yield path([shoulder, (hub - 96, _y(770)), (SIDE + 10, _y(878))], **body, stroke_width="17")
