"""Charts as SVG made here: no script draws them, and a table beside each says the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

WIDTH, HEIGHT, FOOT, MARGIN = 720, 220, 26, 48
_SIGN = 10
"""How wide a digit is at most, as office.css has the marks."""
_LETTER = 9
"""How wide a letter of a label is, over all of them."""
_STEPS = (1, 2, 3, 4, 5, 6, 8)
_WHOLE = 100


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of two parts, one over the other."""

    label: str
    lower: int
    upper: int


def bar_chart(bars: Sequence[Bar], title: str, number: Callable[[int], str] = str) -> Markup:
    """A chart of `bars`, as wide as its place; the lower part of each in one colour, the upper in another."""
    top = _round_up(max(map(_sum, bars), default=0))
    room = HEIGHT - FOOT - 10
    margin = max(MARGIN, _SIGN * len(number(top)))
    width = (WIDTH - margin) / max(1, len(bars))
    parts = [
        Markup('<svg class="chart" role="img" aria-label="{}" viewBox="0 0 {} {}">').format(title, WIDTH, HEIGHT),
    ]
    for share in (0, 0.5, 1):
        y = 10 + room * (1 - share)
        value = top * share
        parts.append(Markup('<path class="grid" d="M{} {:.1f}H{}"/>').format(margin, y, WIDTH))
        mark = Markup('<text x="{}" y="{:.1f}" class="end">{}</text>')
        parts.append(mark.format(margin - 8, y + 5, number(int(value))))
    every = max(1, -(-len(bars) // 12))
    for place, bar in enumerate(bars):
        x, wide = margin + place * width + width * 0.12, width * 0.76
        lower, upper = (room * part / top for part in (bar.lower, bar.upper))
        foot = HEIGHT - FOOT
        for name, y, tall in (("lower", foot - lower, lower), ("upper", foot - lower - upper, upper)):
            if tall:
                parts.append(
                    Markup('<rect class="{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>').format(
                        name, x, y, wide, tall
                    )
                )
        middle = x + wide / 2
        # What would reach over the end is left out: the bar stands there, and the table says its day.
        if place % every == 0 and middle + _LETTER * len(bar.label) / 2 <= WIDTH:
            parts.append(
                Markup('<text x="{:.1f}" y="{}" class="middle">{}</text>').format(middle, HEIGHT - 6, bar.label)
            )
    return Markup("").join([*parts, Markup("</svg>")])


def beside(bars: Sequence[Bar]) -> list[Markup]:
    """Each of `bars` lying by itself, for a row of a table that has its numbers: the longest fills its place."""
    most = max(map(_sum, bars), default=0)
    return [_lying(bar, most) for bar in bars]


def _lying(bar: Bar, most: int) -> Markup:
    parts, at = [Markup('<svg class="lying" aria-hidden="true" viewBox="0 0 100 10" preserveAspectRatio="none">')], 0.0
    for name, part in (("lower", bar.lower), ("upper", bar.upper)):
        if part:
            long = _WHOLE * part / most
            parts.append(Markup('<rect class="{}" x="{:.1f}" width="{:.1f}" height="10"/>').format(name, at, long))
            at += long
    return Markup("").join([*parts, Markup("</svg>")])


def _sum(bar: Bar) -> int:
    return bar.lower + bar.upper


def _round_up(most: int) -> int:
    """The next of 2, 4, 6, 8, 10, 20, 30 … at or above `most`: one whose half is a whole number too."""
    power = 1
    while True:
        for step in _STEPS:
            if step * power >= max(2, most) and step * power % 2 == 0:
                return step * power
        power *= 10
