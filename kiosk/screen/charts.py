"""Charts as SVG made here: no script draws them, and a table beside each says the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

WIDTH, HEIGHT, FOOT = 720, 200, 22
_STEPS = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of two parts, one over the other."""

    label: str
    lower: int
    upper: int


def bar_chart(bars: Sequence[Bar], title: str) -> Markup:
    """A chart of `bars`, as wide as its place; the lower part of each in one colour, the upper hatched lighter."""
    top = _round_up(max((bar.lower + bar.upper for bar in bars), default=0))
    room = HEIGHT - FOOT - 10
    width = (WIDTH - 34) / max(1, len(bars))
    parts = [
        Markup('<svg class="chart" role="img" aria-label="{}" viewBox="0 0 {} {}">').format(title, WIDTH, HEIGHT),
    ]
    for share in (0, 0.5, 1):
        y = 10 + room * (1 - share)
        value = top * share
        parts.append(Markup('<path class="grid" d="M34 {:.1f}H{}"/>').format(y, WIDTH))
        if value == int(value):
            parts.append(Markup('<text x="28" y="{:.1f}" class="end">{}</text>').format(y + 4, int(value)))
    every = max(1, -(-len(bars) // 12))
    for place, bar in enumerate(bars):
        x, wide = 34 + place * width + width * 0.12, width * 0.76
        lower, upper = (room * part / top for part in (bar.lower, bar.upper))
        foot = HEIGHT - FOOT
        for name, y, tall in (("lower", foot - lower, lower), ("upper", foot - lower - upper, upper)):
            if tall:
                parts.append(
                    Markup('<rect class="{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>').format(
                        name, x, y, wide, tall
                    )
                )
        if place % every == 0:
            parts.append(
                Markup('<text x="{:.1f}" y="{}" class="middle">{}</text>').format(x + wide / 2, HEIGHT - 6, bar.label)
            )
    return Markup("").join([*parts, Markup("</svg>")])


def _round_up(most: int) -> int:
    """The next of 2, 5, 10, 20, 50 … at or above `most`."""
    power = 1
    while True:
        for step in _STEPS:
            if step * power >= max(2, most):
                return step * power
        power *= 10
