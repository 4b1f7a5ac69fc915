"""The parts list and its sums."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

VAT = 0.255  # Finland, general rate since 2024-09-01
AS_OF = "2026-11"


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the list; the price is an estimate for all pieces, in euros without VAT, from and to."""

    name: str
    pieces: int
    choice: str
    others: str
    price: tuple[int, int]
    builds: str  # d = desk with a scanner, l = with lamps and buttons, c = free-standing with camera and screen


ITEMS = (
    Item("computer", 1, "Raspberry Pi 5, 4 GB", "Pi 4 B, 4 GB (no clock battery, slower)", (60, 110), "dlc"),
    Item(
        "power supply",
        1,
        "Raspberry Pi 27 W USB-C (Pi 4: 15 W)",
        "12 V, 60 W and a 5.1 V, 5 A converter",
        (10, 15),
        "dlc",
    ),
    Item("memory card", 1, "microSD, 64 GB, “endurance” kind", "NVMe on a HAT (Pi 5)", (12, 30), "dlc"),
    Item("clock battery", 1, "Raspberry Pi RTC battery (Pi 5)", "Pi 4: DS3231 module on I2C", (4, 8), "dlc"),
    Item("cooling", 1, "Active Cooler (Pi 5)", "a metal case that cools", (5, 15), "dlc"),
    Item(
        "scanner",
        1,
        "2D imager, USB keyboard or USB serial, presentation stand",
        "fixed-mount 2D imager",
        (50, 250),
        "dl",
    ),
    Item("camera", 1, "Camera Module 3, standard lens", "USB camera with autofocus, 720p", (22, 40), "c"),
    Item("camera cable", 1, "standard to mini, 300 mm (Pi 5)", "standard, 300 mm (Pi 4)", (1, 5), "c"),
    Item("light", 2, "white LED strip, 4000 K, opal profile, 5 V", "12 V strip on the tower’s supply", (10, 25), "c"),
    Item(
        "touch screen",
        1,
        "Raspberry Pi Touch Display 2, 7 inch",
        "any HDMI touch screen that Linux knows",
        (50, 120),
        "c",
    ),
    Item(
        "lamps",
        4,
        "16 mm panel lamps, 5 V, with resistor",
        "one RGB lamp; 12 V signal tower (25 to 80 €)",
        (8, 40),
        "lc",
    ),
    Item("buzzer", 1, "active buzzer, 5 V, 30 mA or less", "passive piezo, for tones by PWM", (1, 5), "lc"),
    Item("buttons", 2, "22 mm, normally open, IP65, blue and grey", "arcade buttons, 30 mm", (8, 40), "lc"),
    Item(
        "drivers",
        1,
        "ULN2803A, socket, perforated board",
        "5 × AO3400A or IRLML6344, 220 Ω, 100 kΩ, 1N4148",
        (3, 8),
        "lc",
    ),
    Item("button inputs", 2, "3.3 kΩ, 1 kΩ, 100 nF", "–", (1, 2), "lc"),
    Item("fuse", 1, "resettable, 500 mA hold (12 V: 1 A, slow)", "glass fuse and holder", (1, 4), "lc"),
    Item("cables", 1, "40-pin ribbon, wire, screw terminals, ferrules", "–", (10, 25), "lc"),
    Item(
        "enclosure",
        1,
        "post with head, sheet steel, single piece",
        "bought tablet or kiosk stand, adapted",
        (200, 600),
        "c",
    ),
    Item("pane", 1, "clear PMMA or glass, 3 mm, 100 × 70 mm window", "–", (5, 15), "c"),
)
BUILDS = {
    "d": "desk: scanner, the venue’s own screen",
    "l": "desk with lamps and buttons",
    "c": "free-standing, camera and screen",
}


def parts_table() -> str:
    """Every part, with alternatives."""
    return "\n".join(_parts())


def _parts() -> Iterator[str]:
    yield f"| part | pieces | choice | alternatives | estimate {AS_OF}, € without VAT |"
    yield "| --- | ---: | --- | --- | ---: |"
    for item in ITEMS:
        low, high = item.price
        yield f"| {item.name} | {item.pieces} | {item.choice} | {item.others} | {low} to {high} |"


def sums_table() -> str:
    """What each build comes to."""
    rows = [f"| build | € without VAT | € with VAT {VAT:.1%} |", "| --- | ---: | ---: |"]
    for build, name in BUILDS.items():
        low, high = (sum(item.price[end] for item in ITEMS if build in item.builds) for end in (0, 1))
        with_vat = " to ".join(f"{value * (1 + VAT):.0f}" for value in (low, high))
        rows.append(f"| {name} | {low} to {high} | {with_vat} |")
    return "\n".join(rows)
