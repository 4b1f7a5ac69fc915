"""A few words to draw with: shapes as SVG text, in millimetres or whatever unit the drawing chooses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

INK, GREY, PALE, PAPER = "#1f2933", "#5f6b7a", "#e8edf2", "#ffffff"
FONT = "'DejaVu Sans', Verdana, Arial, sans-serif"

Point = tuple[float, float]


def drawing(size: Point, title: str, description: str, shapes: Iterable[str], *, unit: str = "") -> str:
    """The whole file; `unit` (such as mm) gives it a size on paper."""
    width, height = (number(side) for side in size)
    sizes = f'viewBox="0 0 {width} {height}" width="{width}{unit}" height="{height}{unit}"'
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" {sizes} role="img" aria-labelledby="title desc">',
            f'<title id="title">{escape(title)}</title>',
            f'<desc id="desc">{escape(description)}</desc>',
            f'<rect width="100%" height="100%" fill="{PAPER}"/>',
            *shapes,
            "</svg>",
            "",
        )
    )


def number(value: float) -> str:
    """A coordinate, short."""
    return f"{value:.3f}".rstrip("0").rstrip(".")


def rect(x: float, y: float, width: float, height: float, *, fill: str = PAPER, line: str = INK, **more: str) -> str:
    """A box."""
    return (
        f'<rect x="{number(x)}" y="{number(y)}" width="{number(width)}" height="{number(height)}"'
        f' fill="{fill}" stroke="{line}"{_attributes(more)}/>'
    )


def circle(x: float, y: float, radius: float, *, fill: str = PAPER, line: str = INK, **more: str) -> str:
    """A circle."""
    return (
        f'<circle cx="{number(x)}" cy="{number(y)}" r="{number(radius)}" fill="{fill}" stroke="{line}"'
        f"{_attributes(more)}/>"
    )


def path(points: Sequence[Point], *, line: str = INK, fill: str = "none", **more: str) -> str:
    """A line through `points`."""
    joined = " ".join(f"{number(x)},{number(y)}" for x, y in points)
    return f'<polyline points="{joined}" fill="{fill}" stroke="{line}"{_attributes(more)}/>'


def curve(commands: str, *, line: str = INK, fill: str = "none", **more: str) -> str:
    """An SVG path."""
    return f'<path d="{commands}" fill="{fill}" stroke="{line}"{_attributes(more)}/>'


def text(
    x: float, y: float, words: str, *, size: float = 13, at: str = "start", fill: str = INK, bold: bool = False
) -> str:
    """One line of words; `at` is start, middle or end."""
    weight = ' font-weight="bold"' if bold else ""
    return (
        f'<text x="{number(x)}" y="{number(y)}" font-family="{FONT}" font-size="{number(size)}"'
        f' text-anchor="{at}" fill="{fill}"{weight}>{escape(words)}</text>'
    )


def lines(x: float, y: float, words: Iterable[str], *, size: float = 13, at: str = "start", fill: str = INK) -> str:
    """Several lines of words."""
    return "\n".join(
        text(x, y + row * size * 1.45, line, size=size, at=at, fill=fill) for row, line in enumerate(words)
    )


def measure(
    start: Point,
    end: Point,
    words: str,
    *,
    size: float = 13,
    beside: Point = (0, -6),
    at: str = "middle",
    tick: float = 5,
    stroke: str = "1",
) -> str:
    """A measured distance, across or along: a line with ends, and its words `beside` the middle."""
    (x1, y1), (x2, y2) = start, end
    across, along = (0.0, tick) if y1 == y2 else (tick, 0.0)
    return "\n".join(
        (
            path([start, end], line=GREY, stroke_width=stroke),
            *(
                path([(x - across, y - along), (x + across, y + along)], line=GREY, stroke_width=stroke)
                for x, y in (start, end)
            ),
            text((x1 + x2) / 2 + beside[0], (y1 + y2) / 2 + beside[1], words, size=size, at=at),
        )
    )


def _attributes(more: dict[str, str]) -> str:
    return "".join(f' {name.replace("_", "-")}="{value}"' for name, value in more.items())
