"""Which pictures are approved, and how far a new one may be from its approved one."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image, ImageChops, ImageFilter

from tests.support.screens import SIGNS, STATES, VENUE_PAGES

APPROVED = Path(__file__).parents[2] / "docs" / "screens"
MOST_DIFFERENT = 0.002
"""Share of pixels: a word that changed is more, the edge of a letter that another rasteriser drew is less."""
SLACK = 48
"""Of 255, after a blur of one pixel: finer differences are those of rasterisers."""

APPROVED_NAMES = frozenset(
    {
        *(f"small-{language}-{name}" for language in ("fi", "sv", "en") for name in STATES),
        *(f"{size}-fi-{name}" for size in ("desk", "tall") for name in STATES),
        *(f"{size}-all-visitor-{name}" for size in ("small", "desk", "tall") for name in SIGNS),
        *(f"desk-fi-venue-{name}" for name in ("pin", *VENUE_PAGES)),
    }
)


def difference(one: bytes, other: bytes) -> float:
    """The share of pixels, from 0 to 1, in which two pictures differ for an eye; 1 for pictures of two sizes."""
    first, second = (Image.open(io.BytesIO(each)).convert("L") for each in (one, other))
    if first.size != second.size:
        return 1.0
    blurred = (each.filter(ImageFilter.BoxBlur(1)) for each in (first, second))
    apart = ImageChops.difference(*blurred).point(lambda value: 255 if value > SLACK else 0)
    return apart.histogram()[255] / (apart.width * apart.height)
