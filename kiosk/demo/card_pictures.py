"""Pictures of invented cards, as a card printer would make them: number, QR code and Code39."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import zxingcpp
from PIL import Image, ImageDraw, ImageFont

from kiosk.cards.code39 import check_character

CARD_MM = (85.6, 54.0)
QR_MM = 20.0
BARS_MM = 15.0
NARROW_BAR_MM = 0.34
DESK_GREY = 110
PX_PER_MM = 12
_FINE = 8
"""Bars are drawn this much wider first, so that all of them keep their proportions."""
_WIDEST_MM = 82.0
"""A number that is too long for the wanted bars gets narrower ones, as on a card that was not planned for it."""


@dataclass(frozen=True, slots=True)
class Printed:
    """What is on a card."""

    number: str
    qr: bool = True
    code39: bool = True
    check_character: bool = True


def draw_card(printed: Printed) -> Image.Image:
    """The card, seen straight from above, PX_PER_MM pixels to the millimetre, in shades of grey."""
    card = Image.new("L", (_px(CARD_MM[0]), _px(CARD_MM[1])), 245)
    pen = ImageDraw.Draw(card)
    pen.rectangle((0, 0, card.width - 1, _px(7)), fill=90)
    pen.text((_px(4), _px(1.2)), "DEMO", fill=250, font=ImageFont.load_default(_px(4)))
    pen.text((_px(4), _px(10)), printed.number, fill=20, font=ImageFont.load_default(_px(4)))
    if printed.qr:
        code = _drawn(printed.number, zxingcpp.BarcodeFormat.QRCode, _px(QR_MM), ec_level="H")
        card.paste(code, (card.width - code.width - _px(3), _px(9)))
    if printed.code39:
        text = printed.number + (check_character(printed.number) if printed.check_character else "")
        bars = _drawn(text, zxingcpp.BarcodeFormat.Code39Std, None)
        width = min(_px(NARROW_BAR_MM) * bars.width, _px(_WIDEST_MM))
        bars = bars.resize((width * _FINE, _px(BARS_MM)), Image.Resampling.NEAREST)
        bars = bars.resize((width, bars.height), Image.Resampling.BOX)
        card.paste(bars, ((card.width - width) // 2, card.height - bars.height - _px(4)))
    return card


def _px(mm: float) -> int:
    return round(mm * PX_PER_MM)


def _drawn(text: str, kind: zxingcpp.BarcodeFormat, side_px: int | None, **options: Any) -> Image.Image:
    barcode = zxingcpp.create_barcode(text, kind, **options)
    image = Image.fromarray(barcode.to_image(scale=1, add_quiet_zones=True))
    return image if side_px is None else image.resize((side_px, side_px), Image.Resampling.NEAREST)


def draw_cards(numbers: Sequence[str], folder: Path) -> None:
    """Write one picture of each card into `folder`: a little slanted, and by turns with both codes or with one."""
    for position, number in enumerate(numbers):
        with_qr, with_code39 = ((True, True), (True, False), (False, True))[position % 3]
        printed = Printed(number, qr=with_qr, code39=with_code39, check_character=position % 2 == 0)
        turned = draw_card(printed).rotate(
            (-9, 4, 0, 7)[position % 4], Image.Resampling.BICUBIC, expand=True, fillcolor=DESK_GREY
        )
        scene = Image.new("L", (1280, 720), DESK_GREY)
        scene.paste(turned, ((scene.width - turned.width) // 2, (scene.height - turned.height) // 2))
        scene.save(folder / f"{position + 1:02} {number}.png")
