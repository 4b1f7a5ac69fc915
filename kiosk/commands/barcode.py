"""Code39 as a drawing for a printed page."""

from __future__ import annotations

import itertools
from typing import Any

from kiosk.cards.code39 import check_character

NARROW_MM = 0.38
"""Width of a narrow bar: 0.34 mm is what every scanner reads, and a printer spreads its ink."""
QUIET_MODULES = 10
"""White to the left and right, as the standard asks for."""


def code39_svg(text: str, *, height_mm: float) -> str:
    """`text` with its check character, as an SVG element in millimetres; raises ValueError for what Code39 lacks.

    With a check character, since a scanner may be set to read nothing without one.
    """
    modules = _modules(text + check_character(text))
    width = len(modules) + 2 * QUIET_MODULES
    bars, position = [], QUIET_MODULES
    for black, run in itertools.groupby(modules):
        length = len(list(run))
        if black:
            bars.append(f"M{position} 0h{length}v1h-{length}z")
        position += length
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width * NARROW_MM:.2f}mm" height="{height_mm:g}mm" '
        f'viewBox="0 0 {width} 1" preserveAspectRatio="none" shape-rendering="crispEdges">'
        f'<path fill="#000" d="{"".join(bars)}"/></svg>'
    )


def _modules(text: str) -> list[bool]:
    """Black or white for each narrow bar's width of the symbol of `text`."""
    import zxingcpp

    symbol = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.Code39)
    # It is a buffer, which its types tell on some versions of Python only.
    image: Any = zxingcpp.write_barcode_to_image(symbol, scale=1, add_quiet_zones=False)
    pixels = memoryview(image)
    return [pixels[0, column] < 128 for column in range(image.shape[1])]  # noqa: PLR2004  # half of a byte
