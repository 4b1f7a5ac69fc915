"""How far a new picture may be from its approved one, and how an approved one is kept."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image, ImageChops, ImageFilter

APPROVED = Path(__file__).parents[2] / "docs" / "screens"
TILE = 24
"""Pixels: about a word of the smallest text, which would be lost in the share of a whole picture."""
MOST_DIFFERENT = 0.03
"""Share of a tile: a digit that changed is more, the edge of a letter that another rasteriser drew is less."""
SLACK = 48
"""Of 255, after a blur of one pixel: finer differences are those of rasterisers, and of the fewer colours kept."""
FAINT = "-gone"
"""In the name of a picture of a page whose kiosk is gone, and which is painted at 30 %: so is what differs there."""
FAINT_SLACK = round(SLACK * 0.3)
COLOURS_KEPT = 256


def slack_of(name: str) -> int:
    """What is overlooked in the picture of this name."""
    return FAINT_SLACK if FAINT in name else SLACK


def difference(one: bytes, other: bytes, slack: int = SLACK) -> float:
    """How much of the tile that differs most differs for an eye, from 0 to 1; 1 for pictures of two sizes."""
    first, second = (Image.open(io.BytesIO(each)).convert("RGB") for each in (one, other))
    if first.size != second.size:
        return 1.0
    blurred = [each.filter(ImageFilter.BoxBlur(1)) for each in (first, second)]
    # The channel that differs most decides: green and red of one lightness are not the same verdict.
    red, green, blue = ImageChops.difference(blurred[0], blurred[1]).split()
    most = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    seen = most.point([255 if apart > slack else 0 for apart in range(256)])
    across, down = -(-seen.width // TILE), -(-seen.height // TILE)
    whole = Image.new("L", (across * TILE, down * TILE))
    whole.paste(seen)
    tiles = whole.resize((across, down), Image.Resampling.BOX)
    return max(tiles.tobytes()) / 255


def slim(picture: bytes) -> bytes:
    """`picture` with few colours: half the bytes, and no difference that counts."""
    kept = io.BytesIO()
    few = Image.open(io.BytesIO(picture)).convert("RGB").quantize(COLOURS_KEPT, dither=Image.Dither.NONE)
    few.save(kept, "PNG", optimize=True)
    return kept.getvalue()
