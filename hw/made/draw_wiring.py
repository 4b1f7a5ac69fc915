"""The wiring diagram: header, drivers, lamps, buzzer and buttons."""

from __future__ import annotations

from collections.abc import Iterator

from hw.made import circuit
from hw.made.svg import GREY, INK, PALE, circle, curve, drawing, lines, path, rect, text
from kiosk.feedback.pins import BUTTONS, DEFAULT_PINS, HEADER_POSITIONS

WIDTH, HEIGHT = 1290, 960
FIRST_ROW, PITCH = 150, 30
LEFT_PINS, RIGHT_PINS = 175, 205
BLOCK_LEFT, BLOCK_RIGHT = 500, 665
RAIL = 900
POWER, GROUND, SUPPLY = 2, (6, 34), 17
COLOURS = {"red": "#c62828", "amber": "#e69500", "green": "#2e7d32", "heard": "#3d7eaa", "buzzer": "#7b3fa0"} | {
    "confirm": "#1565c0",
    "cancel": "#5f6b7a",
}
# Where each wire bends down, and the height at which it enters its block: chosen so that no two wires cross.
BENDS = {"buzzer": 470, "red": 455, "amber": 440, "heard": 425, "green": 410, "confirm": 380, "cancel": 365}
ENTRIES = {"buzzer": 265, "red": 343, "amber": 421, "heard": 499, "green": 577, "confirm": 760, "cancel": 830}
SUPPLY_BEND, SUPPLY_ENTRY, GROUND_BEND, GROUND_ENTRY = 395, 702, 350, 885


def wiring() -> str:
    """The whole drawing."""
    return drawing(
        (WIDTH, HEIGHT),
        "Wiring of lamps, buzzer and buttons to a Raspberry Pi 4 or 5",
        "Five GPIO lines drive low-side switches for a buzzer and four lamps on the 5 volt rail; two more lines read "
        "the buttons confirm and cancel. The pins are those of the table in wiring.md.",
        _shapes(),
    )


def _shapes() -> Iterator[str]:
    yield text(30, 46, "Kiosk wiring: Raspberry Pi 4 and 5", size=24, bold=True)
    yield text(
        30, 74, "Seen from above, USB sockets towards you. Pin numbers and GPIO numbers are the code’s.", fill=GREY
    )
    yield from _header()
    yield from _power()
    for part in DEFAULT_PINS:
        yield _wire(HEADER_POSITIONS[DEFAULT_PINS[part]], BENDS[part], ENTRIES[part], COLOURS[part])
    yield _wire(SUPPLY, SUPPLY_BEND, SUPPLY_ENTRY, "#b3541e")
    yield _wire(GROUND[1], GROUND_BEND, GROUND_ENTRY, INK)
    yield from _drivers()
    yield from _buttons()
    yield from circuit.driver_detail(950, 110)
    yield from circuit.button_detail(950, 560)


def _place(position: int) -> tuple[float, float]:
    row, right = divmod(position - 1, 2)
    return (RIGHT_PINS if right else LEFT_PINS), FIRST_ROW + row * PITCH


def _header() -> Iterator[str]:
    used = {HEADER_POSITIONS[line]: (part, line) for part, line in DEFAULT_PINS.items()}
    rails = {POWER: ("5 V", "#c62828"), GROUND[0]: ("GND", INK), GROUND[1]: ("GND", INK), SUPPLY: ("3.3 V", "#b3541e")}
    yield rect(LEFT_PINS - 18, FIRST_ROW - 20, 66, 19 * PITCH + 40, fill=PALE, rx="6")
    for position in range(1, 41):
        x, y = _place(position)
        part, line = used.get(position, ("", 0))
        name, colour = rails.get(position, (f"{part} · GPIO {line}", COLOURS.get(part, "#c3ccd6")))
        yield circle(x, y, 8, fill=colour, line=INK if part or position in rails else "#9aa5b1")
        if position == 1:
            yield rect(x - 11, y - 11, 22, 22, fill="none")
        if not part and position not in rails:
            continue
        label = f"{position} · {name}"
        if x == LEFT_PINS:
            yield text(x - 26, y + 4, label, size=12, at="end")
        else:
            yield text(x + 24, y - 4, label, size=11)
    yield text(LEFT_PINS - 26, FIRST_ROW + 4, "pin 1 (square)", size=12, at="end", fill=GREY)


