"""The two small circuits of the wiring diagram: one driver, one button input."""

from __future__ import annotations

from collections.abc import Iterator

from hw.made.svg import GREY, INK, circle, curve, lines, path, rect, text

WIRE = "1.8"


def small_switch(x: float, y: float) -> Iterator[str]:
    """The sign of a low-side switch in a block."""
    yield circle(x, y, 17)
    yield path([(x - 9, y - 8), (x - 9, y + 8)], stroke_width=WIRE)
    yield path([(x - 4, y - 9), (x - 4, y + 9)], stroke_width=WIRE)
    yield path([(x - 4, y - 6), (x + 7, y - 6), (x + 7, y - 11)], stroke_width=WIRE)
    yield path([(x - 4, y + 6), (x + 7, y + 6), (x + 7, y + 11)], stroke_width=WIRE)


def driver_detail(left: float, top: float) -> Iterator[str]:
    """One driver in full: gate resistor, pull-down, MOSFET, and the diode of an inductive load."""
    yield rect(left, top, 310, 420, rx="8", line=GREY)
    yield text(left + 16, top + 28, "One driver (of five)", size=15, bold=True)
    gate, drain, gate_y = left + 150, left + 190, top + 240
    # load and diode
    yield path([(left + 120, top + 62), (left + 280, top + 62)], line="#c62828", stroke_width="3")
    yield text(left + 16, top + 67, "+5 V / +12 V", size=12)
    yield path([(drain, top + 62), (drain, top + 92)], stroke_width=WIRE)
    yield circle(drain, top + 110, 18)
    yield path([(drain - 12, top + 98), (drain + 12, top + 122)], stroke_width=WIRE)
    yield path([(drain - 12, top + 122), (drain + 12, top + 98)], stroke_width=WIRE)
    yield text(drain - 28, top + 114, "load", size=12, at="end")
    yield path([(drain, top + 128), (drain, top + 200)], stroke_width=WIRE)
    diode = drain + 62
    yield path([(drain, top + 160), (diode, top + 160), (diode, top + 124)], stroke_width=WIRE)
    yield path([(diode, top + 100), (diode, top + 62)], stroke_width=WIRE)
    yield curve(f"M{diode - 11},{top + 124} h22 l-11,-22 Z", fill=INK)
    yield path([(diode - 11, top + 101), (diode + 11, top + 101)], stroke_width="2.5")
    yield text(diode - 4, top + 180, "D1, buzzer", size=12, at="middle")
    yield text(diode - 4, top + 196, "only", size=12, at="middle")
    yield circle(drain, top + 160, 3.5, fill=INK)
    # MOSFET
    yield path([(drain - 24, gate_y - 18), (drain - 24, gate_y + 18)], stroke_width="2.5")
    yield path([(drain - 16, gate_y - 22), (drain - 16, gate_y + 22)], stroke_width="2.5")
    yield path([(drain - 16, gate_y - 16), (drain, gate_y - 16), (drain, top + 200)], stroke_width=WIRE)
    yield path([(drain - 16, gate_y + 16), (drain, gate_y + 16), (drain, top + 310)], stroke_width=WIRE)
    yield path([(drain - 16, gate_y), (drain, gate_y), (drain, gate_y + 16)], stroke_width=WIRE)
    yield curve(f"M{drain - 15},{gate_y} l9,-5 v10 Z", fill=INK)
    yield text(drain + 14, gate_y + 2, "Q1, N-MOSFET", size=12)
    yield text(drain + 14, gate_y + 18, "on at 2.5 V", size=12)
    # gate
    yield path([(left + 20, gate_y), (left + 56, gate_y)], stroke_width=WIRE)
    yield rect(left + 56, gate_y - 8, 44, 16)
    yield path([(left + 100, gate_y), (drain - 24, gate_y)], stroke_width=WIRE)
    yield text(left + 16, gate_y + 18, "GPIO", size=12)
    yield text(left + 78, gate_y - 14, "R1 220 Ω", size=12, at="middle")
    yield circle(gate - 26, gate_y, 3.5, fill=INK)
    yield path([(gate - 26, gate_y), (gate - 26, gate_y + 22)], stroke_width=WIRE)
    yield rect(gate - 34, gate_y + 22, 16, 34)
    yield path([(gate - 26, gate_y + 56), (gate - 26, top + 310)], stroke_width=WIRE)
    yield text(gate - 42, gate_y + 44, "R2 100 kΩ", size=12, at="end")
    yield path([(left + 90, top + 310), (left + 230, top + 310)], stroke_width="3")
    yield text(left + 240, top + 315, "GND", size=12)
    yield lines(
        left + 16,
        top + 346,
        [
            "R2 holds the lamp off while the Pi boots.",
            "D1 takes the kick of a coil. Or all five in",
            "one ULN2803A: R1, R2 and D1 are inside,",
            "its COM pin goes to the + rail.",
        ],
        size=12,
        fill=GREY,
    )


def button_detail(left: float, top: float) -> Iterator[str]:
    """One button input in full: pull-up, series resistor, capacitor, contact."""
    yield rect(left, top, 310, 370, rx="8", line=GREY)
    yield text(left + 16, top + 28, "One button input (of two)", size=15, bold=True)
    node, node_y, ground = left + 150, top + 150, top + 250
    yield path([(left + 100, top + 62), (left + 230, top + 62)], line="#b3541e", stroke_width="3")
    yield text(left + 92, top + 67, "3.3 V", size=12, at="end")
    yield path([(node, top + 62), (node, top + 82)], stroke_width=WIRE)
    yield rect(node - 8, top + 82, 16, 40)
    yield path([(node, top + 122), (node, node_y)], stroke_width=WIRE)
    yield text(node + 16, top + 106, "R3 3.3 kΩ", size=12)
    yield path([(left + 20, node_y), (left + 56, node_y)], stroke_width=WIRE)
    yield rect(left + 56, node_y - 8, 44, 16)
    yield path([(left + 100, node_y), (left + 250, node_y), (left + 250, node_y + 30)], stroke_width=WIRE)
    yield text(left + 16, node_y + 18, "GPIO", size=12)
    yield text(left + 78, node_y - 14, "R4 1 kΩ", size=12, at="middle")
    yield circle(node, node_y, 3.5, fill=INK)
    yield path([(node, node_y), (node, node_y + 44)], stroke_width=WIRE)
    yield path([(node - 14, node_y + 44), (node + 14, node_y + 44)], stroke_width="2.5")
    yield path([(node - 14, node_y + 52), (node + 14, node_y + 52)], stroke_width="2.5")
    yield path([(node, node_y + 52), (node, ground)], stroke_width=WIRE)
    yield text(node - 22, node_y + 52, "C1 100 nF", size=12, at="end")
    contact = left + 250
    yield circle(contact, node_y + 34, 4)
    yield path([(contact, node_y + 38), (contact + 20, node_y + 66)], stroke_width="2.5")
    yield circle(contact, node_y + 70, 4)
    yield path([(contact, node_y + 74), (contact, ground)], stroke_width=WIRE)
    yield text(contact - 12, node_y + 58, "contact", size=12, at="end")
    yield path([(left + 100, ground), (left + 280, ground)], stroke_width="3")
    yield text(left + 92, ground + 5, "GND", size=12, at="end")
    yield lines(
        left + 16,
        top + 286,
        [
            "1 mA through the contact keeps it clean.",
            "R4 and C1 take the static of a hand and",
            "the bounce; the software debounces too.",
        ],
        size=12,
        fill=GREY,
    )
