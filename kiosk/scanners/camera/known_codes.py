"""Two codes that say “KIOSK TEST”, as dots, to try a decoder on without a camera."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from kiosk.scanners.camera.frames import Luma
from kiosk.scanners.camera.readings import Symbology

TEXT = "KIOSK TEST"
_QR = (
    *(0x1FCD7F, 0x104B41, 0x17525D, 0x175E5D, 0x174D5D, 0x104941, 0x1FD57F),
    *(0x000200, 0x03690C, 0x110E10, 0x004B2F, 0x11A97A, 0x14F6EA, 0x001440),
    *(0x1FD2B6, 0x104ABB, 0x17575B, 0x1751E8, 0x1743BB, 0x1042E6, 0x1FCC22),
)
"""Version 1, a number for each row; a dot for each bit."""
_CODE39 = 0x4B6B54D69AD695ACB54D35AAD96B2AD655B296D
_CODE39_WIDTH = 155
_CODE39_HEIGHT = 40
_DOT_PX = 4
_QUIET = 10
"""Dots of white around."""


def _picture(rows: tuple[int, ...], width: int) -> Luma:
    dots = np.array([[row >> (width - 1 - column) & 1 for column in range(width)] for row in rows], dtype=np.uint8)
    white_around = np.pad(np.where(dots, 0, 255).astype(np.uint8), _QUIET, constant_values=255)
    return np.ascontiguousarray(white_around.repeat(_DOT_PX, axis=0).repeat(_DOT_PX, axis=1))


def pictures() -> Mapping[Symbology, Luma]:
    """Each code, upright and sharp."""
    code39 = (_CODE39,) * _CODE39_HEIGHT
    return MappingProxyType({Symbology.QR: _picture(_QR, len(_QR)), Symbology.CODE39: _picture(code39, _CODE39_WIDTH)})
