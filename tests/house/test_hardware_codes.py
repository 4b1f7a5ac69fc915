"""The recommended codes hold what the pages say, and are read as small as the pages say."""

import numpy as np
import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from hw.made.codes import (
    BAR_HEIGHT_MM,
    BAR_MM,
    BAR_QUIET,
    CODE39,
    CODEWORDS,
    DEMO_NUMBER,
    QR_MM,
    QR_MODULES,
    QR_QUIET_MODULES,
    alphanumeric_capacity,
    byte_capacity,
    check_character,
    code39_bars,
    code39_mm,
    digit_capacity,
    modules_of,
    qr_pattern,
)
from hw.made.optics import BAR_FARTHEST_MM, NEAREST_FOCUS_MM, QR_FARTHEST_MM, WORKING_MM, pixels_per_mm
from kiosk.cards.number import parse

CODES = zxingcpp.BarcodeFormats((zxingcpp.BarcodeFormat.QRCode, zxingcpp.BarcodeFormat.Code39))
FINE = 60  # dots a millimetre that the print is drawn in before the camera's pixels are taken from it


def side_of(text: str, level: str) -> int:
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level=level)
    side: int = code.to_image(1, add_hrt=False, add_quiet_zones=False).shape[0]
    return side


@pytest.mark.parametrize(("version", "level"), CODEWORDS)
def test_a_symbol_holds_just_what_its_row_says(version: int, level: str) -> None:
    words, side = CODEWORDS[version, level], modules_of(version)
    for capacity, character in ((alphanumeric_capacity, "A"), (digit_capacity, "7"), (byte_capacity, "k")):
        assert side_of(character * capacity(words), level) == side
        assert side_of(character * (capacity(words) + 1), level) > side


def test_the_sample_fits_the_recommended_symbol_and_one_more_character_does_not() -> None:
    assert qr_pattern(DEMO_NUMBER).shape == (QR_MODULES, QR_MODULES)
    with pytest.raises(ValueError, match="too long"):
        qr_pattern(DEMO_NUMBER + "1")


def test_the_sample_keeps_to_the_advice_on_check_characters() -> None:
    assert check_character(DEMO_NUMBER).isalnum()
    assert sum(character.isalnum() for character in CODE39) == 36


@pytest.mark.parametrize("prefix", ["]A1", "]A5"])
def test_the_kiosk_takes_the_check_character_off_where_the_scanner_says_that_it_is_there(prefix: str) -> None:
    with_check = DEMO_NUMBER + check_character(DEMO_NUMBER)
    assert parse(prefix + with_check) == parse(DEMO_NUMBER)
    assert parse(with_check) != parse(DEMO_NUMBER)


@given(st.text(CODE39, min_size=1, max_size=20))
def test_bars_are_as_wide_as_computed(number: str) -> None:
    *_, (start, width) = code39_bars(number)
    assert start + width == pytest.approx(code39_mm(len(number)))


@given(st.text(CODE39, min_size=1, max_size=20), st.data())
def test_one_wrong_character_is_noticed(number: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(number) - 1))
    other = data.draw(st.sampled_from(sorted(set(CODE39) - {number[place]})))
    assert check_character(number[:place] + other + number[place + 1 :]) != check_character(number)


def printed_qr() -> Image.Image:
    whole = np.pad(qr_pattern(DEMO_NUMBER), QR_QUIET_MODULES)
    side = round(QR_MM / QR_MODULES * whole.shape[0] * FINE)
    return Image.fromarray(np.where(whole, 20, 235).astype(np.uint8)).resize((side, side), Image.Resampling.NEAREST)


def printed_code39() -> Image.Image:
    quiet = BAR_QUIET * BAR_MM
    row = np.full(round((code39_mm(len(DEMO_NUMBER)) + 2 * quiet) * FINE), 235, np.uint8)
    for start, width in code39_bars(DEMO_NUMBER):
        row[round((quiet + start) * FINE) : round((quiet + start + width) * FINE)] = 20
    return Image.fromarray(np.pad(np.tile(row, (round(BAR_HEIGHT_MM * FINE), 1)), FINE, constant_values=235))


def seen(printed: Image.Image, distance_mm: float, turned_deg: float) -> NDArray[np.uint8]:
    """What the camera gets: turned, reduced to its pixels, a little blurred, with noise."""
    scale = pixels_per_mm(distance_mm) / FINE
    turned = printed.rotate(turned_deg, expand=True, fillcolor=235, resample=Image.Resampling.BILINEAR)
    size = (round(turned.width * scale), round(turned.height * scale))
    small = turned.resize(size, Image.Resampling.BOX).filter(ImageFilter.GaussianBlur(0.5))
    noise = np.random.default_rng(round(distance_mm * 100 + turned_deg)).normal(0, 6, (size[1], size[0]))
    return np.clip(np.pad(np.asarray(small) + noise, 20, constant_values=235), 0, 255).astype(np.uint8)


def read(picture: NDArray[np.uint8]) -> str | None:
    found = zxingcpp.read_barcode(picture, CODES, try_invert=False)
    return None if found is None else found.text


@pytest.mark.parametrize("turned_deg", [0, 4, 13, 90])
@pytest.mark.parametrize("distance_mm", [NEAREST_FOCUS_MM, WORKING_MM, QR_FARTHEST_MM])
def test_the_qr_is_read_at_every_recommended_distance(distance_mm: float, turned_deg: float) -> None:
    assert read(seen(printed_qr(), distance_mm, turned_deg)) == DEMO_NUMBER


@pytest.mark.parametrize("turned_deg", [0, 4, 90])
@pytest.mark.parametrize("distance_mm", [NEAREST_FOCUS_MM, WORKING_MM, BAR_FARTHEST_MM])
def test_the_code39_is_read_at_every_recommended_distance(distance_mm: float, turned_deg: float) -> None:
    assert read(seen(printed_code39(), distance_mm, turned_deg)) == DEMO_NUMBER + check_character(DEMO_NUMBER)


def test_far_beyond_the_recommended_distance_nothing_is_read() -> None:
    assert read(seen(printed_qr(), QR_FARTHEST_MM * 3, 13)) is None
    assert read(seen(printed_code39(), BAR_FARTHEST_MM * 3, 4)) is None
