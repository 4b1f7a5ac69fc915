"""A sample card in its real size, with its measures."""

from __future__ import annotations

from collections.abc import Iterator

from hw.made.codes import (
    BAR_HEIGHT_MM,
    BAR_MM,
    BAR_QUIET,
    CARD_MM,
    DEMO_NUMBER,
    QR_MM,
    QR_MODULES,
    QR_QUIET_MODULES,
    check_character,
    code39_bars,
    code39_mm,
    qr_pattern,
)
from hw.made.svg import GREY, curve, drawing, measure, number, rect, text

WIDTH, HEIGHT = 150.0, 100.0
LEFT, TOP = 30.0, 18.0
QR_LEFT, QR_TOP = LEFT + CARD_MM[0] - QR_MM - 5, TOP + 5
BARS_WIDTH = code39_mm(len(DEMO_NUMBER))
BARS_LEFT, BARS_TOP = LEFT + (CARD_MM[0] - BARS_WIDTH) / 2, TOP + CARD_MM[1] - BAR_HEIGHT_MM - 4
THIN = "0.25"


def card() -> str:
    """The whole drawing."""
    return drawing(
        (WIDTH, HEIGHT),
        "Sample card with QR and Code39",
        f"An invented card, number {DEMO_NUMBER}: a QR symbol of version 1-H, 20 millimetres, at the top right; "
        f"a Code39 with the check character {check_character(DEMO_NUMBER)}, 15 millimetres high, at the bottom; "
        "the number in print.",
        _shapes(),
        unit="mm",
    )


def _shapes() -> Iterator[str]:
    yield text(8, 9, "Sample card, real size (ISO/IEC 7810 ID-1)", size=4.2, bold=True)
    yield rect(LEFT, TOP, *CARD_MM, rx="3.18", stroke_width=THIN)
    yield text(LEFT + 5, TOP + 10, "Kaikukortti", size=5.2, bold=True)
    yield text(LEFT + 5, TOP + 15.5, "sample, not valid", size=3, fill=GREY)
    yield text(LEFT + 5, TOP + 24, f"{DEMO_NUMBER[:4]} {DEMO_NUMBER[4:]}", size=4.6, bold=True)
    yield _qr()
    yield _bars()
    yield from _quiet_zones()
    yield from _measures()


def _qr() -> str:
    module = QR_MM / QR_MODULES
    squares = (
        _box(QR_LEFT + column * module, QR_TOP + row * module, module, module)
        for row, modules in enumerate(qr_pattern(DEMO_NUMBER))
        for column, dark in enumerate(modules)
        if dark
    )
    return curve("".join(squares), line="none", fill="#000000", shape_rendering="crispEdges")


def _bars() -> str:
    bars = (_box(BARS_LEFT + at, BARS_TOP, width, BAR_HEIGHT_MM) for at, width in code39_bars(DEMO_NUMBER))
    return curve("".join(bars), line="none", fill="#000000")


def _box(x: float, y: float, width: float, height: float) -> str:
    return f"M{number(x)},{number(y)}h{number(width)}v{number(height)}h-{number(width)}z"


def _quiet_zones() -> Iterator[str]:
    quiet, side = QR_QUIET_MODULES * QR_MM / QR_MODULES, BAR_QUIET * BAR_MM
    for x, y, width, height in (
        (QR_LEFT - quiet, QR_TOP - quiet, QR_MM + 2 * quiet, QR_MM + 2 * quiet),
        (BARS_LEFT - side, BARS_TOP, side, BAR_HEIGHT_MM),
        (BARS_LEFT + BARS_WIDTH, BARS_TOP, side, BAR_HEIGHT_MM),
    ):
        yield rect(x, y, width, height, fill="none", line=GREY, stroke_width="0.2", stroke_dasharray="0.8 0.8")


def _measures() -> Iterator[str]:
    right, bottom = LEFT + CARD_MM[0], TOP + CARD_MM[1]
    yield _across(LEFT, right, bottom + 17, f"{CARD_MM[0]} mm")
    yield _across(
        BARS_LEFT, BARS_LEFT + BARS_WIDTH, bottom + 8, f"{BARS_WIDTH:.1f} mm: narrow bar {BAR_MM} mm, wide 2.5 ×"
    )
    yield _along(right + 6, QR_TOP, QR_TOP + QR_MM, "20 mm")
    yield _along(right + 6, QR_TOP + QR_MM, BARS_TOP, f"{BARS_TOP - QR_TOP - QR_MM:.1f} mm")
    yield _along(right + 6, BARS_TOP, BARS_TOP + BAR_HEIGHT_MM, "15 mm")
    yield _along(LEFT - 20, TOP, bottom, f"{CARD_MM[1]} mm")
    yield text(LEFT, 97, "Dashed: quiet zones, kept white.", size=2.8, fill=GREY)


def _across(left: float, right: float, y: float, words: str) -> str:
    return measure((left, y), (right, y), words, size=2.8, beside=(0, -1.4), tick=1.2, stroke=THIN)


def _along(x: float, top: float, bottom: float, words: str) -> str:
    return measure((x, top), (x, bottom), words, size=2.8, beside=(1.8, 1), at="start", tick=1.2, stroke=THIN)
