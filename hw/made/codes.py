"""The two codes of a card: their sizes, what they can hold, and their patterns as zxing-cpp draws them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from types import MappingProxyType

import numpy as np
import zxingcpp
from numpy.typing import NDArray

CARD_MM = (85.6, 53.98)  # ISO/IEC 7810, ID-1
QR_MM, QR_MODULES, QR_QUIET_MODULES = 20.0, 21, 4  # ISO/IEC 18004: version 1, quiet zone
BAR_MM, BAR_HEIGHT_MM, WIDE, BAR_QUIET = 0.34, 15.0, 2.5, 10  # ISO/IEC 16388: quiet zone in narrow bars
EDGE_MM = 2.0  # what a card printer leaves white at worst
PRINTER_DPI = 300
DEMO_NUMBER = "DEMO000041"  # its check character is a letter, as card.md recommends

CODE39 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%"
# Data codewords: ISO/IEC 18004, table 7.
CODEWORDS: Mapping[tuple[int, str], int] = MappingProxyType(
    {(1, "H"): 9, (1, "Q"): 13, (1, "M"): 16, (2, "H"): 16, (2, "Q"): 22, (3, "H"): 26}
)
_MODE_BITS, _ALPHANUMERIC_COUNT_BITS, _DIGITS_COUNT_BITS, _BYTES_COUNT_BITS = 4, 9, 10, 8


def modules_of(version: int) -> int:
    """Modules along a side."""
    return 17 + 4 * version


def alphanumeric_capacity(codewords: int) -> int:
    """How many of 0-9, A-Z, space and $%*+-./: fit: two in 11 bits, one in 6."""
    pairs, left = divmod(codewords * 8 - _MODE_BITS - _ALPHANUMERIC_COUNT_BITS, 11)
    return 2 * pairs + (left >= 6)


def digit_capacity(codewords: int) -> int:
    """How many digits fit: three in 10 bits, two in 7, one in 4."""
    triples, left = divmod(codewords * 8 - _MODE_BITS - _DIGITS_COUNT_BITS, 10)
    return 3 * triples + (2 if left >= 7 else left >= 4)


def byte_capacity(codewords: int) -> int:
    """How many bytes fit, as any text with lower case needs."""
    return (codewords * 8 - _MODE_BITS - _BYTES_COUNT_BITS) // 8


def check_character(number: str) -> str:
    """The mod-43 check character of `number` (ISO/IEC 16388, annex A)."""
    return CODE39[sum(CODE39.index(character) for character in number) % 43]


def code39_mm(length: int, wide: float = WIDE) -> float:
    """Width of the bars for a number of `length` characters with its check character, start and stop."""
    character = 6 + 3 * wide + 1
    return ((length + 3) * character - 1) * BAR_MM


def longest_code39(wide: float) -> int:
    """The longest number whose code fits along the card, quiet zones and edges included."""
    room = CARD_MM[0] - 2 * EDGE_MM - 2 * BAR_QUIET * BAR_MM
    return max(length for length in range(60) if code39_mm(length, wide) <= room)


def qr_pattern(text: str) -> NDArray[np.bool_]:
    """Dark modules of the version 1-H symbol of `text`; ValueError when it does not fit."""
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="H", version=1)
    return np.asarray(np.array(code.to_image(1, add_hrt=False, add_quiet_zones=False)) == 0, np.bool_)


def code39_bars(number: str, wide: float = WIDE) -> Iterator[tuple[float, float]]:
    """Start and width in millimetres of each dark bar of `number` with its check character."""
    code = zxingcpp.create_barcode(number + check_character(number), zxingcpp.BarcodeFormat.Code39)
    row = np.array(code.to_image(1, add_hrt=False, add_quiet_zones=False))[0]
    at = 0.0
    for dark, run in groupby(bool(value == 0) for value in row):
        width = BAR_MM * (1 if len(list(run)) == 1 else wide)
        if dark:
            yield at, width
        at += width


def capacity_table() -> str:
    """What each QR symbol of 20 mm holds."""
    rows = [
        "| symbol | modules | module mm | letters and digits | digits only | bytes (lower case, links) |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for (version, level), words in CODEWORDS.items():
        side = modules_of(version)
        rows.append(
            f"| {version}-{level} | {side} × {side} | {QR_MM / side:.2f} | {alphanumeric_capacity(words)}"
            f" | {digit_capacity(words)} | {byte_capacity(words)} |"
        )
    return "\n".join(rows)


def code39_table() -> str:
    """How long a number may be for its Code39 to fit along the card."""
    rows = [
        f"| wide : narrow | {len(DEMO_NUMBER)} characters are wide, mm | with quiet zones, mm | longest number |",
        "| ---: | ---: | ---: | ---: |",
    ]
    for wide in (2.0, 2.5, 3.0):
        width = code39_mm(len(DEMO_NUMBER), wide)
        rows.append(
            f"| {wide} : 1 | {width:.1f} | {width + 2 * BAR_QUIET * BAR_MM:.1f} | {longest_code39(wide)} characters |"
        )
    return "\n".join(rows)


def dots_table() -> str:
    """Sizes as whole dots of a card printer."""
    dot = 25.4 / PRINTER_DPI
    rows = [f"| at {PRINTER_DPI} dpi | dots | mm |", "| --- | ---: | ---: |"]
    for name, dots in (("narrow bar", 4), ("wide bar", 10), ("QR module", 12), ("QR, 21 modules", 21 * 12)):
        rows.append(f"| {name} | {dots} | {dots * dot:.2f} |")
    return "\n".join(rows)