def _wire(position: int, bend: float, entry: float, colour: str) -> str:
    x, y = _place(position)
    if x == LEFT_PINS:  # passes between two rows
        start = [(x, y), (x + 15, y + PITCH / 2)]
        y += PITCH / 2
    else:
        start = [(x, y)]
    return path([*start, (bend, y), (bend, entry), (BLOCK_LEFT, entry)], line=colour, stroke_width="2.5")


def _power() -> Iterator[str]:
    x, y = _place(POWER)
    yield path([(x, y), (540, y)], line="#c62828", stroke_width="3")
    yield rect(540, y - 10, 70, 20)
    yield path([(540, y), (610, y)])
    yield text(575, y - 18, "F1 500 mA, resettable", size=12, at="middle")
    yield path([(610, y), (RAIL, y), (RAIL, ENTRIES["green"])], line="#c62828", stroke_width="3")
    yield text(RAIL - 8, y - 10, "+5 V for the lamps", size=12, at="end")
    x, y = _place(GROUND[0])
    yield path([(x, y), (BLOCK_LEFT, y)], stroke_width="3")


def _drivers() -> Iterator[str]:
    top = FIRST_ROW + 2 * PITCH
    yield rect(BLOCK_LEFT, top - 28, BLOCK_RIGHT - BLOCK_LEFT, ENTRIES["green"] - top + 68, fill=PALE, rx="8")
    yield text(BLOCK_LEFT + 12, top + 5, "GND", size=12)
    yield text((BLOCK_LEFT + BLOCK_RIGHT) / 2 + 20, top + 5, "driver: 5 ×", size=14, at="middle", bold=True)
    for part, y in ENTRIES.items():
        if part in BUTTONS:
            continue
        yield text(BLOCK_LEFT + 12, y + 5, "in", size=12)
        yield from circuit.small_switch((BLOCK_LEFT + BLOCK_RIGHT) / 2, y)
        yield text(BLOCK_RIGHT - 12, y + 5, "out", size=12, at="end")
        yield path([(BLOCK_RIGHT, y), (760, y)], line=COLOURS[part], stroke_width="2.5")
        yield path([(808, y), (RAIL, y)], line="#c62828", stroke_width="2.5")
        yield circle(RAIL, y, 4, fill="#c62828", line="#c62828")
        yield from _load(part, 784, y)


def _load(part: str, x: float, y: float) -> Iterator[str]:
    if part == "buzzer":
        yield curve(f"M{x - 24},{y - 22} h18 a22,22 0 0 1 0,44 h-18 Z", fill="#ead9f3", stroke_width="1.5")
        yield path([(x + 16, y), (x + 24, y)], line="#c62828", stroke_width="2.5")
    else:
        yield circle(x, y, 24, fill=COLOURS[part], stroke_width="1.5")
        yield path([(x - 15, y - 15), (x + 15, y + 15)], line="#ffffff", stroke_width="3")
        yield path([(x - 15, y + 15), (x + 15, y - 15)], line="#ffffff", stroke_width="3")
    name = {"heard": "“heard you” lamp", "buzzer": "buzzer"}.get(part, f"{part} lamp")
    yield text(x, y + 40, name, size=12, at="middle")


def _buttons() -> Iterator[str]:
    yield rect(BLOCK_LEFT, 672, BLOCK_RIGHT - BLOCK_LEFT, 240, fill=PALE, rx="8")
    yield text(BLOCK_LEFT + 12, SUPPLY_ENTRY + 5, "3.3 V", size=12)
    yield text((BLOCK_LEFT + BLOCK_RIGHT) / 2 + 24, SUPPLY_ENTRY + 5, "button: 2 ×", size=14, at="middle", bold=True)
    yield text(BLOCK_LEFT + 12, GROUND_ENTRY + 5, "GND", size=12)
    for part in ("confirm", "cancel"):
        y = ENTRIES[part]
        yield text(BLOCK_LEFT + 12, y + 5, "GPIO", size=12)
        yield text(BLOCK_RIGHT - 12, y + 5, "contact", size=12, at="end")
        yield path([(BLOCK_RIGHT, y - 9), (752, y - 9)], line=COLOURS[part], stroke_width="2.5")
        yield path([(BLOCK_RIGHT, y + 9), (752, y + 9)], stroke_width="2.5")
        yield rect(752, y - 20, 14, 40, rx="2")
        yield rect(766, y - 25, 34, 50, fill=COLOURS[part], rx="8")
        yield text(814, y + 5, part, size=13)
    yield from lines(
        BLOCK_RIGHT + 20, 882, ["Twisted pair to each button,", "signal with its own ground."], size=12, fill=GREY
    ).splitlines()
